/** Folders, a job and a source for tests of the run, and what is left in the folders afterwards. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtinProfiles } from '../../../crds/profiles/builtin.ts';
import { withDefaults } from '../../../crds/schema/defaults.ts';
import { type DeidJob, type DeidJobInput, deidJob } from '../../../crds/v1alpha1/job.ts';
import { silentLog } from '../../../worker/log/log.ts';
import { type LocalRunOptions, type LocalRunResult, runLocal } from '../../../worker/run/local.ts';
import { secret } from './fake-engine.ts';

export const fakeEngine = new URL('./fake-engine.ts', import.meta.url).href;

export const keyBytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7));

export interface RunFixture {
  readonly root: string;
  /** Writes a source object `verb sop` with some payload. */
  add(verb: string, options?: { readonly sop?: string; readonly size?: number; readonly key?: string }): void;
  readonly job: DeidJob;
  readonly volumes: ReadonlyMap<string, string>;
  /** What {@link run} runs with. */
  readonly options: LocalRunOptions;
  /** Runs the job here, workers in processes of their own. */
  run(options?: Partial<LocalRunOptions>, signal?: AbortSignal): Promise<LocalRunResult>;
  remove(): void;
}

export function makeJob(change: Partial<DeidJobInput['spec']> = {}): DeidJob {
  const volume = (claimName: string) => ({ volume: { claimName } });
  const input: DeidJobInput = {
    apiVersion: 'deid.imaging/v1alpha1',
    kind: 'DeidJob',
    metadata: { name: 'test' },
    spec: {
      profileRef: { builtin: 'basic' },
      source: volume('in'),
      destination: volume('out'),
      quarantine: volume('held'),
      workArea: volume('work'),
      ...change,
    },
  };
  return withDefaults(deidJob.node, input) as DeidJob;
}

export function makeFixture(change: Partial<DeidJobInput['spec']> = {}): RunFixture {
  const root = mkdtempSync(join(tmpdir(), 'deid-run-'));
  const volumes = new Map(['in', 'out', 'held', 'work'].map((name) => [name, join(root, name)]));
  mkdirSync(join(root, 'in'));
  const job = makeJob(change);
  const options: LocalRunOptions = {
    job,
    profile: builtinProfiles.basic,
    volumes,
    keyBytes,
    workers: 2,
    dryRun: false,
    logLevel: 'debug',
    engineModule: fakeEngine,
    verifierModule: fakeEngine,
  };
  let count = 0;
  return {
    root,
    options,
    job,
    volumes,
    add: (verb, { sop, size = 200, key } = {}) => {
      count += 1;
      const path = join(root, 'in', key ?? `${secret} ${count % 7}/scan-${String(count).padStart(5, '0')}`);
      mkdirSync(dirname(path), { recursive: true });
      const head = `${verb} ${sop ?? `1.2.${count}`} ${secret}\n${count}\n`;
      writeFileSync(path, head.padEnd(size, 'x'));
    },
    run: (changed = {}, signal = new AbortController().signal) =>
      runLocal({ ...options, ...changed }, { log: silentLog, signal }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Path and SHA-256 of every file below a folder, sorted. */
export function contents(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return names
    .filter((name) => statSync(join(folder, name)).isFile())
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    );
}

/** What must be equal of two runs over the same source, however they came about. */
export function outcomeOf(fixture: RunFixture, { summary }: LocalRunResult) {
  const { plan: _, ledger: __, shards: ___, ...counts } = summary;
  return { counts, out: contents(join(fixture.root, 'out')), held: contents(join(fixture.root, 'held')) };
}
