/** The programs that are compared: copying, the bare loop, the engine alone, and the product as anybody would call it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { DeidJobInput } from '../../crds/v1alpha1/job.ts';
import type { Command } from './measure.ts';

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
function jobArguments(source: string, target: string): readonly string[] {
  const documents = join(target, 'documents');
  const jobFile = join(documents, 'job.yaml');
  const keyFile = join(documents, 'deid-key');
  mkdirSync(documents, { recursive: true });
  writeFileSync(jobFile, stringify(job));
  writeFileSync(keyFile, 'a key that protects nobody: these patients are invented', { mode: 0o600 });
  const volumes = ['--volume', `source=${source}`, '--volume', `results=${target}`];
  return ['-f', jobFile, ...volumes, '--key-file', keyFile];
}

const deid = '../../worker/cli/main.ts';

/** `deid run`: plan, process and finish, with everything on that a run does. */
export function product(data: string, workers: number): Contender {
  return {
    name: workers === 1 ? 'deid run, 1 worker' : `deid run, ${workers} workers`,
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
