/**
 * Encrypts the source keys in a plan, which often name patients, under a key derived from the project key. Planning
 * twice gives the same bytes: the nonce comes from the text and its ordinal, in the manner of a synthetic IV, so that
 * no nonce ever meets two different texts.
 */
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { type ProjectKey, purposes } from './project-key.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** Seals and opens texts of one plan. */
export interface PlanCipher {
  /** Base64url of nonce (12 bytes), ciphertext and tag (16 bytes). The ordinal is bound to the text. */
  seal(ordinal: number, text: string): string;
  /** Undefined where the sealed text was made under another key, for another ordinal, or was changed. */
  open(ordinal: number, sealed: string): string | undefined;
}

export function createPlanCipher(key: ProjectKey): PlanCipher {
  const secret = createSecretKey(key.deriveKey('plan', keyBytes));
  return {
    seal: (ordinal, text) => {
      const nonce = key.hmac(purposes.planNonce, String(ordinal), text).subarray(0, nonceBytes);
      const cipher = createCipheriv(algorithm, secret, nonce).setAAD(Buffer.from(String(ordinal), 'ascii'));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return sealed.toString('base64url');
    },
    open: (ordinal, sealed) => {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < nonceBytes + tagBytes) return undefined;
      const decipher = createDecipheriv(algorithm, secret, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(String(ordinal), 'ascii'))
        .setAuthTag(bytes.subarray(-tagBytes));
      const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
      try {
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
