/** How far a run has come, and what became of single objects, from what lies in its work area. */
import type { Storage } from '../storage/storage.ts';
import { type AttemptHistory, readHistory, sealedAttempts } from './attempts.ts';
import { type RunSummary, readSummary } from './finish.ts';
import { attemptLayout } from './layout.ts';
import type { ObjectRecord } from './object-record.ts';
import { RunError } from './run-error.ts';
import { readShardResult } from './seal-shard.ts';
import { readPlanIndex, readSealedPlan, type SealedPlan, shardOfOrdinal } from './sealed-plan.ts';
import { journalRecords } from './shard-records.ts';
import { addTallies, emptyTally, type Tally, tallyOf } from './tally.ts';

export type RunProgress =
  | { readonly phase: 'Planning' }
  | {
      readonly phase: 'Processing';
      readonly plan: SealedPlan['summary'];
      /** The attempt, from 0. */
      readonly attempt: number;
      /** Shards of the plan that are done, and what all objects have come to. */
      readonly shardsDone: number;
      readonly tally: Tally;
    }
  | { readonly phase: 'Finished'; readonly summary: RunSummary };

/** Reads results of shards that are done and journals of those that are not. */
export async function readProgress(work: Storage, run: string): Promise<RunProgress> {
  const plan = await readSealedPlan(work, run);
  if (plan === undefined) return { phase: 'Planning' };
  const history = await lastAttempt(work, run, plan);
  const summary = await readSummary(work, run, history.attempt);
  if (summary !== undefined) return { phase: 'Finished', summary };
  let shardsDone = 0;
  let tally = emptyTally;
  for (let shard = 0; shard < plan.summary.shards; shard += 1) {
    const attempts = history.attemptsOf(shard);
    const result = await readShardResult({ work, run, plan, shard, attempts });
    if (result !== undefined) shardsDone += 1;
    tally = addTallies(tally, result ?? (await tallyOfJournals(work, run, shard, attempts)));
  }
  return { phase: 'Processing', plan: plan.summary, attempt: history.attempt, shardsDone, tally };
}

/** The attempt that is under way, or else the last one that was sealed. */
async function lastAttempt(work: Storage, run: string, plan: SealedPlan): Promise<AttemptHistory> {
  const sealed = await sealedAttempts(work, run);
  const place = { shards: plan.summary.shards, sealed };
  const last = sealed.at(-1);
  if (last === undefined) return readHistory(work, run, { ...place, attempt: 0 });
  const next = last + 1;
  const begun = await work.list(attemptLayout(run, next).shardsPrefix, { limit: 1 });
  return readHistory(work, run, { ...place, attempt: begun.objects.length > 0 ? next : last });
}

/** What failed in an earlier attempt has no outcome until the one at work has a new word on it. */
async function tallyOfJournals(
  work: Storage,
  run: string,
  shard: number,
  attempts: readonly number[],
): Promise<Tally> {
  let tally = emptyTally;
  for (const attempt of attempts) {
    const isAtWork = attempt === attempts.at(-1);
    for await (const record of journalRecords(work, { run, shard }, attempt)) {
      if (isAtWork || record.outcome !== 'failed') tally = addTallies(tally, tallyOf(record));
    }
  }
  return tally;
}

/** The record of an object; undefined while it has no outcome. Throws `RunError` `NoSuchRun`. */
export async function readRecord(
  work: Storage,
  run: string,
  ordinal: number,
): Promise<ObjectRecord | undefined> {
  const plan = await readSealedPlan(work, run);
  if (plan === undefined) throw new RunError('NoSuchRun', 'the run has not been planned');
  const shard = shardOfOrdinal(await readPlanIndex(work, run, plan.attempt), ordinal);
  if (shard === undefined) throw new RunError('NoSuchRun', 'the run has no object of that ordinal');
  const history = await lastAttempt(work, run, plan);
  for (const attempt of history.attemptsOf(shard).toReversed()) {
    for await (const record of journalRecords(work, { run, shard }, attempt)) {
      if (record.ordinal === ordinal) return record;
    }
  }
  return undefined;
}
