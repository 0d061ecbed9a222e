/**
 * Keys as bytes. A key is text, but file names are bytes that need not be UTF-8: a byte that is not part of a valid
 * sequence stands in the key as the lone surrogate U+DC00 + byte, so that every name has a key and comes back exactly.
 */
import { StorageError } from './storage-error.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Length of the UTF-8 sequence that its first byte announces; 1 for bytes that can start none. */
function announcedLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 1;
}

/** The key of a name given as bytes. */
export function keyOfBytes(bytes: Uint8Array): string {
  const whole = decoded(bytes);
  if (whole !== undefined) return whole;
  let key = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const sequence = bytes.subarray(at, at + announcedLength(first));
    const text = decoded(sequence);
    key += text ?? String.fromCharCode(0xdc00 + first);
    at += text === undefined ? 1 : sequence.length;
  }
  return key;
}

/** The bytes that a key stands for; `InvalidKey` where it holds a lone surrogate that stands for no byte. */
export function bytesOfKey(key: string): Buffer {
  if (key.isWellFormed()) return Buffer.from(key, 'utf8');
  const pieces: Buffer[] = [];
  for (const character of key) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0xd800 || code > 0xdfff) pieces.push(Buffer.from(character, 'utf8'));
    else if (code >= 0xdc80 && code <= 0xdcff) pieces.push(Buffer.from([code - 0xdc00]));
    else throw new StorageError('InvalidKey');
  }
  return Buffer.concat(pieces);
}

/** Whether the key can name an object in every store: no empty, `.` or `..` segment, no NUL, no leading or trailing `/`. */
export function isPlainKey(key: string): boolean {
  return (
    !key.includes('\0') &&
    key.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  );
}

/** Whether a store without folders can take the key as it is: empty segments are well, `.` and `..` are not. */
export function isKeyWithoutDots(key: string): boolean {
  return (
    key !== '' &&
    !key.includes('\0') &&
    key.split('/').every((segment) => segment !== '.' && segment !== '..')
  );
}

/** Orders keys by their UTF-8 bytes, as stores list them. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(bytesOfKey(a), bytesOfKey(b));
}
