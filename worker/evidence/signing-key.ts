/** Signing keys in files: an Ed25519 private key as PKCS #8 in PEM (RFC 8410), as OpenSSL reads and writes it. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { RunError } from '../run/run-error.ts';
import type { LedgerSigner } from './signature.ts';

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410 section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Makes a signing key; the result is the PEM text of the private key. */
export function newSigningKey(randomBytes: (length: number) => Uint8Array): string {
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, randomBytes(32)]),
    format: 'der',
    type: 'pkcs8',
  });
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** PEM text of a public key. */
export function publicKeyText(publicKey: KeyObject): string {
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}

/** Signs with the key of a file. Throws `RunError` `KeyUnusable`. */
export function fileSigner(pem: Uint8Array): LedgerSigner {
  const key = parsed(() => createPrivateKey(Buffer.from(pem)));
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new RunError('KeyUnusable', 'the signing key is no Ed25519 private key in PEM');
  return {
    algorithm: 'Ed25519',
    publicKey: createPublicKey(key),
    sign: async (statement) => sign(null, statement, key),
  };
}

/** The public key that a file holds in PEM. Throws `RunError` `KeyUnusable`. */
export function parsePublicKey(pem: Uint8Array): KeyObject {
  const text = Buffer.from(pem).toString('latin1');
  const key = text.includes('PRIVATE KEY') ? undefined : parsed(() => createPublicKey(text));
  if (key === undefined) throw new RunError('KeyUnusable', 'the public key is none in PEM');
  return key;
}

/** Errors of the parser may quote what they read. */
function parsed(parse: () => KeyObject): KeyObject | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
