/** What the pods of an attempt have told of their shards, added up. Of each shard the largest word counts, so that sums only grow. */
import type { Counters } from '../../crds/records/counters.ts';
import { accounted } from '../../crds/records/outcome-counts.ts';
import type { PolledProgress } from '../facts/job-facts.ts';

type Outcomes = Counters['outcomes'];
const outcomes = [
  'deidentified',
  'review',
  'rejected',
  'skipped',
  'failed',
] as const satisfies readonly (keyof Outcomes)[];

type Told = Readonly<Record<(typeof outcomes)[number] | 'bytes', number>>;

function larger(before: Told | undefined, { outcomes: now, bytesIn }: Counters): Told {
  const counts = outcomes.map((name) => [name, Math.max(before?.[name] ?? 0, now[name])] as const);
  return { ...Object.fromEntries(counts), bytes: Math.max(before?.bytes ?? 0, bytesIn) } as Told;
}

/** The share of its objects that a shard has an outcome for, 0 to 1. */
function share({ objects, outcomes: now }: Counters): number {
  return objects === 0 ? 0 : Math.min(1, accounted(now) / objects);
}

/** A word of a pod about the shard of its index. */
export interface ShardWord {
  readonly index: number;
  readonly counters: Counters;
}

export class ShardCounters {
  readonly #told = new Map<number, Told>();
  #runningShards = 0;

  /** The words of all pods that run now. */
  hear(words: readonly ShardWord[]): void {
    for (const { index, counters } of words) this.#told.set(index, larger(this.#told.get(index), counters));
    this.#runningShards = words.reduce((sum, { counters }) => sum + share(counters), 0);
  }

  get progress(): PolledProgress {
    const sums = { deidentified: 0, review: 0, rejected: 0, skipped: 0, failed: 0, bytes: 0 };
    for (const told of this.#told.values()) {
      for (const name of [...outcomes, 'bytes'] as const) sums[name] += told[name];
    }
    return { ...sums, runningShards: this.#runningShards };
  }
}
