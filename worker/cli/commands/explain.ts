/** `deid explain`: what would happen to each element of a file, and why. */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { residentSource } from '../../bytes/byte-source.ts';
import { explain } from '../../deid/explain.ts';
import { DicomError } from '../../dicom/dicom-error.ts';
import { parseObject } from '../../dicom/parse.ts';
import { compileProfile } from '../../profile/compile.ts';
import { reasonCodes } from '../../reason-codes.ts';
import { RunError } from '../../run/run-error.ts';
import { type Command, flagOption, UsageError } from '../command.ts';
import { jsonOption } from '../job-arguments.ts';
import { profileArgument, profileOption } from '../profile-argument.ts';

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new RunError('BadConfiguration', `the file cannot be read (${code})`);
  }
}

export const command: Command = {
  name: 'explain',
  summary: 'Say what would happen to each element of a file, and why',
  usage: 'FILE --profile PROFILE [--json]',
  details:
    'One line for each element: its place, keyword, Value Representation, what happens to it, and which rule, table row\n' +
    'or option says so. Values are never shown, and no key is needed.',
  options: { ...profileOption, ...jsonOption },
  async run(args, io) {
    const [file, ...rest] = args.positionals;
    if (file === undefined || rest.length > 0) throw new UsageError('name one file');
    const profile = await profileArgument(args, io);
    if (profile === undefined) throw new UsageError('--profile is missing');
    const bytes = await bytesOf(resolve(io.cwd, file));
    try {
      const parsed = await parseObject(residentSource(bytes));
      for (const line of explain(parsed, compileProfile(profile.spec))) {
        if (flagOption(args, 'json')) io.stdout.write(`${JSON.stringify(line)}\n`);
        else
          io.stdout.write(`${line.place}  ${line.vr}  ${line.keyword}: ${line.action} (${line.because})\n`);
      }
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      const { meaning, remedy } = reasonCodes[error.code];
      io.stdout.write(`The object would be rejected: ${error.code} at ${error.at}. ${meaning} ${remedy}\n`);
    }
    return exitCodes.Success.code;
  },
};
