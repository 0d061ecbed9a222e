/** `deid report`: the report of a finished run, or its conformance statement. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes } from '../../../crds/records/exit-codes.ts';
import { readSignature } from '../../evidence/signature.ts';
import { afterwardsSection } from '../../report/afterwards.ts';
import { withAfterwards } from '../../report/html.ts';
import { sealedAttempts } from '../../run/attempts.ts';
import { type RunSummary, readLastSummary } from '../../run/finish.ts';
import { attemptLayout } from '../../run/layout.ts';
import { RunError } from '../../run/run-error.ts';
import { readTimes } from '../../run/timing.ts';
import type { Storage } from '../../storage/storage.ts';
import { readText } from '../../storage/whole-object.ts';
import { type Command, flagOption, textOption, UsageError } from '../command.ts';
import { knownRun, workAreaOf, workAreaOptions } from '../work-area-arguments.ts';

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UsageError(
      code === 'EEXIST' ? 'the file of --output exists' : `the file of --output cannot be written (${code})`,
    );
  }
}

/** The page with the signature and the times, which it cannot have had when it was made. */
async function withWhatCameAfter(page: string, work: Storage, summary: RunSummary): Promise<string> {
  const { run, attempt, objects } = summary;
  return withAfterwards(
    page,
    afterwardsSection({
      signature: await readSignature(work, { run, attempt }),
      times: await readTimes(work, run, attempt),
      objects,
    }),
  );
}

export const command: Command = {
  name: 'report',
  summary: 'Give the report of a finished run as a page for the browser',
  usage: 'RUN (--work-area PLACE | -f FILE… [--volume NAME=DIR…]) [--statement] [--output FILE]',
  details:
    'One HTML file that needs no network: outcomes that add up to the inventory, reasons, what was done, sizes before\n' +
    'and after, what needs a person, the ledger root, signature, times and the conformance statement. Needs no key and shows no value.',
  options: {
    ...workAreaOptions,
    statement: {
      type: 'boolean',
      description: 'The conformance statement (PS3.15 E.1.3) alone, as Markdown.',
    },
    output: {
      type: 'string',
      placeholder: 'FILE',
      description: 'A new file to write to. Default: standard output.',
    },
  },
  async run(args, io) {
    const [word, ...rest] = args.positionals;
    if (word === undefined || rest.length > 0) throw new UsageError('name one run');
    const work = await workAreaOf(args, io);
    const { run } = await knownRun(work, word);
    const layout = attemptLayout(run, (await sealedAttempts(work, run)).at(-1) ?? 0);
    const text = await readText(
      work,
      flagOption(args, 'statement') ? layout.conformanceStatement : layout.report,
    );
    const summary = await readLastSummary(work, run);
    if (text === undefined || summary === undefined) {
      throw new RunError(
        'NoSuchRun',
        summary === undefined
          ? 'the run has no report yet: it is not finished'
          : 'the run was finished by a version of the program that made no report',
      );
    }
    const page = flagOption(args, 'statement') ? text : await withWhatCameAfter(text, work, summary);
    const output = textOption(args, 'output');
    if (output === undefined) io.stdout.write(page);
    else await writeNew(resolve(io.cwd, output), page);
    return exitCodes.Success.code;
  },
};
