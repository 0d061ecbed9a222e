/** What the facts say for the status, whatever is decided by them. Within an attempt, counters only grow. */
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import { cutIndexes } from '../facts/index-intervals.ts';
import type { JobFacts, PolledProgress } from '../facts/job-facts.ts';
import type { Findings } from './decision.ts';
import { planOf, type SoundFacts } from './known.ts';

/** Longest text of indexes in a status. */
const maxIndexesLength = 4096;

function shards({ children, job }: JobFacts): DeidJobStatus['shards'] {
  const { process } = children;
  if (process.kind !== 'Running' && process.kind !== 'Complete' && process.kind !== 'Failed')
    return undefined;
  const { completions, succeeded: now, failed, failedIndexes, ready } = process.job;
  // A Job that was made anew counts from 0, and its shards find their journals.
  const succeeded = Math.min(completions, Math.max(now, job.status.shards?.succeeded ?? 0));
  return {
    total: completions,
    active: process.kind === 'Running' ? ready : 0,
    succeeded,
    failed: Math.min(failed, completions - succeeded),
    ...(failedIndexes === '' ? {} : { failedIndexes: cutIndexes(failedIndexes, maxIndexesLength) }),
  };
}

const outcomes = ['deidentified', 'review', 'rejected', 'skipped', 'failed'] as const;

/** Objects as pods have told so far; what a sum would exceed the plan by is not believed. */
function objects(
  previous: NonNullable<DeidJobStatus['objects']>,
  total: number,
  polled: PolledProgress | undefined,
): NonNullable<DeidJobStatus['objects']> {
  const grown = outcomes.map((name) => [name, Math.max(previous[name] ?? 0, polled?.[name] ?? 0)] as const);
  const sum = grown.reduce((whole, [, count]) => whole + count, 0);
  return sum > total ? { ...previous, total } : { total, ...Object.fromEntries(grown) };
}

export function learnt(facts: SoundFacts): Findings {
  const { status } = facts.job;
  const plan = planOf(facts);
  if (plan === undefined) return {};
  const counted = shards(facts);
  // Counts of an attempt beyond the first are those of its summary: its pods know their own shards alone.
  const isFirst = status.retryable === undefined;
  return {
    plan,
    ...(counted === undefined ? {} : { shards: counted }),
    ...(isFirst
      ? {
          objects: objects(status.objects ?? {}, plan.objects, facts.progress),
          bytes: Math.min(plan.bytes, Math.max(status.bytes ?? 0, facts.progress?.bytes ?? 0)),
        }
      : {}),
  };
}
