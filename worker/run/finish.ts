/**
 * Finishes an attempt of a run: adds the shards up, sees to it that outcomes add up to the inventory, seals the ledger,
 * and writes report, the list of what a next attempt would take, and summary. The summary is the seal.
 */
import type { ExitCodeName } from '../../crds/records/exit-codes.ts';
import type { FinishResult, FinishSummary } from '../../crds/records/finish-summary.ts';
import { accounted } from '../../crds/records/outcome-counts.ts';
import type { PlanSummary } from '../../crds/records/plan-summary.ts';
import type { RunSpec } from '../../crds/records/run-spec.ts';
import type { ShardResult } from '../../crds/records/shard-result.ts';
import { limitOf } from '../../crds/v1alpha1/quantity.ts';
import { sealLedger } from '../evidence/ledger-root.ts';
import type { LedgerKeys } from '../evidence/shard-ledger.ts';
import { closeJournal } from '../journal/journal.ts';
import type { Storage } from '../storage/storage.ts';
import { createText, readText } from '../storage/whole-object.ts';
import { type AttemptHistory, readHistory, sealedAttempts, writeLeftBehind } from './attempts.ts';
import { countDuplicates, type DuplicateCounts, type DuplicateGroup } from './duplicates.ts';
import { inOrder, numbersTo, smallReads } from './in-order.ts';
import { compareInstances, readInstances } from './instance-list.ts';
import { jsonObject } from './json-object.ts';
import { attemptLayout } from './layout.ts';
import { merged } from './merge.ts';
import { RunError } from './run-error.ts';
import { readShardResult, sealGivenUpShard, type UndoneShard } from './seal-shard.ts';
import {
  type PlanIndex,
  readPlanIndex,
  type SealedPlan,
  type ShardRange,
  shardRange,
} from './sealed-plan.ts';
import { addTallies, emptyTally, type Tally } from './tally.ts';
import { writeReport } from './write-report.ts';

/** What a run came to, in counts. */
export interface RunSummary extends Omit<Tally, 'duplicates'> {
  readonly kind: 'RunSummary';
  readonly version: 1;
  readonly run: string;
  readonly job: string;
  readonly profile: string;
  readonly engineVersion: string;
  readonly plan: PlanSummary;
  /** The attempt, from 0. */
  readonly attempt: number;
  readonly shards: FinishSummary['shards'];
  readonly duplicates: DuplicateCounts;
  /** The sealed ledger: `sha256:…` of its Merkle root, and the number of its records. */
  readonly ledger: { readonly root: string; readonly entries: number };
  /** Keys in the work area. */
  readonly report: { readonly html: string; readonly conformanceStatement: string };
  /** How the attempt ended. */
  readonly result: FinishResult;
}

/** Exit codes of results, for whoever has no other word of them. */
export const resultExits: Readonly<Record<FinishResult, ExitCodeName>> = {
  Success: 'Success',
  ObjectsFailed: 'ObjectsFailed',
  ShardsUndone: 'Interrupted',
  FailurePolicyExceeded: 'FailurePolicyExceeded',
};

/** Whether a next attempt may change how one ended. */
export function isRetryable(result: FinishResult): boolean {
  return result === 'ObjectsFailed' || result === 'ShardsUndone';
}

export interface FinishOptions {
  readonly work: Storage;
  readonly run: string;
  readonly runSpec: RunSpec;
  readonly plan: SealedPlan;
  readonly ledger: LedgerKeys;
  readonly attempt: number;
  /** Seal the attempt as it is where shards were given up; their journals are closed. */
  readonly acceptsUndone: boolean;
  /** Tells this process from every other one. */
  readonly writer: string;
  readonly signal: AbortSignal;
}

/** What the shards of an attempt have come to. */
interface Sum {
  readonly tally: Tally;
  /** Objects without an outcome. */
  readonly undone: number;
  /** Shards with such objects. */
  readonly undoneShards: number;
  /** Shards that a next attempt takes, in order. */
  readonly leftBehind: readonly number[];
}

/**
 * Gives the summary of the attempt, and makes it where it is not there yet. Throws `RunError` `Interrupted` while shards
 * are undone and that is not accepted, `Unaccounted` where sums differ.
 */
export async function finishRun(options: FinishOptions): Promise<RunSummary> {
  const { work, run, runSpec, plan, attempt } = options;
  const written = await readSummary(work, run, attempt);
  if (written !== undefined) return written;
  const { shards } = plan.summary;
  const sealed = await sealedAttempts(work, run);
  const history = await readHistory(work, run, { attempt, shards, sealed });
  const sum = await addUp(options, history);
  checkSum(sum, plan.summary);
  const { context } = options.ledger;
  const { statement, statistics } = await sealLedger(work, { context, shards, history });
  if (statement.entries !== plan.summary.objects)
    throw new RunError('Unaccounted', 'the ledger does not hold a record for each object');
  const layout = attemptLayout(run, attempt);
  const { duplicates: _, ...tally } = sum.tally;
  const summary: RunSummary = {
    kind: 'RunSummary',
    version: 1,
    run,
    job: runSpec.job.name,
    profile: runSpec.profile.name,
    engineVersion: plan.summary.engineVersion,
    plan: plan.summary,
    attempt,
    shards: { total: shards, done: shards - sum.undoneShards, retryable: sum.leftBehind.length },
    ...tally,
    duplicates: await findDuplicates(options, history),
    ledger: { root: statement.root, entries: statement.entries },
    report: { html: layout.report, conformanceStatement: layout.conformanceStatement },
    result: resultOf(sum, plan.summary, runSpec.job.spec.failurePolicy),
  };
  await writeReport(work, { summary, statistics, ledger: statement, runSpec });
  await writeLeftBehind(work, run, attempt, sum.leftBehind);
  await createText(work, layout.summary, `${JSON.stringify(summary, undefined, 2)}\n`);
  return summary;
}

async function addUp(options: FinishOptions, history: AttemptHistory): Promise<Sum> {
  const { plan, acceptsUndone } = options;
  let tally = emptyTally;
  let undone = 0;
  const leftBehind: number[] = [];
  const givenUp: number[] = [];
  const ends = inOrder(numbersTo(plan.summary.shards), smallReads, endOfShards(options, history));
  let shard = 0;
  for await (const ended of ends) {
    if (ended === undefined || ended.kind === 'UndoneShard') givenUp.push(shard);
    if (ended !== undefined) {
      tally = addTallies(tally, ended.kind === 'UndoneShard' ? ended.tally : ended);
      undone += ended.kind === 'UndoneShard' ? ended.undone : 0;
      if (ended.kind === 'UndoneShard' || ended.outcomes.failed > 0) leftBehind.push(shard);
    }
    shard += 1;
  }
  if (givenUp.length > 0 && !acceptsUndone) {
    throw new RunError(
      'Interrupted',
      `${givenUp.length} of ${plan.summary.shards} shards are not done; run again to go on`,
    );
  }
  return { tally, undone, undoneShards: givenUp.length, leftBehind };
}

/** What a shard has come to; undefined where it is not done and may not be given up. */
function endOfShards(options: FinishOptions, history: AttemptHistory) {
  const { work, run, plan, acceptsUndone, signal } = options;
  let index: Promise<PlanIndex> | undefined;
  return async (shard: number): Promise<ShardResult | UndoneShard | undefined> => {
    if (signal.aborted) throw new RunError('Interrupted', 'stopped by a signal; run again to go on');
    const attempts = history.attemptsOf(shard);
    const result = await readShardResult({ work, run, plan, shard, attempts });
    if (result !== undefined || !acceptsUndone) return result;
    index ??= readPlanIndex(work, run, plan.attempt);
    return giveUpShard(options, shard, attempts, shardRange(await index, shard));
  };
}

/** Closes the journal of a shard, so that whoever still works on it stores nothing more, and seals what it holds. */
async function giveUpShard(
  { work, run, plan, ledger, writer }: FinishOptions,
  shard: number,
  attempts: readonly number[],
  range: ShardRange,
): Promise<ShardResult | UndoneShard> {
  const prefix = attemptLayout(run, attempts.at(-1) ?? 0).journalPrefix(shard);
  await closeJournal({ storage: work, prefix, writer });
  return sealGivenUpShard({ work, run, plan, shard, attempts, ledger, range });
}

function checkSum({ tally, undone }: Sum, plan: PlanSummary): void {
  const isWhole =
    tally.objects + undone === plan.objects &&
    accounted(tally.outcomes) === tally.objects &&
    (undone > 0 ? tally.bytesIn <= plan.bytes : tally.bytesIn === plan.bytes);
  if (!isWhole) throw new RunError('Unaccounted', 'outcomes do not add up to the inventory');
}

/** The summary of a sealed attempt; undefined while it is none. */
export async function readSummary(
  work: Storage,
  run: string,
  attempt: number,
): Promise<RunSummary | undefined> {
  const text = await readText(work, attemptLayout(run, attempt).summary);
  if (text === undefined) return undefined;
  const summary = jsonObject(text);
  if (summary?.outcomes === undefined || summary.result === undefined) {
    throw new RunError('RunMismatch', 'the summary in the work area is damaged');
  }
  return summary as unknown as RunSummary;
}

/** The summary of the last sealed attempt; undefined while there is none. */
export async function readLastSummary(work: Storage, run: string): Promise<RunSummary | undefined> {
  const attempt = (await sealedAttempts(work, run)).at(-1);
  return attempt === undefined ? undefined : readSummary(work, run, attempt);
}

/** The policy's limit is on objects that are not skipped; those that are undone may still turn out to be none of these. */
function resultOf(
  { tally: { outcomes }, undone }: Sum,
  plan: PlanSummary,
  policy: RunSpec['job']['spec']['failurePolicy'],
): RunSummary['result'] {
  const wanted = plan.objects - outcomes.skipped;
  if (outcomes.rejected > limitOf(policy.maxRejected, wanted)) return 'FailurePolicyExceeded';
  if (undone > 0) return 'ShardsUndone';
  return outcomes.failed > 0 ? 'ObjectsFailed' : 'Success';
}

/** Characters of one object of the list of duplicates. */
const pieceLength = 256 * 1024;

/** Merges the shards' lists and writes those groups down that differ in bytes, by ordinals. */
async function findDuplicates(
  { work, run, plan }: FinishOptions,
  history: AttemptHistory,
): Promise<DuplicateCounts> {
  const layout = attemptLayout(run, history.attempt);
  const lists = Array.from({ length: plan.summary.shards }, (_, shard) =>
    readInstances(work, attemptLayout(run, history.attemptsOf(shard).at(-1) ?? 0), shard),
  );
  let piece = 0;
  let text = '';
  const closePiece = async (): Promise<void> => {
    if (text !== '') await createText(work, layout.duplicates(piece), text);
    piece += 1;
    text = '';
  };
  const onGroup = async (group: DuplicateGroup): Promise<void> => {
    text += `${JSON.stringify(group)}\n`;
    if (text.length >= pieceLength) await closePiece();
  };
  const counts = await countDuplicates(merged(lists, compareInstances), onGroup);
  await closePiece();
  return counts;
}
