/** Counts of a shard, gathered record by record, and sums over shards. */
import type { OutcomeCounts } from '../../crds/records/outcome-counts.ts';
import type { ObjectRecord } from './object-record.ts';

export interface Tally {
  readonly objects: number;
  readonly outcomes: OutcomeCounts;
  readonly reasons: Readonly<Record<string, number>>;
  readonly pixelsUnchecked: number;
  /** De-identified objects whose records name a container clean-up. */
  readonly pixelsCleaned: number;
  /** Outputs that are byte for byte that of another object of the shard. */
  readonly duplicates: number;
  readonly bytesIn: number;
  /** Bytes written to the destination; equal outputs are written once and counted for each. */
  readonly bytesOut: number;
}

export const emptyTally: Tally = Object.freeze({
  objects: 0,
  outcomes: Object.freeze({ deidentified: 0, review: 0, rejected: 0, skipped: 0, failed: 0 }),
  reasons: Object.freeze({}),
  pixelsUnchecked: 0,
  pixelsCleaned: 0,
  duplicates: 0,
  bytesIn: 0,
  bytesOut: 0,
});

/** What one object counts for. */
export function tallyOf(record: ObjectRecord): Tally {
  const isDone = record.outcome === 'deidentified';
  return {
    objects: 1,
    outcomes: { ...emptyTally.outcomes, [record.outcome]: 1 },
    reasons: record.reason === undefined ? {} : { [record.reason]: 1 },
    pixelsUnchecked: isDone && record.record?.pixelsUnchecked === true ? 1 : 0,
    pixelsCleaned: isDone && (record.record?.cleanups.length ?? 0) > 0 ? 1 : 0,
    duplicates: 0,
    bytesIn: record.input.size,
    bytesOut: isDone ? (record.output?.size ?? 0) : 0,
  };
}

export function addTallies(a: Tally, b: Tally): Tally {
  const reasons: Record<string, number> = { ...a.reasons };
  for (const [reason, count] of Object.entries(b.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count;
  return {
    objects: a.objects + b.objects,
    outcomes: {
      deidentified: a.outcomes.deidentified + b.outcomes.deidentified,
      review: a.outcomes.review + b.outcomes.review,
      rejected: a.outcomes.rejected + b.outcomes.rejected,
      skipped: a.outcomes.skipped + b.outcomes.skipped,
      failed: a.outcomes.failed + b.outcomes.failed,
    },
    reasons,
    pixelsUnchecked: a.pixelsUnchecked + b.pixelsUnchecked,
    pixelsCleaned: a.pixelsCleaned + b.pixelsCleaned,
    duplicates: a.duplicates + b.duplicates,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
  };
}
