/** How an attempt ends: in another attempt, or for good. */
import { exitCodes } from '../../crds/records/exit-codes.ts';
import type { StepFault } from '../facts/step-pods.ts';
import { type Cause, failures, isMendable } from '../status/reasons.ts';
import type { Decision, Findings } from './decision.ts';
import { attemptOf, planOf, type SoundFacts } from './known.ts';

/** The job fails. What was found out is kept. */
export function fail(trouble: Cause, findings: Findings = {}): Decision {
  return { kind: 'Act', actions: [], standing: { phase: 'Failed', rest: 'None', trouble }, findings };
}

/** Begins the next attempt. It is written down before anything is made for it. */
export function nextAttempt(facts: SoundFacts, findings: Findings = {}): Decision {
  return {
    kind: 'Act',
    actions: [],
    standing: {
      phase: planOf(facts) === undefined ? 'Planning' : 'Processing',
      rest: facts.spec.suspend ? 'Suspended' : 'None',
    },
    findings: { ...findings, attempt: attemptOf(facts) + 1, shards: undefined },
    wakeAfterMs: 0,
  };
}

/**
 * Goes on with a failed job. Where shards were processed and the attempt was never sealed, it was finish that failed: it
 * runs again, and what the shards have done is kept. Otherwise the next attempt begins.
 */
export function resume(facts: SoundFacts): Decision {
  const { retryable } = facts.job.status;
  const isSealed = retryable?.attempt === attemptOf(facts);
  if (planOf(facts) === undefined || isSealed) return nextAttempt(facts);
  const { finish } = facts.children;
  const job = finish.kind === 'Complete' || finish.kind === 'Failed' ? finish.job : undefined;
  return {
    kind: 'Act',
    actions: job === undefined ? [] : [{ kind: 'DeleteJob', name: job.name, uid: job.uid }],
    standing: { phase: 'Finishing', rest: facts.spec.suspend ? 'Suspended' : 'None' },
    findings: {},
    wakeAfterMs: 0,
  };
}

/**
 * Whether a failed job goes on: attempts are left, and the spec was changed after it failed. Without a change it would
 * fail again for the same reason.
 */
export function isResumed(
  { job, spec }: SoundFacts,
  failed: { readonly reason: string; readonly observedGeneration?: number },
): boolean {
  const isChanged = job.generation > (failed.observedGeneration ?? 0);
  return isChanged && spec.retry > (job.status.attempt ?? 0) && isMendable(failed.reason);
}

/** Why a step's Job failed. The worker's own word is the best; it names no value. */
export function failureOf(step: string, reason: string, { failure, exit, isOutOfMemory }: StepFault): Cause {
  if (failure !== undefined) return failures.worker(failure.exit, failure.message);
  if (isOutOfMemory) return failures.outOfMemory(step);
  if (exit !== undefined && exit !== 'Success') return failures.worker(exit, exitCodes[exit].meaning);
  return failures.stepDied(step, reason === 'BackoffLimitExceeded' ? 'each time it was tried' : 'for good');
}
