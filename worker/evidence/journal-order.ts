/** The records of a shard's journal in order of ordinals; those that come early wait in memory. */
import { readJournal } from '../journal/journal.ts';
import { JournalError } from '../journal/journal-error.ts';
import { workLayout } from '../run/layout.ts';
import { decodeObjectRecord, type ObjectRecord } from '../run/object-record.ts';
import type { Storage } from '../storage/storage.ts';

/**
 * Where a record is missing, the ordinals jump to one that came later, and the records end. Throws `JournalError`
 * `Corrupt`, also where an ordinal stands twice.
 */
export async function* journalInOrder(
  work: Storage,
  run: string,
  shard: number,
  first: number,
): AsyncGenerator<ObjectRecord> {
  const early = new Map<number, ObjectRecord>();
  let next = first;
  for await (const entry of readJournal(work, workLayout(run).journalPrefix(shard))) {
    const record = decodeObjectRecord(entry);
    if (record === undefined || record.ordinal < next || early.has(record.ordinal)) {
      throw new JournalError('Corrupt');
    }
    early.set(record.ordinal, record);
    for (let ready = early.get(next); ready !== undefined; ready = early.get(next)) {
      early.delete(next);
      next += 1;
      yield ready;
    }
  }
  const [left] = early.values();
  if (left !== undefined) yield left;
}
