/** What commands that sign a root, or check a signature, have in common. */
import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { kmsKeyOf, kmsPublicKey, kmsSigner } from '../evidence/kms-key.ts';
import { type LedgerSignature, type LedgerSigner, readSignature, signLedger } from '../evidence/signature.ts';
import { fileSigner, parsePublicKey } from '../evidence/signing-key.ts';
import type { OpenRun } from '../run/open-run.ts';
import {
  type CommandArguments,
  type CommandIo,
  type CommandOption,
  textOption,
  UsageError,
} from './command.ts';
import { readKeyFile } from './job-arguments.ts';

export const signingKeyOption = {
  'signing-key': {
    type: 'string',
    placeholder: 'FILE|kms:KEY',
    description:
      'Sign the root of the ledger with this key: a file of deid key new --signing, or id, alias or ARN of a key in AWS KMS.',
  },
} as const satisfies Record<string, CommandOption>;

export const anchorOptions = {
  root: {
    type: 'string',
    placeholder: 'sha256:…',
    description: 'The root that the ledger must have, as it was written down.',
  },
  'public-key': {
    type: 'string',
    placeholder: 'FILE|kms:KEY',
    description: 'The public key that must have signed the root: in PEM, or that of a key in AWS KMS.',
  },
} as const satisfies Record<string, CommandOption>;

/** The signer that the arguments name; undefined where they name none. Throws `RunError` `KeyUnusable`. */
export async function signerOf(args: CommandArguments, io: CommandIo): Promise<LedgerSigner | undefined> {
  const key = textOption(args, 'signing-key');
  if (key === undefined) return undefined;
  const inKms = kmsKeyOf(key);
  return inKms === undefined ? fileSigner(await readKeyFile(resolve(io.cwd, key))) : kmsSigner(inKms);
}

/** Signs the root of an attempt where there is a signer; gives the signature that it has then. */
export async function signRun(
  { areas, run }: OpenRun,
  attempt: number,
  signer: LedgerSigner | undefined,
): Promise<LedgerSignature | undefined> {
  const of = { run, attempt };
  return signer === undefined ? readSignature(areas.workArea, of) : signLedger(areas.workArea, of, signer);
}

async function publicKeyOf(key: string, io: CommandIo): Promise<KeyObject> {
  const inKms = kmsKeyOf(key);
  return inKms === undefined ? parsePublicKey(await readKeyFile(resolve(io.cwd, key))) : kmsPublicKey(inKms);
}

/** What a root is to be held against. */
export async function anchorsOf(
  args: CommandArguments,
  io: CommandIo,
): Promise<{ readonly root?: string; readonly publicKey?: KeyObject }> {
  const root = textOption(args, 'root');
  if (root !== undefined && !/^sha256:[0-9a-f]{64}$/.test(root))
    throw new UsageError('--root takes sha256: and 64 hexadecimal digits in lower case');
  const key = textOption(args, 'public-key');
  return {
    ...(root === undefined ? {} : { root }),
    ...(key === undefined ? {} : { publicKey: await publicKeyOf(key, io) }),
  };
}
