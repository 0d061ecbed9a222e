/** One text for one JSON value (RFC 8785), so that equal values have equal digests on every machine. */
import { createHash } from 'node:crypto';

/**
 * The value with members sorted by the UTF-16 code units of their names, without white space. Members that are
 * undefined are left out, as in JSON. Throws a TypeError on what JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    let members = '';
    // Sorting without a comparison goes by code units.
    for (const name of Object.keys(value).sort()) {
      const member = (value as Readonly<Record<string, unknown>>)[name];
      if (member === undefined) continue;
      members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`;
    }
    return `{${members}}`;
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
