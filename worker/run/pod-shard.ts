/** The one shard of a pod: taken through by all processors that the pod has, with its counters on a port. */
import type { ShardResult } from '../../crds/records/shard-result.ts';
import { countersOf } from './counters.ts';
import type { OpenRun } from './open-run.ts';
import { type ProgressServer, serveProgress } from './progress-server.ts';
import { blaming, RunError } from './run-error.ts';
import { readShardResult } from './seal-shard.ts';
import { readPlanIndex, shardInventory } from './sealed-plan.ts';
import {
  type AttemptChoice,
  openAttempt,
  type ProcessOptions,
  processStep,
  type StepContext,
  sealedPlanOf,
} from './steps.ts';
import { emptyTally, type Tally } from './tally.ts';

export interface PodShardOptions
  extends Omit<ProcessOptions, 'history' | 'shards' | 'onProgress'>,
    AttemptChoice {
  /** The index of the pod: of the shards that the attempt takes, in order, its own. */
  readonly index: number;
  /** Port that counters are served on, 0 for any; undefined for none. */
  readonly progressPort?: number;
  /** Is told of the server of counters. */
  readonly onServer?: (server: ProgressServer) => void;
}

/** Resolves to the shard's result once every object of it has an outcome. Throws `RunError`. */
export async function processPodShard(
  run: OpenRun,
  options: PodShardOptions,
  context: StepContext,
): Promise<ShardResult> {
  const { index, attempt, leftBy, progressPort, onServer, ...rest } = options;
  const work = run.areas.workArea;
  const plan = await sealedPlanOf(run);
  const history = await openAttempt(run, plan, { attempt, ...(leftBy === undefined ? {} : { leftBy }) });
  const shard = history.shards[index];
  if (shard === undefined) {
    throw new RunError(
      'NoSuchRun',
      `attempt ${attempt} has ${history.shards.length} shards; none is for index ${index}`,
    );
  }
  const planIndex = await blaming('workArea', () => readPlanIndex(work, run.run, plan.attempt));
  const inventory = shardInventory(planIndex, shard);
  let tally: Tally = emptyTally;
  let done = 0;
  const server =
    progressPort === undefined
      ? undefined
      : await serveProgress(
          progressPort,
          () => countersOf({ count: 1, done }, inventory, tally),
          context.log,
        );
  if (server !== undefined) onServer?.(server);
  try {
    const onProgress = (now: { readonly tally: Tally; readonly shardsDone: number }): void => {
      tally = now.tally;
      done = now.shardsDone;
    };
    await processStep(run, { ...rest, history, shards: [shard], onProgress }, context);
    const attempts = history.attemptsOf(shard);
    const result = await blaming('workArea', () =>
      readShardResult({ work, run: run.run, plan, shard, attempts }),
    );
    if (result === undefined) throw new RunError('TransientFault', 'spec.workArea: the result is not there');
    return result;
  } finally {
    await server?.close();
  }
}
