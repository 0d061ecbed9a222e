/**
 * The work of one job as its work area would hold it: which shards are done, what finish has sealed of each attempt, and
 * the lists that attempts left behind.
 */
import { digestOf } from '../../crds/records/canonical-json.ts';
import type { FinishSummary } from '../../crds/records/finish-summary.ts';
import type { PlanSummary } from '../../crds/records/plan-summary.ts';

type ShardState = 'Undone' | 'Done' | 'ObjectsFailed';

export const objectsPerShard = 10;
const bytesPerShard = 1000;

export class SimulatedWork {
  readonly states: ShardState[];
  /** Whether more objects are rejected than the job allows. */
  isBeyondPolicy = false;
  readonly #leftBy = new Map<number, readonly number[]>();
  readonly #sealed = new Map<number, FinishSummary>();

  constructor(shards: number) {
    this.states = Array.from({ length: shards }, () => 'Undone');
  }

  /** The shards of an attempt; undefined where the list that it goes by was never written. */
  shardsOf(leftBy: number | undefined): readonly number[] | undefined {
    return leftBy === undefined ? this.states.map((_, shard) => shard) : this.#leftBy.get(leftBy);
  }

  planSummary(runSpecDigest: string): PlanSummary {
    const shards = this.states.length;
    return {
      kind: 'PlanSummary',
      version: 1,
      engineVersion: 'e',
      runSpecDigest,
      digest: this.#planDigest,
      shards,
      objects: shards * objectsPerShard,
      bytes: shards * bytesPerShard,
    };
  }

  get #planDigest(): string {
    return digestOf({ shards: this.states.length });
  }

  /** The first word of finish about an attempt stands; it writes the list of what is left. */
  seal(attempt: number): FinishSummary {
    const sealed = this.#sealed.get(attempt);
    if (sealed !== undefined) return sealed;
    const left = this.states.flatMap((state, shard) => (state === 'Done' ? [] : [shard]));
    const count = (state: ShardState) => this.states.filter((each) => each === state).length;
    const [undone, failed, total] = [count('Undone'), count('ObjectsFailed'), this.states.length];
    const summary: FinishSummary = {
      kind: 'FinishSummary',
      version: 1,
      engineVersion: 'e',
      planDigest: this.#planDigest,
      attempt,
      result: this.isBeyondPolicy
        ? 'FailurePolicyExceeded'
        : undone > 0
          ? 'ShardsUndone'
          : failed > 0
            ? 'ObjectsFailed'
            : 'Success',
      shards: { total, done: total - undone, retryable: left.length },
      objects: total * objectsPerShard,
      outcomes: {
        deidentified: (total - undone) * objectsPerShard - failed,
        review: 0,
        rejected: 0,
        skipped: 0,
        failed,
      },
      reasons: failed > 0 ? [{ code: 'StorageFault', objects: failed }] : [],
      bytesIn: (total - undone) * bytesPerShard,
      bytesOut: (total - undone) * bytesPerShard,
      ledger: { root: digestOf({ attempt }), entries: 1 },
      report: 'report.html',
    };
    this.#leftBy.set(attempt, left);
    this.#sealed.set(attempt, summary);
    return summary;
  }
}

/** The number behind `--left-by=` in the arguments of a worker's container; undefined where there is none. */
export function leftByOf(args: readonly string[]): number | undefined {
  const text = args.find((arg) => arg.startsWith('--left-by='))?.slice('--left-by='.length);
  return text === undefined ? undefined : Number(text);
}
