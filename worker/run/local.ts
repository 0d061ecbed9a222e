/** A whole run on this machine: plan, all shards over worker processes, finish. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlanSummary } from '../../crds/records/plan-summary.ts';
import { makeRunSpec, type RunSpec } from '../../crds/records/run-spec.ts';
import type { DeidJob } from '../../crds/v1alpha1/job.ts';
import type { DeidProfile } from '../../crds/v1alpha1/profile.ts';
import { bindAreas, locateAreas, type Volumes } from './bind-areas.ts';
import { isRetryable, type RunSummary, readLastSummary } from './finish.ts';
import { type OpenRun, openRun } from './open-run.ts';
import {
  type AttemptChoice,
  finishStep,
  openAttempt,
  type ProcessOptions,
  planStep,
  processStep,
  type StepContext,
} from './steps.ts';
import type { PoolProgress } from './worker-pool.ts';

export interface LocalRunOptions extends Omit<ProcessOptions, 'history' | 'shards' | 'onProgress'> {
  /** Validated, with defaults. */
  readonly job: DeidJob;
  readonly profile: DeidProfile;
  /** Folders by the names of claims. */
  readonly volumes: Volumes;
  /** The bytes of the key file. */
  readonly keyBytes: Uint8Array;
  /** Do everything but write: outputs go nowhere, and the plan to a folder that is removed again. */
  readonly dryRun: boolean;
  /** Try what failed once more, where the run is finished: a next attempt over the shards that it left behind. */
  readonly retry?: boolean;
  readonly onProgress?: (progress: PoolProgress, plan: PlanSummary) => void;
}

export interface LocalRunResult {
  readonly summary: RunSummary;
  /** True where the run was finished before and nothing was done now. */
  readonly wasFinished: boolean;
}

/** Shards for each worker, so that no worker is long without work at the end. */
const shardsPerWorker = 4;

/** Runs the job, or goes on with it where it stopped. Throws `RunError`. */
export async function runLocal(options: LocalRunOptions, context: StepContext): Promise<LocalRunResult> {
  const runSpec = makeRunSpec(options.job, options.profile);
  if (options.dryRun) return dryRun(runSpec, options, context);
  const locations = bindAreas(runSpec.job.spec, options.volumes);
  return runThrough(await openRun({ runSpec, locations, keyBytes: options.keyBytes }), options, context);
}

async function dryRun(
  runSpec: RunSpec,
  options: LocalRunOptions,
  context: StepContext,
): Promise<LocalRunResult> {
  const { source, manifest } = locateAreas(runSpec.job.spec, options.volumes);
  const scratch = mkdtempSync(join(tmpdir(), 'deid-dry-run-'));
  try {
    const locations = {
      source,
      ...(manifest === undefined ? {} : { manifest }),
      destination: { kind: 'discard' },
      quarantine: { kind: 'discard' },
      workArea: { kind: 'folder', path: scratch },
    } as const;
    const run = await openRun({ runSpec, locations, keyBytes: options.keyBytes });
    return await runThrough(run, options, context);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function runThrough(
  run: OpenRun,
  options: LocalRunOptions,
  context: StepContext,
): Promise<LocalRunResult> {
  const { workers, onProgress, ...rest } = options;
  const plan = await planStep(run, context, workers * shardsPerWorker);
  const last = await readLastSummary(run.areas.workArea, run.run);
  const choice = nextAttempt(last, options.retry ?? false);
  if (choice === undefined) {
    const attempt = last?.attempt ?? 0;
    return { summary: await finishStep(run, { attempt }, context), wasFinished: true };
  }
  const history = await openAttempt(run, plan, choice);
  const told =
    onProgress === undefined ? {} : { onProgress: (now: PoolProgress) => onProgress(now, plan.summary) };
  const { shards } = history;
  await processStep(run, { ...processOptions(rest), history, shards, workers, ...told }, context);
  return { summary: await finishStep(run, choice, context), wasFinished: false };
}

/** The attempt to work on; undefined where the run is finished and no further attempt is asked for, or of any use. */
function nextAttempt(last: RunSummary | undefined, retry: boolean): AttemptChoice | undefined {
  if (last === undefined) return { attempt: 0 };
  return retry && isRetryable(last.result) ? { attempt: last.attempt + 1, leftBy: last.attempt } : undefined;
}

function processOptions(
  options: Omit<LocalRunOptions, 'workers' | 'onProgress'>,
): Omit<ProcessOptions, 'history' | 'shards' | 'workers' | 'onProgress'> {
  const {
    job: _,
    profile: __,
    volumes: ___,
    keyBytes: ____,
    dryRun: _____,
    retry: ______,
    ...rest
  } = options;
  return rest;
}
