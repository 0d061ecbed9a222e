/**
 * Signing keys that stay in AWS KMS: an asymmetric key of the spec ECC_NIST_P256 for signing and verifying. The SDK is
 * loaded when a key of KMS is named; region, endpoint and credentials come from where it looks for them.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { ExitCodeName } from '../../crds/records/exit-codes.ts';
import { RunError } from '../run/run-error.ts';
import type { LedgerSigner } from './signature.ts';

const prefix = 'kms:';
const algorithm = 'ECDSA_SHA_256';
const connectionTimeoutMs = 5_000;
const answerTimeoutMs = 15_000;
const attempts = 5;

/** The key id, ARN or alias of `kms:KEY`; undefined for what names a file. */
export function kmsKeyOf(text: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

/** What the service's errors amount to. Their messages name accounts and keys, and are not passed on. */
const exits: Readonly<Record<string, readonly [exit: ExitCodeName, meaning: string]>> = {
  NotFoundException: ['KeyUnusable', 'KMS knows no such key in this region'],
  InvalidArnException: ['KeyUnusable', 'the ARN of the KMS key is malformed'],
  ValidationException: ['KeyUnusable', 'the id of the KMS key is malformed'],
  DisabledException: ['KeyUnusable', 'the KMS key is disabled'],
  KMSInvalidStateException: ['KeyUnusable', 'the KMS key is in no state to sign'],
  InvalidKeyUsageException: ['KeyUnusable', 'the KMS key is not for signing'],
  InvalidGrantTokenException: ['KeyUnusable', 'KMS refuses the use of the key'],
  UnsupportedOperationException: ['KeyUnusable', 'the KMS key is not for signing'],
  AccessDeniedException: ['KeyUnusable', 'KMS refuses the use of the key'],
  UnrecognizedClientException: ['KeyUnusable', 'KMS knows no such credentials'],
  InvalidSignatureException: ['KeyUnusable', 'KMS does not accept the credentials'],
  ExpiredTokenException: ['TransientFault', 'the credentials for KMS have expired'],
  CredentialsProviderError: ['KeyUnusable', 'there are no credentials for KMS'],
};

function kmsFailure(error: unknown): RunError {
  const name = error instanceof Error ? error.name : '';
  const known = Object.hasOwn(exits, name) ? exits[name] : undefined;
  if (known !== undefined) return new RunError(...known);
  const isRegion = error instanceof Error && /^Region is missing/.test(error.message);
  return isRegion
    ? new RunError('KeyUnusable', 'no region is set for KMS; name the key by its ARN, or set AWS_REGION')
    : new RunError('TransientFault', 'KMS did not answer as it should');
}

/** An ARN says in which region its key is. */
function regionOf(key: string): string | undefined {
  return /^arn:[\w-]+:kms:([\w-]+):/.exec(key)?.[1];
}

function ignore(): void {}

/** Does something with KMS for one key. Throws `RunError`: `KeyUnusable` or `TransientFault`. */
async function askingKms<T>(
  key: string,
  ask: (client: KMSClient, sdk: typeof import('@aws-sdk/client-kms')) => Promise<T>,
): Promise<T> {
  const sdk = await import('@aws-sdk/client-kms');
  const region = regionOf(key);
  const client = new sdk.KMSClient({
    ...(region === undefined ? {} : { region }),
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connectionTimeoutMs, requestTimeout: answerTimeoutMs },
    logger: { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  try {
    return await ask(client, sdk);
  } catch (error) {
    throw error instanceof RunError ? error : kmsFailure(error);
  } finally {
    client.destroy();
  }
}

/** The public key of a key in KMS. Throws `RunError`. */
export function kmsPublicKey(key: string): Promise<KeyObject> {
  return askingKms(key, async (client, { GetPublicKeyCommand }) => {
    const { PublicKey, SigningAlgorithms } = await client.send(new GetPublicKeyCommand({ KeyId: key }));
    const publicKey = PublicKey === undefined ? undefined : parsed(PublicKey);
    const isOnCurve = publicKey?.asymmetricKeyDetails?.namedCurve === 'prime256v1';
    if (publicKey === undefined || !isOnCurve || !(SigningAlgorithms ?? []).includes(algorithm))
      throw new RunError('KeyUnusable', 'the KMS key is no ECC_NIST_P256 key for signing');
    return publicKey;
  });
}

function parsed(der: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/**
 * Signs with a key in KMS, which is sent the root statement: less than the 4,096 bytes that it takes, and no value of an
 * object among them. Its public key is asked for at once.
 */
export async function kmsSigner(key: string): Promise<LedgerSigner> {
  return {
    algorithm,
    publicKey: await kmsPublicKey(key),
    sign: (statement) =>
      askingKms(key, async (client, { SignCommand }) => {
        const { Signature } = await client.send(
          new SignCommand({
            KeyId: key,
            Message: statement,
            MessageType: 'RAW',
            SigningAlgorithm: algorithm,
          }),
        );
        if (Signature === undefined) throw new RunError('TransientFault', 'KMS gave no signature');
        return Signature;
      }),
  };
}
