/** Finds a run in a work area for the commands that look at runs. */
import { resolve } from 'node:path';
import { openAreas } from '../run/area-location.ts';
import { folderLocations, locateVolumes } from '../run/bind-volumes.ts';
import { type KnownRun, listRuns } from '../run/list-runs.ts';
import { RunError } from '../run/run-error.ts';
import { openFileStorage } from '../storage/file-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { StorageError } from '../storage/storage-error.ts';
import {
  type CommandArguments,
  type CommandIo,
  type CommandOption,
  textOption,
  UsageError,
} from './command.ts';
import { documentOptions, loadJob, volumesOf } from './job-arguments.ts';

export const workAreaOptions = {
  'work-area': {
    type: 'string',
    placeholder: 'DIR',
    description: 'The folder of the work area. Else it is that of the job given with -f and --volume.',
  },
  ...documentOptions,
} as const satisfies Record<string, CommandOption>;

/** Reading never has anything unfinished; the name only must not be that of a writer. */
const reader = 'reader';

/** The work area that the arguments name. */
export async function workAreaOf(args: CommandArguments, io: CommandIo): Promise<Storage> {
  const folder = textOption(args, 'work-area');
  if (folder !== undefined) return openedFolder(resolve(io.cwd, folder));
  if (args.values.file === undefined)
    throw new UsageError('give --work-area DIR, or the job with -f and --volume');
  const { job } = await loadJob(args, io);
  return openAreas(folderLocations(locateVolumes(job.spec, volumesOf(args, io))), reader).workArea;
}

function openedFolder(root: string): Storage {
  try {
    return openFileStorage({ root, writer: reader });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new RunError('NoSuchRun', 'the folder of --work-area cannot be opened');
  }
}

/** The run whose id, or whose job's name, is `word`. Throws `RunError` `NoSuchRun`. */
export async function knownRun(work: Storage, word: string): Promise<KnownRun> {
  const runs = await listRuns(work);
  const named = runs.filter(({ run, job }) => run === word || job === word);
  const [found] = named;
  if (found === undefined) throw new RunError('NoSuchRun', 'the work area holds no run of that id or job');
  if (named.length > 1) {
    throw new RunError(
      'NoSuchRun',
      `several runs are of that job; name one by its id: ${named.map(({ run }) => run).join(', ')}`,
    );
  }
  return found;
}

/** `RUN ORDINAL` as positionals. */
export function runAndOrdinal(args: CommandArguments): readonly [run: string, ordinal: number] {
  const [run, ordinal, ...rest] = args.positionals;
  if (run === undefined || ordinal === undefined || rest.length > 0 || !/^\d{1,15}$/.test(ordinal)) {
    throw new UsageError('name a run and the ordinal of an object');
  }
  return [run, Number(ordinal)];
}
