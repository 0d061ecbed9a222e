/** `deid key`: makes and checks project keys. */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { keyFingerprint, newProjectKey } from '../../deid/identity/project-key.ts';
import { jobKey } from '../../run/open-run.ts';
import { RunError } from '../../run/run-error.ts';
import { type Command, type CommandIo, UsageError } from '../command.ts';
import { readKeyFile } from '../job-arguments.ts';

async function makeKey(path: string, io: CommandIo): Promise<void> {
  const text = newProjectKey((length) => io.randomBytes(length));
  try {
    const handle = await open(path, 'wx', 0o600);
    try {
      await handle.writeFile(`${text}\n`);
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

export const command: Command = {
  name: 'key',
  summary: 'Make or check a project key',
  usage: '(new | check) FILE',
  details:
    'new writes a random key of 256 bits that only its owner may read, and prints its fingerprint. check prints the\n' +
    'fingerprint of a key that can be used. The same key gives the same pseudonyms, UIDs and dates; whoever has it can\n' +
    'tell who is who. Keep it apart from the data, and keep a copy.',
  options: {},
  async run(args, io) {
    const [verb, file, ...rest] = args.positionals;
    if (file === undefined || rest.length > 0 || (verb !== 'new' && verb !== 'check')) {
      throw new UsageError('say new or check, and name one file');
    }
    const path = resolve(io.cwd, file);
    if (verb === 'new') await makeKey(path, io);
    io.stdout.write(`${keyFingerprint(jobKey(await readKeyFile(path), undefined))}\n`);
    return exitCodes.Success.code;
  },
};
