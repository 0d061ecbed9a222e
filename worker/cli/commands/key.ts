/** `deid key`: makes and checks project keys and signing keys. */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { keyFingerprint, newProjectKey } from '../../deid/identity/project-key.ts';
import { keyIdOf } from '../../evidence/signature.ts';
import { fileSigner, newSigningKey, publicKeyText } from '../../evidence/signing-key.ts';
import { jobKey } from '../../run/open-run.ts';
import { RunError } from '../../run/run-error.ts';
import { type Command, type CommandIo, flagOption, UsageError } from '../command.ts';
import { readKeyFile } from '../job-arguments.ts';

/** Writes a file that is not there yet. Throws `RunError` `KeyUnusable`. */
async function writeNew(path: string, text: string, mode: number): Promise<void> {
  try {
    const handle = await open(path, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const told =
      code === 'EEXIST'
        ? 'the file exists; a key is never overwritten'
        : `the key file cannot be written (${code})`;
    throw new RunError('KeyUnusable', told);
  }
}

/** Of each kind of key: how one is made, and what its file is called by. */
const keys = {
  project: {
    make: async (path: string, io: CommandIo) =>
      writeNew(path, `${newProjectKey((length) => io.randomBytes(length))}\n`, 0o600),
    nameOf: async (path: string) => keyFingerprint(jobKey(await readKeyFile(path), undefined)),
  },
  signing: {
    make: async (path: string, io: CommandIo) => {
      const pem = newSigningKey((length) => io.randomBytes(length));
      await writeNew(`${path}.pub`, publicKeyText(fileSigner(Buffer.from(pem)).publicKey), 0o644);
      await writeNew(path, pem, 0o600);
    },
    nameOf: async (path: string) => keyIdOf(fileSigner(await readKeyFile(path)).publicKey),
  },
} as const;

export const command: Command = {
  name: 'key',
  summary: 'Make or check a project key or a signing key',
  usage: '(new | check) [--signing] FILE',
  details:
    'new writes a random key of 256 bits that only its owner may read, and prints its fingerprint. check prints the\n' +
    'fingerprint of a key that can be used. The same key gives the same pseudonyms, UIDs and dates; whoever has it can\n' +
    'tell who is who. Keep it apart from the data, and keep a copy.\n' +
    'With --signing it is a key that signs ledgers (Ed25519, in PEM); its public key is written to FILE.pub, and what is\n' +
    'printed is the id that summaries name it by.',
  options: {
    signing: { type: 'boolean', description: 'A key that signs ledgers instead of a project key.' },
  },
  async run(args, io) {
    const [verb, file, ...rest] = args.positionals;
    if (file === undefined || rest.length > 0 || (verb !== 'new' && verb !== 'check')) {
      throw new UsageError('say new or check, and name one file');
    }
    const path = resolve(io.cwd, file);
    const { make, nameOf } = keys[flagOption(args, 'signing') ? 'signing' : 'project'];
    if (verb === 'new') await make(path, io);
    io.stdout.write(`${await nameOf(path)}\n`);
    return exitCodes.Success.code;
  },
};
