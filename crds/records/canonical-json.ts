/** One text for one JSON value (RFC 8785), so that equal values have equal digests on every machine. */
import { createHash } from 'node:crypto';

/**
 * The value with members sorted by the UTF-16 code units of their names, without white space. Members that are
 * undefined are left out, as in JSON. Throws a TypeError on what JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || Number.isFinite(value)) {
    return JSON.stringify(value);
  }
  throw new TypeError('JSON cannot hold this value');
}

/** `sha256:` and the hexadecimal SHA-256 of the value's canonical text in UTF-8. */
export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')}`;
}
