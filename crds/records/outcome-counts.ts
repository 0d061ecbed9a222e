/** Counts of objects by outcome and by reason, as results and progress carry them. */
import { integer, map, object, required, type Value } from '../schema/schema.ts';
import { count } from './fields.ts';

/** Number of objects per outcome. */
export const outcomeCounts = object('Objects by outcome.', {
  deidentified: count('Written to the destination.'),
  review: count('Held back for a person to look.'),
  rejected: count('Not understood or refused by policy.'),
  skipped: count('Not wanted by the filter.'),
  failed: count('Fallen to a fault; to be tried again.'),
});

export type OutcomeCounts = Value<typeof outcomeCounts>;

/** Number of objects per reason code, where there are any. */
export const reasonCounts = required(
  map(
    'Objects that were not de-identified, by reason code.',
    integer('Number of objects with the reason.', 0),
    256,
  ),
);

/** Number of objects that have an outcome. */
export function accounted(counts: OutcomeCounts): number {
  return counts.deidentified + counts.review + counts.rejected + counts.skipped + counts.failed;
}
