/** The signature of a ledger's root: over the bytes of the root statement's file, with a key that is no project key. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import { RunError } from '../run/run-error.ts';
import type { Storage } from '../storage/storage.ts';
import { createText, readText } from '../storage/whole-object.ts';
import type { Finding } from './finding.ts';
import { ledgerLayout } from './ledger-layout.ts';
import { type LedgerRoot, readLedgerRoot, rootText } from './ledger-root.ts';

/** Ed25519 as in RFC 8032; ECDSA over SHA-256 with the signature in DER, as AWS KMS makes it. */
const algorithms = {
  Ed25519: { keyType: 'ed25519', digest: null },
  ECDSA_SHA_256: { keyType: 'ec', digest: 'sha256' },
} as const;

export type SignatureAlgorithm = keyof typeof algorithms;

export interface LedgerSignature {
  readonly kind: 'LedgerSignature';
  readonly version: 1;
  readonly algorithm: SignatureAlgorithm;
  /** See {@link keyIdOf}. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo in DER, base64. It says which key signed; whether to trust that key it cannot say. */
  readonly publicKey: string;
  /** Base64. */
  readonly signature: string;
}

/** The ledger of an attempt of a run. */
export interface LedgerOf {
  readonly run: string;
  readonly attempt: number;
}

/** Signs with a key that it need not show. */
export interface LedgerSigner {
  readonly algorithm: SignatureAlgorithm;
  readonly publicKey: KeyObject;
  sign(statement: Uint8Array): Promise<Uint8Array>;
}

function derOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' });
}

/** Names a public key: `sha256:` and the SHA-256 of its SubjectPublicKeyInfo in DER. */
export function keyIdOf(publicKey: KeyObject): string {
  return `sha256:${createHash('sha256').update(derOf(publicKey)).digest('hex')}`;
}

/**
 * Signs the sealed root. Where a signature of the same key is there already, gives that. Throws `RunError`: `NoSuchRun`
 * where no root is sealed, `RunMismatch` where there is another signature.
 */
export async function signLedger(
  work: Storage,
  of: LedgerOf,
  signer: LedgerSigner,
): Promise<LedgerSignature> {
  const statement = await readLedgerRoot(work, of.run, of.attempt);
  if (statement === undefined) throw new RunError('NoSuchRun', 'the run has no sealed ledger to sign');
  const present = await ownSignature(work, of, statement, signer);
  if (present !== undefined) return present;
  const bytes = await signer.sign(Buffer.from(rootText(statement), 'utf8'));
  const signature: LedgerSignature = {
    kind: 'LedgerSignature',
    version: 1,
    algorithm: signer.algorithm,
    keyId: keyIdOf(signer.publicKey),
    publicKey: derOf(signer.publicKey).toString('base64'),
    signature: Buffer.from(bytes).toString('base64'),
  };
  if (checkSignature(signature, statement, signer.publicKey) !== undefined)
    throw new RunError(
      'KeyUnusable',
      'the signing key makes signatures that its public key does not bear out',
    );
  const text = `${canonicalJson(signature)}\n`;
  if ((await createText(work, ledgerLayout(of.run, of.attempt).signature, text)) === 'created')
    return signature;
  const other = await ownSignature(work, of, statement, signer);
  if (other === undefined) throw new RunError('TransientFault', 'the signature came and went; run again');
  return other;
}

async function ownSignature(
  work: Storage,
  of: LedgerOf,
  statement: LedgerRoot,
  { publicKey }: LedgerSigner,
): Promise<LedgerSignature | undefined> {
  const text = await readText(work, ledgerLayout(of.run, of.attempt).signature);
  if (text === undefined) return undefined;
  const signature = decodeSignature(text);
  if (signature !== undefined && checkSignature(signature, statement, publicKey) === undefined)
    return signature;
  throw new RunError('RunMismatch', 'the root bears a signature of another key already, or a damaged one');
}

function decodeSignature(text: string): LedgerSignature | undefined {
  try {
    const value = JSON.parse(text) as LedgerSignature;
    return value.kind === 'LedgerSignature' && `${canonicalJson(value)}\n` === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The signature beside the root, unchecked; undefined where there is none that can be read. */
export async function readSignature(work: Storage, of: LedgerOf): Promise<LedgerSignature | undefined> {
  const text = await readText(work, ledgerLayout(of.run, of.attempt).signature);
  return text === undefined ? undefined : decodeSignature(text);
}

/** Whether something lies where the signature belongs. */
export async function hasSignature(work: Storage, of: LedgerOf): Promise<boolean> {
  return (await work.stat(ledgerLayout(of.run, of.attempt).signature)) !== undefined;
}

/** What is said of a signature beside a summary. */
export function signatureSummary(signature: LedgerSignature | undefined): {
  readonly signature?: Pick<LedgerSignature, 'algorithm' | 'keyId'>;
} {
  if (signature === undefined) return {};
  const { algorithm, keyId } = signature;
  return { signature: { algorithm, keyId } };
}

/** What is wrong with a signature of the statement; `trusted` is the key that must have made it, where one is known. */
export function checkSignature(
  signature: LedgerSignature,
  statement: LedgerRoot,
  trusted: KeyObject | undefined,
): Finding | undefined {
  const publicKey = publicKeyOf(signature);
  if (publicKey === undefined) return { kind: 'SignatureAltered' };
  const { digest } = algorithms[signature.algorithm];
  const bytes = Buffer.from(signature.signature, 'base64');
  const holds =
    bytes.toString('base64') === signature.signature &&
    verify(digest, Buffer.from(rootText(statement), 'utf8'), publicKey, bytes);
  if (!holds) return { kind: 'SignatureAltered' };
  return trusted === undefined || derOf(trusted).equals(derOf(publicKey))
    ? undefined
    : { kind: 'SignatureForeign' };
}

function publicKeyOf({ version, algorithm, keyId, publicKey }: LedgerSignature): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    const isKnown = version === 1 && algorithm in algorithms;
    const isSame = keyIdOf(key) === keyId && derOf(key).toString('base64') === publicKey;
    return isKnown && isSame && key.asymmetricKeyType === algorithms[algorithm].keyType ? key : undefined;
  } catch {
    return undefined;
  }
}
