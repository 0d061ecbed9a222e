/**
 * What the commands of single steps have in common. A person gives documents, a pod the run spec that was made of them;
 * what follows is the same.
 */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makeRunSpec, type RunSpec, validateRunSpec } from '../../crds/records/run-spec.ts';
import { checkRules, type Problem } from '../../crds/validate.ts';
import { isKnownKeyword } from '../profile/rule.ts';
import { bindAreas } from '../run/bind-areas.ts';
import { jsonObject } from '../run/json-object.ts';
import { type OpenRun, openRun } from '../run/open-run.ts';
import { RunError } from '../run/run-error.ts';
import {
  type CommandArguments,
  type CommandIo,
  type CommandOption,
  textOption,
  UsageError,
} from './command.ts';
import { documentOptions, keyBytesOf, keyOption, loadJob, logOption, volumesOf } from './job-arguments.ts';
import { terminationOption } from './termination-message.ts';

export const runSpecOption = {
  'run-spec': {
    type: 'string',
    placeholder: 'FILE',
    description: 'A run spec, as the operator hands it to pods, instead of documents with --file.',
  },
} as const satisfies Record<string, CommandOption>;

/** Options of every step. */
export const stepOptions = {
  ...documentOptions,
  ...runSpecOption,
  ...keyOption,
  ...logOption,
  ...terminationOption,
} as const satisfies Record<string, CommandOption>;

/** How usage lines name the job. */
export const stepUsage = '(-f FILE… | --run-spec FILE) [--volume NAME=DIR…] --key-file FILE';

/** An attempt of a run, from 0. */
export const attemptOption = {
  attempt: { type: 'string', placeholder: 'N', description: 'The attempt, from 0. Default: 0.' },
} as const satisfies Record<string, CommandOption>;

/** Bytes of the largest run spec that is read: a ConfigMap holds no more. */
const largestRunSpec = 1024 * 1024;

async function readRunSpec(path: string): Promise<RunSpec> {
  const text = await textOf(path);
  const validated = validateRunSpec(jsonObject(text));
  if (!validated.ok) throw new RunError('BadConfiguration', wordsOf(validated.problems));
  const problems = checkRules(validated.document.profile.spec.dicom.rules, isKnownKeyword);
  if (problems.length > 0) throw new RunError('BadConfiguration', wordsOf(problems));
  return validated.document;
}

async function textOf(path: string): Promise<string> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > largestRunSpec)
        throw new RunError('BadConfiguration', 'the run spec is too large to be one');
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new RunError('BadConfiguration', `the run spec cannot be read${code}`);
  }
}

function wordsOf(problems: readonly Problem[]): string {
  return problems
    .map(({ path, message }) => `run spec: ${path === '' ? '' : `${path} `}${message}`)
    .join('\n');
}

/** The run spec that the arguments name, or the one of the job and the profile that they name. */
export async function runSpecOf(args: CommandArguments, io: CommandIo): Promise<RunSpec> {
  const path = textOption(args, 'run-spec');
  if (path === undefined) {
    const { job, profile } = await loadJob(args, io);
    return makeRunSpec(job, profile);
  }
  if (args.values.file !== undefined) throw new UsageError('give --run-spec or --file, not both');
  return readRunSpec(resolve(io.cwd, path));
}

/** Opens the run that the arguments name; folders that are written to are made. */
export async function openedStep(args: CommandArguments, io: CommandIo): Promise<OpenRun> {
  const runSpec = await runSpecOf(args, io);
  const locations = bindAreas(runSpec.job.spec, volumesOf(args, io));
  return openRun({ runSpec, locations, keyBytes: await keyBytesOf(args, io) });
}

/** A number of an option, from 0. */
export function numberOption(args: CommandArguments, name: string): number | undefined {
  const text = textOption(args, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} takes a number from 0`);
  return Number(text);
}
