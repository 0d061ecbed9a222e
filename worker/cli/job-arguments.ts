/** What commands that work on a job have in common: the documents, where its areas lie, and the key file. */
import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { makeRunSpec } from '../../crds/records/run-spec.ts';
import type { DeidJob } from '../../crds/v1alpha1/job.ts';
import type { DeidProfile } from '../../crds/v1alpha1/profile.ts';
import { createLog, type LogLevel, logLevels } from '../log/log.ts';
import { isKnownKeyword } from '../profile/rule.ts';
import { bindAreas, type Volumes } from '../run/bind-areas.ts';
import { type OpenRun, openRun } from '../run/open-run.ts';
import { RunError } from '../run/run-error.ts';
import type { StepContext } from '../run/steps.ts';
import {
  type CommandArguments,
  type CommandIo,
  type CommandOption,
  requiredText,
  textOption,
  textOptions,
  UsageError,
} from './command.ts';
import { formatProblem, loadDocuments } from './documents.ts';

export const documentOptions = {
  file: {
    type: 'string',
    short: 'f',
    multiple: true,
    placeholder: 'FILE',
    description:
      'A file of documents, one of them the DeidJob; - is standard input. May stand more than once.',
  },
  volume: {
    type: 'string',
    multiple: true,
    placeholder: 'NAME=DIR',
    description: 'The folder of a claim that the job names. Once for each claim; areas in S3 need none.',
  },
} as const satisfies Record<string, CommandOption>;

export const keyOption = {
  'key-file': {
    type: 'string',
    placeholder: 'FILE',
    description: 'The project key; make one with deid key new.',
  },
} as const satisfies Record<string, CommandOption>;

export const workerOptions = {
  workers: {
    type: 'string',
    placeholder: 'N',
    description: 'Worker processes. Default: one for each processor.',
  },
} as const satisfies Record<string, CommandOption>;

export const logOption = {
  'log-level': {
    type: 'string',
    placeholder: 'LEVEL',
    description: 'Log lines of JSON on standard error: error, warn, info or debug. Default: warn.',
  },
} as const satisfies Record<string, CommandOption>;

export const jsonOption = {
  json: { type: 'boolean', description: 'Print one JSON object instead of text.' },
} as const satisfies Record<string, CommandOption>;

/** The one job among the documents, and the profile it refers to. Throws `RunError` `BadConfiguration`. */
export async function loadJob(
  args: CommandArguments,
  io: CommandIo,
): Promise<{ readonly job: DeidJob; readonly profile: DeidProfile }> {
  const files = textOptions(args, 'file');
  if (files.length === 0) throw new UsageError('--file is missing');
  const { documents, problems } = await loadDocuments(files, {
    cwd: io.cwd,
    stdin: io.stdin,
    isKeyword: isKnownKeyword,
  });
  if (problems.length > 0) throw new RunError('BadConfiguration', problems.map(formatProblem).join('\n'));
  const jobs = documents.flatMap(({ document }) => (document.kind === 'DeidJob' ? [document] : []));
  const [job] = jobs;
  if (job === undefined || jobs.length > 1) {
    throw new RunError(
      'BadConfiguration',
      `the documents hold ${jobs.length} DeidJobs; exactly one is needed`,
    );
  }
  const profiles = documents.flatMap(({ document }) => (document.kind === 'DeidProfile' ? [document] : []));
  return { job, profile: referredProfile(job, profiles) };
}

function referredProfile(job: DeidJob, profiles: readonly DeidProfile[]): DeidProfile {
  const { builtin, name } = job.spec.profileRef;
  if (builtin !== undefined) return builtinProfiles[builtin];
  const named = profiles.filter(({ metadata }) => metadata.name === name);
  const [profile] = named;
  if (profile !== undefined && named.length === 1) return profile;
  throw new RunError(
    'BadConfiguration',
    `spec.profileRef.name: ${named.length === 0 ? 'no document is a DeidProfile of that name; give its file with -f' : 'more than one document is a DeidProfile of that name'}`,
  );
}

/** Folders by the names of claims. */
export function volumesOf(args: CommandArguments, io: CommandIo): Volumes {
  const volumes = new Map<string, string>();
  for (const text of textOptions(args, 'volume')) {
    const at = text.indexOf('=');
    if (at < 1 || at === text.length - 1) throw new UsageError('--volume takes NAME=DIR');
    const name = text.slice(0, at);
    if (volumes.has(name)) throw new UsageError('--volume names a claim twice');
    volumes.set(name, resolve(io.cwd, text.slice(at + 1)));
  }
  return volumes;
}

/** A key has at most a few hundred bytes; a larger file is something else. */
const largestKeyFile = 64 * 1024;

/** The bytes of the key file. Throws `RunError` `KeyUnusable`. */
export async function keyBytesOf(args: CommandArguments, io: CommandIo): Promise<Uint8Array> {
  return readKeyFile(resolve(io.cwd, requiredText(args, 'key-file')));
}

/** Reads a key file. Throws `RunError` `KeyUnusable`. */
export async function readKeyFile(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > largestKeyFile) throw new RunError('KeyUnusable', 'the key file is too large to be a key');
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new RunError('KeyUnusable', `the key file cannot be read${code}`);
  }
}

/** Opens the run that the arguments name; folders that are written to are made. */
export async function openedRun(args: CommandArguments, io: CommandIo): Promise<OpenRun> {
  const { job, profile } = await loadJob(args, io);
  const runSpec = makeRunSpec(job, profile);
  const locations = bindAreas(runSpec.job.spec, volumesOf(args, io));
  return openRun({ runSpec, locations, keyBytes: await keyBytesOf(args, io) });
}

export function logLevelOf(args: CommandArguments): LogLevel {
  const text = textOption(args, 'log-level') ?? 'warn';
  const level = logLevels.find((known) => known === text);
  if (level === undefined) throw new UsageError(`--log-level takes ${logLevels.join(', ')}`);
  return level;
}

/** What a step needs of the process. Lines of the log go to standard error, or to `onLine` without their ends. */
export function stepContext(
  args: CommandArguments,
  io: CommandIo,
  onLine: (line: string) => void = (line) => io.stderr.write(`${line}\n`),
): StepContext {
  return { log: createLog({ level: logLevelOf(args), write: onLine }), signal: io.signal, now: io.now };
}

/** A count of an option, from 1. */
export function countOption(args: CommandArguments, name: string): number | undefined {
  const text = textOption(args, name);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--${name} takes a number from 1`);
  return Number(text);
}

export function workersOf(args: CommandArguments): number {
  return countOption(args, 'workers') ?? availableParallelism();
}
