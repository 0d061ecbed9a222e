/** The three steps of a run, each idempotent: plan, process shards, finish. The operator runs each in pods of its own. */
import { randomUUID } from 'node:crypto';
import { quantityBytes } from '../../crds/v1alpha1/quantity.ts';
import { contextHash } from '../evidence/ledger-context.ts';
import { readLedgerRoot } from '../evidence/ledger-root.ts';
import type { Log, LogLevel } from '../log/log.ts';
import type { ObjectStat } from '../storage/storage.ts';
import { areaPaths, createAreaOpener } from './area-location.ts';
import { type AttemptHistory, readHistory, sealedAttempts } from './attempts.ts';
import { engineVersion } from './engine-version.ts';
import { finishRun, type RunSummary, readSummary } from './finish.ts';
import { keySelector } from './glob.ts';
import { attemptLayout } from './layout.ts';
import { ledgerKeys } from './ledger-keys.ts';
import { type OpenRun, recordRunSpec } from './open-run.ts';
import { checkedPlan, planRun } from './plan.ts';
import { discardLeftovers, probeAreas, writtenAreas } from './probe.ts';
import { programDigest } from './program-digest.ts';
import { blaming, RunError } from './run-error.ts';
import { readSealedPlan, type SealedPlan } from './sealed-plan.ts';
import { listedObjects, manifestObjects } from './source-objects.ts';
import { type TimedStep, timed } from './timing.ts';
import type { WorkerInit } from './worker-messages.ts';
import { type PoolProgress, runWorkerPool } from './worker-pool.ts';

export interface StepContext {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Where there is a clock, steps leave a record of the time that they took. */
  readonly now?: () => Date;
}

/** Probes the areas and plans the run; a run that is planned already gives its plan again. */
export async function planStep(run: OpenRun, context: StepContext, atLeastShards = 1): Promise<SealedPlan> {
  // First of all: it says which area is amiss, and nothing stays in areas that overlap.
  await probed(run);
  const isPlanned =
    (await blaming('workArea', () => readSealedPlan(run.areas.workArea, run.run))) !== undefined;
  return timedStep(run, 'plan', 0, isPlanned, context, () => plannedRun(run, context, atLeastShards));
}

/** A step that finds its work done leaves no record of its time. */
function timedStep<T>(
  run: OpenRun,
  step: TimedStep,
  attempt: number,
  isDone: boolean,
  { now }: StepContext,
  act: () => Promise<T>,
): Promise<T> {
  return timed({ work: run.areas.workArea, run: run.run, step, attempt, now: isDone ? undefined : now }, act);
}

async function probed({ areas, locations, run, runSpec }: OpenRun): Promise<void> {
  const written = writtenAreas.filter((area) => locations[area].kind !== 'discard');
  const isListed = runSpec.job.spec.source.manifest === undefined;
  await probeAreas({ areas, paths: areaPaths(locations), written, isListed, run, probe: randomUUID() });
}

async function plannedRun(run: OpenRun, context: StepContext, atLeastShards: number): Promise<SealedPlan> {
  const { spec } = run.runSpec.job;
  await blaming('workArea', () => recordRunSpec(run));
  const plan = await planRun({
    objects: () => sourceObjects(run),
    work: run.areas.workArea,
    run: run.run,
    ...expectations(run),
    cipher: run.cipher,
    isSelected: keySelector(spec.source.select),
    shards: {
      targetBytes: quantityBytes(spec.shards.targetBytes),
      max: spec.shards.max,
      atLeast: atLeastShards,
    },
    attempt: randomUUID(),
    signal: context.signal,
  });
  const { shards, objects, bytes } = plan.summary;
  context.log.info('planned', { run: run.run, shards, objects, bytes });
  return plan;
}

/** What the job takes of its source. */
async function* sourceObjects({ run, runSpec, areas, locations }: OpenRun): AsyncGenerator<ObjectStat> {
  const { manifest } = locations;
  if (manifest === undefined) return yield* listedObjects(areas.source);
  const lists = await createAreaOpener().open('source', manifest, run);
  yield* manifestObjects(runSpec.job.spec.source, lists, areas.source);
}

/** The plan that the run was sealed with. Throws `NoSuchRun` where it has not been planned. */
export async function sealedPlanOf(run: OpenRun): Promise<SealedPlan> {
  const plan = await blaming('workArea', () => readSealedPlan(run.areas.workArea, run.run));
  if (plan === undefined)
    throw new RunError('NoSuchRun', 'the run has not been planned; run `deid plan` first');
  return checkedPlan(plan, expectations(run));
}

function expectations({ fingerprint, runSpec, binding }: OpenRun) {
  return { keyFingerprint: fingerprint, runSpecDigest: runSpec.digest, engineVersion, binding };
}

export interface AttemptChoice {
  /** From 0. */
  readonly attempt: number;
  /** The sealed attempt whose list of shards it takes; undefined for all shards of the plan. */
  readonly leftBy?: number;
}

/**
 * The attempt that is to be gone on with or begun. Throws `RunError` `RunMismatch` where its shards are not those that the
 * last sealed attempt left behind, or where that was made by another program.
 */
export async function openAttempt(
  run: OpenRun,
  plan: SealedPlan,
  { attempt, leftBy }: AttemptChoice,
): Promise<AttemptHistory> {
  const work = run.areas.workArea;
  const { shards } = plan.summary;
  return blaming('workArea', async () => {
    const sealed = await sealedAttempts(work, run.run);
    const history = await readHistory(work, run.run, { attempt, shards, sealed });
    const last = history.before.at(-1);
    if (last !== leftBy) {
      throw new RunError(
        'RunMismatch',
        last === undefined
          ? `attempt ${attempt} has no sealed attempt before it that left shards behind`
          : `attempt ${attempt} takes the shards that attempt ${last} left behind, and no others`,
      );
    }
    if (last !== undefined) await checkProgram(run, plan, last);
    return history;
  });
}

/** Records of two programs have no root in common: an attempt that another one began is not gone on with. */
async function checkProgram(run: OpenRun, plan: SealedPlan, last: number): Promise<void> {
  const statement = await readLedgerRoot(run.areas.workArea, run.run, last);
  if (statement === undefined)
    throw new RunError('RunMismatch', 'the ledger of the attempt before is missing or damaged');
  const { context } = ledgerKeys({ ...run, plan, programDigest: programDigest() });
  if (!contextHash(context).equals(contextHash(statement.context))) {
    throw new RunError(
      'RunMismatch',
      'the attempt before was made by another version of the program; go on with that version, or give the job another name',
    );
  }
}

export interface ProcessOptions {
  readonly history: AttemptHistory;
  readonly shards: readonly number[];
  readonly workers: number;
  /** Objects that a worker has in hand at once. Default: by where the areas lie. */
  readonly lanes?: number;
  readonly logLevel: LogLevel;
  /** URL of a module that exports `createEngine`. Default: the DICOM engine. */
  readonly engineModule?: string;
  /** URL of a module that exports `createVerifier`. Default: the verifier of DICOM objects. */
  readonly verifierModule?: string;
  /** Milliseconds an object may take. Default: by its size. */
  readonly timeLimitMs?: number;
  readonly overdueMs?: number;
  readonly graceMs?: number;
  readonly heapMiB?: number;
  readonly onProgress?: (progress: PoolProgress) => void;
  readonly onLogLine?: (line: string) => void;
}

/** A store over a network answers late but many at once; each lane may hold an object of 16 MiB in memory. */
const lanesOverNetwork = 8;
/** Longer than a request of a store is tried again for: what waits for a store does not hang. */
const overdueOverNetworkMs = 600_000;

/** How many objects are in hand at once, and when one counts as hanging, where the options do not say. */
export function paceOf({
  source,
  destination,
}: OpenRun['locations']): Pick<ProcessOptions, 'lanes' | 'overdueMs'> {
  return source.kind === 's3' || destination.kind === 's3'
    ? { lanes: lanesOverNetwork, overdueMs: overdueOverNetworkMs }
    : {};
}

/** Processes shards of a planned run over worker processes. */
export async function processStep(
  run: OpenRun,
  options: ProcessOptions,
  context: StepContext,
): Promise<void> {
  const {
    history,
    shards,
    workers,
    logLevel,
    engineModule: _,
    verifierModule: __,
    timeLimitMs: ___,
    ...rest
  } = options;
  const isDone = await blaming('workArea', () => areShardsDone(run, history.attempt, shards));
  await timedStep(run, 'process', history.attempt, isDone, context, () =>
    runWorkerPool({
      ...paceOf(run.locations),
      ...rest,
      shards,
      attemptsOf: history.attemptsOf,
      workers,
      log: context.log.with({ run: run.run }),
      signal: context.signal,
      now: () => performance.now(),
      init: workerInit(run, options),
    }),
  );
}

/** Whether each of the shards has its result in this attempt; asks no further than the first that has none. */
export async function areShardsDone(
  { areas, run }: OpenRun,
  attempt: number,
  shards: readonly number[],
): Promise<boolean> {
  const layout = attemptLayout(run, attempt);
  for (const shard of shards)
    if ((await areas.workArea.stat(layout.shardResult(shard))) === undefined) return false;
  return true;
}

/** What workers of the run need to know once. */
export function workerInit(
  run: OpenRun,
  options: Pick<ProcessOptions, 'logLevel' | 'engineModule' | 'verifierModule' | 'timeLimitMs'>,
): WorkerInit {
  const { logLevel, engineModule, verifierModule, timeLimitMs } = options;
  return {
    run: run.run,
    runSpec: run.runSpec,
    locations: run.locations,
    binding: run.binding,
    key: run.keyBytes,
    programDigest: programDigest(),
    engineModule: engineModule ?? new URL('../deid/engine.ts', import.meta.url).href,
    verifierModule: verifierModule ?? new URL('../verify/verifier.ts', import.meta.url).href,
    logLevel,
    timeLimitMs,
  };
}

export interface FinishChoice {
  readonly attempt: number;
  /** Seal what was done where shards were given up. Default: refuse. */
  readonly acceptsUndone?: boolean;
}

/** Adds the attempt up and writes its summary; one that is finished already gives its summary again. */
export async function finishStep(
  run: OpenRun,
  { attempt, acceptsUndone = false }: FinishChoice,
  context: StepContext,
): Promise<RunSummary> {
  const plan = await sealedPlanOf(run);
  const written = await blaming('workArea', () => readSummary(run.areas.workArea, run.run, attempt));
  const summary = await timedStep(run, 'finish', attempt, written !== undefined, context, () =>
    blaming('workArea', () =>
      finishRun({
        work: run.areas.workArea,
        run: run.run,
        runSpec: run.runSpec,
        plan,
        ledger: ledgerKeys({ ...run, plan, programDigest: programDigest() }),
        attempt,
        acceptsUndone,
        writer: randomUUID(),
        signal: context.signal,
      }),
    ),
  );
  await discardLeftovers(run.areas, run.run);
  context.log.info('finished', { run: run.run, attempt, objects: summary.objects, exit: summary.result });
  return summary;
}
