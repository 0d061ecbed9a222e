/** The programs that are compared: copying, the bare loop, the engine alone, and the product as anybody would call it. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { DeidJobInput } from '../../crds/v1alpha1/job.ts';
import type { Command } from './measure.ts';
import { endpointVariable, sourceBucket, targetBucket } from './s3-store.ts';

/** A program that brings the objects of `source` to `target`, a new folder. */
export interface Contender {
  readonly name: string;
  /** Which of the scenario's data sets it works on. */
  readonly data: string;
  /** Goes on in the target of the contender before it, as one step of a run does after another. */
  readonly goesOn?: boolean;
  command(source: string, target: string): Command;
}

function script(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function node(path: string, ...args: readonly string[]): Command {
  return { program: process.execPath, args: [script(path), ...args] };
}

export function copying(data: string): Contender {
  return {
    name: 'cp -r',
    data,
    command: (source, target) => ({ program: 'cp', args: ['-r', source, join(target, 'out')] }),
  };
}

export function bareLoop(data: string): Contender {
  return {
    name: 'bare loop',
    data,
    command: (source, target) => node('./contenders/bare-loop.ts', source, join(target, 'out')),
  };
}

export function engineAlone(data: string): Contender {
  return {
    name: 'engine alone',
    data,
    command: (source, target) => node('./contenders/engine-alone.ts', source, join(target, 'out')),
  };
}

function volume(claimName: string, path: string) {
  return { volume: { claimName, path } };
}

const job: DeidJobInput = {
  apiVersion: 'deid.imaging/v1alpha1',
  kind: 'DeidJob',
  metadata: { name: 'bench' },
  spec: {
    profileRef: { builtin: 'basic' },
    source: { volume: { claimName: 'source' } },
    destination: volume('results', 'out'),
    quarantine: volume('results', 'held'),
    workArea: volume('results', 'work'),
  },
};

/** Writes the job and a key into the target; gives the arguments that name them. */
function documentArguments(document: DeidJobInput, target: string): readonly string[] {
  const documents = join(target, 'documents');
  const jobFile = join(documents, 'job.yaml');
  const keyFile = join(documents, 'deid-key');
  mkdirSync(documents, { recursive: true });
  writeFileSync(jobFile, stringify(document));
  writeFileSync(keyFile, 'a key that protects nobody: these patients are invented', { mode: 0o600 });
  return ['-f', jobFile, '--key-file', keyFile];
}

/** The same, with the folders that the claims of the job are bound to. */
function jobArguments(source: string, target: string): readonly string[] {
  const volumes = ['--volume', `source=${source}`, '--volume', `results=${target}`];
  return [...documentArguments(job, target), ...volumes];
}

const deid = '../../worker/cli/deid.mjs';

/** Objects that a worker of the product has in hand over S3; the copies have as many. */
const lanesOverS3 = 8;

/** A part of the target bucket that nothing has been written to. */
function freshPrefix(): string {
  return `${randomUUID()}/`;
}

/** Copies from bucket to bucket; see the program. */
export function s3Copying(data: string, mode: 'digests' | 'bare'): Contender {
  return {
    name: mode === 'bare' ? 'S3 copy' : 'bare loop',
    data,
    command: () =>
      node(
        './contenders/s3-copy.ts',
        process.env[endpointVariable] ?? '',
        ...[sourceBucket, targetBucket, freshPrefix(), String(lanesOverS3), mode],
      ),
  };
}

function productName(workers: number): string {
  return workers === 1 ? 'deid run, 1 worker' : `deid run, ${workers} workers`;
}

/** `deid run` from bucket to bucket. */
export function s3Product(data: string, workers: number): Contender {
  return {
    name: productName(workers),
    data,
    command: (_, target) => {
      const prefix = freshPrefix();
      const store = {
        region: 'us-east-1',
        endpoint: process.env[endpointVariable] ?? '',
        forcePathStyle: true,
      };
      const area = (name: string) => ({ s3: { bucket: targetBucket, prefix: `${prefix}${name}`, ...store } });
      const spec: DeidJobInput['spec'] = {
        ...job.spec,
        source: { s3: { bucket: sourceBucket, ...store } },
        destination: area('out'),
        quarantine: area('held'),
        workArea: area('work'),
      };
      return node(deid, 'run', ...documentArguments({ ...job, spec }, target), '--workers', String(workers));
    },
  };
}

/** `deid run`: plan, process and finish, with everything on that a run does. */
export function product(data: string, workers: number): Contender {
  return {
    name: productName(workers),
    data,
    command: (source, target) =>
      node(deid, 'run', ...jobArguments(source, target), '--workers', String(workers)),
  };
}

/** The three steps of a run one after the other, each measured by itself. */
export function productSteps(data: string): readonly Contender[] {
  const step = (name: string, goesOn: boolean, ...options: readonly string[]): Contender => ({
    name: `deid ${name}, ${data}`,
    data,
    goesOn,
    command: (source, target) => node(deid, name, ...jobArguments(source, target), ...options),
  });
  return [step('plan', false), step('process', true, '--workers', '1'), step('finish', true)];
}
