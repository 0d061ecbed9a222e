/** `deid explain`: what would happen to each element of a file, and why. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { type Explanation, explain } from '../../deid/explain.ts';
import { DicomError } from '../../dicom/dicom-error.ts';
import { parseObject } from '../../dicom/parse.ts';
import { compileProfile } from '../../profile/compile.ts';
import { reasonCodes } from '../../reason-codes.ts';
import { RunError } from '../../run/run-error.ts';
import { openFile } from '../../storage/file-object.ts';
import type { OpenObject } from '../../storage/storage.ts';
import { storageErrorFrom } from '../../storage/storage-error.ts';
import { type Command, flagOption, UsageError } from '../command.ts';
import { jsonOption } from '../job-arguments.ts';
import { profileArgument, profileOption } from '../profile-argument.ts';

function opened(path: string): OpenObject {
  try {
    return openFile(realpathSync(path), undefined);
  } catch (error) {
    throw new RunError('BadConfiguration', `the file cannot be read: ${storageErrorFrom(error).message}`);
  }
}

function text({ place, vr, keyword, action, because }: Explanation): string {
  return `${place}  ${vr}  ${keyword}: ${action} (${because})\n`;
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
    const isJson = flagOption(args, 'json');
    const object = opened(resolve(io.cwd, file));
    try {
      for (const line of explain(await parseObject(object), compileProfile(profile.spec))) {
        io.stdout.write(isJson ? `${JSON.stringify(line)}\n` : text(line));
      }
    } catch (error) {
      if (!(error instanceof DicomError)) throw error;
      const { code: reason, at } = error;
      const { meaning, remedy } = reasonCodes[reason];
      io.stdout.write(
        isJson
          ? `${JSON.stringify({ outcome: 'rejected', reason, at, meaning, remedy })}\n`
          : `The object would be rejected: ${reason} at ${at}. ${meaning} ${remedy}\n`,
      );
    } finally {
      await object.close();
    }
    return exitCodes.Success.code;
  },
};
