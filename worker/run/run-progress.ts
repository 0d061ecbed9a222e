/** How far a run has come, and what became of single objects, from what lies in its work area. */
import { readJournal } from '../journal/journal.ts';
import type { Storage } from '../storage/storage.ts';
import { type RunSummary, readSummary } from './finish.ts';
import { workLayout } from './layout.ts';
import { decodeObjectRecord, type ObjectRecord } from './object-record.ts';
import { readShardResult } from './process-shard.ts';
import { RunError } from './run-error.ts';
import { readPlanIndex, readSealedPlan, type SealedPlan, shardOfOrdinal } from './sealed-plan.ts';
import { addTallies, emptyTally, type Tally, tallyOf } from './tally.ts';

export type RunProgress =
  | { readonly phase: 'Planning' }
  | {
      readonly phase: 'Processing';
      readonly plan: SealedPlan['summary'];
      readonly shardsDone: number;
      readonly tally: Tally;
    }
  | { readonly phase: 'Finished'; readonly summary: RunSummary };

/** Reads results of shards that are done and journals of those that are not. */
export async function readProgress(work: Storage, run: string): Promise<RunProgress> {
  const summary = await readSummary(work, run);
  if (summary !== undefined) return { phase: 'Finished', summary };
  const plan = await readSealedPlan(work, run);
  if (plan === undefined) return { phase: 'Planning' };
  let shardsDone = 0;
  let tally = emptyTally;
  for (let shard = 0; shard < plan.summary.shards; shard += 1) {
    const result = await readShardResult({ run, plan, shard, areas: { workArea: work } });
    if (result !== undefined) {
      shardsDone += 1;
      tally = addTallies(tally, result);
    } else {
      for await (const record of records(work, run, shard)) tally = addTallies(tally, tallyOf(record));
    }
  }
  return { phase: 'Processing', plan: plan.summary, shardsDone, tally };
}

async function* records(work: Storage, run: string, shard: number): AsyncGenerator<ObjectRecord> {
  for await (const entry of readJournal(work, workLayout(run).journalPrefix(shard))) {
    const record = decodeObjectRecord(entry);
    if (record !== undefined) yield record;
  }
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
  for await (const record of records(work, run, shard)) {
    if (record.ordinal === ordinal) return record;
  }
  return undefined;
}
