/** How far a job is, as text for people. */
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';

/**
 * The share of the plan's shards that are done, those of earlier attempts among them, and what running pods have done of
 * theirs. 100% is for the job that is Complete; before it, 99% is the most.
 */
export function progressText(
  status: Pick<DeidJobStatus, 'plan' | 'shards' | 'retryable'>,
  isComplete: boolean,
  runningShards: number,
): string | undefined {
  if (isComplete) return '100%';
  const all = status.plan?.shards;
  if (all === undefined) return undefined;
  const ofAttempt = status.shards?.total ?? status.retryable?.shards ?? all;
  const succeeded = status.shards?.succeeded ?? 0;
  const done = all - ofAttempt + Math.min(ofAttempt, succeeded + runningShards);
  return `${Math.max(0, Math.min(99, Math.floor((100 * done) / Math.max(1, all))))}%`;
}

/** The later of two progresses. */
export function laterProgress(one: string | undefined, other: string | undefined): string | undefined {
  return Number.parseInt(one ?? '-1', 10) > Number.parseInt(other ?? '-1', 10) ? one : other;
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** A duration by its two largest units: `2d3h`, `1h12m`, `45s`. */
export function durationText(ms: number): string {
  let seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = units.map(([unit, size]) => {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    return { unit, count };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  if (first < 0) return '0s';
  return parts
    .slice(first, first + 2)
    .filter(({ count }) => count > 0)
    .map(({ unit, count }) => `${count}${unit}`)
    .join('');
}
