/**
 * The project key: the one secret that pseudonyms, UIDs and date shifts come from. The key object gives out HMACs and
 * derived keys only, never its own bytes, however it is printed.
 */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { hmacInput } from './hmac-input.ts';
import { KeyError } from './key-error.ts';

export const leastKeyBytes = 32;
const leastDistinctBytes = 8;
const prefix = 'deid-key-v1:';
const fingerprintBytes = 8;

/** What the HMACs of a key are for; the first field of every HMAC input. */
export const purposes = {
  uid: 'deid/v1/uid',
  pseudonym: 'deid/v1/pseudonym',
  dateOffset: 'deid/v1/date-offset',
  fingerprint: 'deid/v1/fingerprint',
  planNonce: 'deid/v1/plan-nonce',
  inputMark: 'deid/v1/input-mark',
} as const;

export type Purpose = (typeof purposes)[keyof typeof purposes];

export class ProjectKey {
  readonly #secret: KeyObject;

  /** Copies the key material; {@link parseProjectKey} checks it. */
  constructor(material: Uint8Array) {
    this.#secret = createSecretKey(material);
  }

  /** HMAC-SHA-256 (32 bytes) over the purpose and the fields, encoded as in {@link hmacInput}. */
  hmac(purpose: Purpose, ...fields: readonly string[]): Buffer {
    return createHmac('sha256', this.#secret)
      .update(hmacInput([purpose, ...fields]))
      .digest();
  }

  /**
   * Derives `length` bytes of another key for one use: HKDF-SHA-256 (RFC 5869) with an empty salt and
   * `deid/v1/derive/` and the use as its info. HKDF and {@link hmac} never see the same input: HKDF keys its first HMAC
   * with the salt, not with the project key.
   */
  deriveKey(use: string, length: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#secret, '', `deid/v1/derive/${use}`, length));
  }

  toString(): string {
    return '[ProjectKey]';
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.every(
    (byte) => (byte >= 0x20 && byte <= 0x7e) || byte === 0x09 || byte === 0x0a || byte === 0x0d,
  );
}

function keyMaterial(fileBytes: Uint8Array): Uint8Array {
  if (!isPrintable(fileBytes)) return fileBytes;
  const text = Buffer.from(fileBytes)
    .toString('latin1')
    .replace(/[ \t\r\n]+$/, '');
  if (!text.startsWith(prefix)) return Buffer.from(text, 'latin1');
  const encoded = text.slice(prefix.length);
  const material = Buffer.from(encoded, 'base64url');
  // The decoder skips what it does not know, so only an encoding that comes out the same was one.
  if (material.toString('base64url') !== encoded) throw new KeyError('Malformed');
  return material;
}

/**
 * Reads a key file: `deid-key-v1:` and base64url without padding, as {@link newProjectKey} gives it, or any bytes.
 * Trailing white space of a printable file is no part of the key, since Secrets made by hand end in a line feed. Throws
 * {@link KeyError} for less than 32 bytes of key material, or less than 8 different ones.
 */
export function parseProjectKey(fileBytes: Uint8Array): ProjectKey {
  const material = keyMaterial(fileBytes);
  if (material.length < leastKeyBytes) throw new KeyError('TooShort');
  if (new Set(material).size < leastDistinctBytes) throw new KeyError('Weak');
  return new ProjectKey(material);
}

/** Gives the text of a new key file of 32 random bytes, without a line feed. */
export function newProjectKey(random: (length: number) => Uint8Array): string {
  return prefix + Buffer.from(random(leastKeyBytes)).toString('base64url');
}

/**
 * Names a key without telling anything of it: 16 hexadecimal digits, the first 64 bits of an HMAC. A job that names its
 * key this way is refused under another one.
 */
export function keyFingerprint(key: ProjectKey): string {
  return key.hmac(purposes.fingerprint).subarray(0, fingerprintBytes).toString('hex');
}
