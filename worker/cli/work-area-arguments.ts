/** Finds a run in a work area for the commands that look at runs. */
import { resolve } from 'node:path';
import { keyPrefix } from '../../crds/v1alpha1/area.ts';
import { type AreaLocation, createAreaOpener } from '../run/area-location.ts';
import { locateAreas } from '../run/bind-areas.ts';
import { type KnownRun, listRuns } from '../run/list-runs.ts';
import type { Areas } from '../run/probe.ts';
import { RunError } from '../run/run-error.ts';
import type { S3Location } from '../storage/s3-location.ts';
import type { Storage } from '../storage/storage.ts';
import {
  type CommandArguments,
  type CommandIo,
  type CommandOption,
  flagOption,
  textOption,
  UsageError,
} from './command.ts';
import { documentOptions, loadJob, volumesOf } from './job-arguments.ts';

export const workAreaOptions = {
  'work-area': {
    type: 'string',
    placeholder: 'PLACE',
    description:
      'The work area: a folder, or s3://BUCKET/PREFIX. Else it is that of the job given with -f and --volume.',
  },
  endpoint: {
    type: 'string',
    placeholder: 'URL',
    description: 'The store of --work-area s3://…. Default: AWS, or what AWS_ENDPOINT_URL says.',
  },
  region: {
    type: 'string',
    placeholder: 'NAME',
    description: 'The region of --work-area s3://…. Default: as the AWS SDK finds it.',
  },
  'path-style': {
    type: 'boolean',
    description: 'The bucket of --work-area s3://… stands in the path instead of the host name.',
  },
  ...documentOptions,
} as const satisfies Record<string, CommandOption>;

/** Reading never has anything unfinished; the name only must not be that of a writer. */
const reader = 'reader';

/** The work area that the arguments name. */
export async function workAreaOf(args: CommandArguments, io: CommandIo): Promise<Storage> {
  const opener = createAreaOpener();
  const place = textOption(args, 'work-area');
  if (place === undefined) {
    if (args.values.file === undefined) {
      throw new UsageError('give --work-area PLACE, or the job with -f and --volume');
    }
    const { job } = await loadJob(args, io);
    return await opener.open('workArea', locateAreas(job.spec, volumesOf(args, io)).workArea, reader);
  }
  try {
    return await opener.open('workArea', workAreaLocation(place, args, io), reader);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    throw new RunError('NoSuchRun', 'the folder of --work-area cannot be opened');
  }
}

/** All areas of the job that the arguments name, to read from. */
export async function areasOf(args: CommandArguments, io: CommandIo): Promise<Areas> {
  const { job } = await loadJob(args, io);
  return createAreaOpener().openAll(locateAreas(job.spec, volumesOf(args, io)), reader);
}

function workAreaLocation(place: string, args: CommandArguments, io: CommandIo): AreaLocation {
  if (place.startsWith('s3://')) return { kind: 's3', location: bucketLocation(place, args) };
  const ofS3 = textOption(args, 'endpoint') ?? textOption(args, 'region');
  if (ofS3 !== undefined || flagOption(args, 'path-style')) {
    throw new UsageError('--endpoint, --region and --path-style go with --work-area s3://BUCKET/PREFIX');
  }
  return { kind: 'folder', path: resolve(io.cwd, place) };
}

function bucketLocation(place: string, args: CommandArguments): S3Location {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])(?:\/(.*))?$/s.exec(place) ?? [];
  if (bucket === undefined) throw new UsageError('--work-area takes a folder or s3://BUCKET/PREFIX');
  const endpoint = textOption(args, 'endpoint');
  if (endpoint !== undefined && !URL.canParse(endpoint)) throw new UsageError('--endpoint takes a URL');
  const region = textOption(args, 'region');
  return {
    bucket,
    prefix: keyPrefix(prefix),
    forcePathStyle: flagOption(args, 'path-style'),
    requesterPays: false,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  };
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
