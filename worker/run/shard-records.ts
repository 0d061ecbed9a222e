/** What the journals of a shard say of its objects, in order of ordinals, over all attempts that took the shard. */
import { readJournal } from '../journal/journal.ts';
import { JournalError } from '../journal/journal-error.ts';
import type { Storage } from '../storage/storage.ts';
import { attemptLayout } from './layout.ts';
import { decodeObjectRecord, type ObjectRecord, touchedOrdinal } from './object-record.ts';

export interface ShardJournals {
  readonly run: string;
  readonly shard: number;
  /** The attempts that took the shard, in order. */
  readonly attempts: readonly number[];
}

/** The records of one attempt's journal as they were written. Throws `JournalError` `Corrupt`. */
export async function* journalRecords(
  work: Storage,
  { run, shard }: Pick<ShardJournals, 'run' | 'shard'>,
  attempt: number,
): AsyncGenerator<ObjectRecord> {
  for await (const entry of readJournal(work, attemptLayout(run, attempt).journalPrefix(shard))) {
    if (touchedOrdinal(entry) !== undefined) continue;
    const record = decodeObjectRecord(entry);
    if (record === undefined) throw new JournalError('Corrupt');
    yield record;
  }
}

/**
 * For each ordinal of `[first, end)` the record of the last attempt that has one, or undefined. Then records of ordinals
 * beyond, which belong to no object of the shard. Throws `JournalError` `Corrupt`, also where a journal says something
 * twice of one object. Of the first attempt only records that come early are in memory, of later ones all.
 */
export async function* shardRecords(
  work: Storage,
  journals: ShardJournals,
  { first, end }: { readonly first: number; readonly end: number },
): AsyncGenerator<ObjectRecord | undefined> {
  const [base = 0, ...later] = journals.attempts;
  const over = new Map<number, ObjectRecord>();
  for (const attempt of later) {
    const own = new Set<number>();
    for await (const record of journalRecords(work, journals, attempt)) {
      if (record.ordinal < first || own.has(record.ordinal)) throw new JournalError('Corrupt');
      own.add(record.ordinal);
      over.set(record.ordinal, record);
    }
  }
  const early = new Map<number, ObjectRecord>();
  let next = first;
  for await (const record of journalRecords(work, journals, base)) {
    if (record.ordinal < next || early.has(record.ordinal)) throw new JournalError('Corrupt');
    early.set(record.ordinal, record);
    for (let ready = early.get(next); ready !== undefined && next < end; ready = early.get(next)) {
      early.delete(next);
      const { ordinal } = ready;
      yield over.get(ordinal) ?? ready;
      over.delete(ordinal);
      next += 1;
    }
  }
  for (; next < end; next += 1) {
    yield over.get(next) ?? early.get(next);
    over.delete(next);
    early.delete(next);
  }
  yield* early.values();
  yield* over.values();
}
