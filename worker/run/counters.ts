/** Counters of a step, from what is known of its shards and what its objects have come to. */
import type { Counters } from '../../crds/records/counters.ts';
import type { Tally } from './tally.ts';

export function countersOf(
  shards: { readonly count: number; readonly done: number },
  inventory: { readonly objects: number; readonly bytes: number },
  { outcomes, bytesIn, bytesOut }: Tally,
): Counters {
  return {
    kind: 'Counters',
    version: 1,
    shards: shards.count,
    shardsDone: shards.done,
    objects: inventory.objects,
    outcomes,
    bytes: inventory.bytes,
    bytesIn,
    bytesOut,
  };
}
