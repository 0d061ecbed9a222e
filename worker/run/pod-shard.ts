/**
 * The one shard of a pod. This process reads the plan and writes the journal; workers beside it, one for each processor,
 * take the objects through, and counters are served on a port meanwhile.
 */
import { randomUUID } from 'node:crypto';
import type { ShardResult } from '../../crds/records/shard-result.ts';
import { createAreaOpener } from './area-location.ts';
import { countersOf } from './counters.ts';
import { shardWriter } from './layout.ts';
import { ledgerKeys } from './ledger-keys.ts';
import type { Capacity } from './machine.ts';
import { createObjectPool, type ObjectPoolOptions } from './object-pool.ts';
import type { OpenRun } from './open-run.ts';
import { processShard } from './process-shard.ts';
import { programDigest } from './program-digest.ts';
import { type ProgressServer, serveProgress } from './progress-server.ts';
import { blaming, RunError } from './run-error.ts';
import { readPlanIndex, shardInventory } from './sealed-plan.ts';
import {
  type AttemptChoice,
  areShardsDone,
  openAttempt,
  type ProcessOptions,
  paceOf,
  type StepContext,
  sealedPlanOf,
  workerInit,
} from './steps.ts';
import { addTallies, emptyTally, tallyOf } from './tally.ts';
import { timed } from './timing.ts';

export interface PodShardOptions
  extends AttemptChoice,
    Capacity,
    Pick<
      ProcessOptions,
      'lanes' | 'logLevel' | 'engineModule' | 'verifierModule' | 'timeLimitMs' | 'overdueMs' | 'onLogLine'
    >,
    Pick<ObjectPoolOptions, 'drainMs'> {
  /** The index of the pod: of the shards that the attempt takes, in order, its own. */
  readonly index: number;
  /** Port that counters are served on, 0 for any; undefined for none. */
  readonly progressPort?: number;
  /** Is told of the server of counters. */
  readonly onServer?: (server: ProgressServer) => void;
}

/**
 * After the death of a whole pod: longer than it takes one worker to do what may have been done and not yet stored, and
 * what was in hand.
 */
const cautiousMs = 30_000;

/** Resolves to the shard's result once every object of it has an outcome. Throws `RunError`. */
export async function processPodShard(
  run: OpenRun,
  options: PodShardOptions,
  context: StepContext,
): Promise<ShardResult> {
  const { index, attempt, leftBy, progressPort, onServer } = options;
  const plan = await sealedPlanOf(run);
  const history = await openAttempt(run, plan, { attempt, ...(leftBy === undefined ? {} : { leftBy }) });
  const shard = history.shards[index];
  if (shard === undefined) {
    throw new RunError(
      'NoSuchRun',
      `attempt ${attempt} has ${history.shards.length} shards; none is for index ${index}`,
    );
  }
  const planIndex = await blaming('workArea', () => readPlanIndex(run.areas.workArea, run.run, plan.attempt));
  const inventory = shardInventory(planIndex, shard);
  let tally = emptyTally;
  const counters = () => countersOf({ count: 1, done: 0 }, inventory, tally);
  const server =
    progressPort === undefined ? undefined : await serveProgress(progressPort, counters, context.log);
  if (server !== undefined) onServer?.(server);
  const log = context.log.with({ run: run.run, shard });
  const now = () => performance.now();
  const { lanes = 1, ...pace } = { ...paceOf(run.locations), ...options };
  const pool = createObjectPool({
    ...pace,
    lanes,
    init: workerInit(run, options),
    shard,
    log,
    signal: context.signal,
    now,
  });
  try {
    const isDone = await blaming('workArea', () => areShardsDone(run, attempt, [shard]));
    const timing = {
      work: run.areas.workArea,
      run: run.run,
      step: 'process',
      attempt,
      now: isDone ? undefined : context.now,
    } as const;
    const areas = await createAreaOpener().openAll(run.locations, shardWriter(run.run, shard));
    return await timed(timing, () =>
      processShard({
        run: run.run,
        areas,
        log,
        plan,
        shard,
        attempts: history.attemptsOf(shard),
        ledger: ledgerKeys({ ...run, plan, programDigest: programDigest() }),
        writer: randomUUID(),
        now,
        signal: context.signal,
        lanes: options.workers * lanes,
        newTaker: () => pool.take,
        suspects: new Map(),
        cautiousMs,
        onResume: (before) => {
          tally = before;
        },
        onRecord: (record) => {
          tally = addTallies(tally, tallyOf(record));
        },
      }),
    );
  } finally {
    await pool.close();
    await server?.close();
  }
}
