/** The three steps of an attempt, each a check that decides until its step is behind. */

import { exitCodes } from '../../crds/records/exit-codes.ts';
import type { FinishSummary } from '../../crds/records/finish-summary.ts';
import { accounted } from '../../crds/records/outcome-counts.ts';
import { finishJob, planJob, processJob } from '../build/child-jobs.ts';
import { type Cause, failures, isMendable } from '../status/reasons.ts';
import { fail, failureOf, nextAttempt } from './attempts.ts';
import type { Decision, Findings } from './decision.ts';
import { releaseFinalizer } from './deletion.ts';
import { followStep, runAgain } from './follow-step.ts';
import { attemptOf, attemptShards, isFinishing, planOf, type SoundFacts } from './known.ts';

/** Until there is a plan. */
export function plan(facts: SoundFacts): Decision | undefined {
  if (planOf(facts) !== undefined) return undefined;
  const child = facts.children.plan;
  if (child.kind === 'Complete') {
    return child.result.kind === 'Lost'
      ? runAgain(child.job, 'Planning')
      : fail(failures.summaryUnreadable('plan'));
  }
  if (child.kind === 'Failed') return fail(failureOf('plan', child.reason, child.fault));
  return followStep(facts, { step: 'plan', phase: 'Planning', manifest: planJob });
}

/** Until the shards of the attempt have been done or given up. A Job that failed has its attempt finished too. */
export function process(facts: SoundFacts): Decision | undefined {
  const known = planOf(facts);
  if (known === undefined || facts.children.finish.kind !== 'Missing') return undefined;
  // A Job that is gone after its time to live is not made again for shards that finish may have sealed.
  if (facts.children.process.kind === 'Missing' && isFinishing(facts.job.status)) return undefined;
  const shards = attemptShards(facts, known);
  // An empty source has a plan without shards, and nothing to process.
  if (shards.count === 0) return undefined;
  const manifest = (input: Parameters<typeof processJob>[0]) => processJob(input, shards);
  return followStep(facts, { step: 'process', phase: 'Processing', manifest });
}

/** Until the attempt is sealed, and what follows from it. */
export function finish(facts: SoundFacts): Decision | undefined {
  const child = facts.children.finish;
  if (child.kind === 'Complete') {
    if (child.result.kind === 'Lost') return runAgain(child.job, 'Finishing');
    return child.result.kind === 'Finish' && isOfThisAttempt(facts, child.result.summary)
      ? conclude(facts, child.result.summary)
      : fail(failures.summaryUnreadable('finish'));
  }
  if (child.kind === 'Failed') return fail(failureOf('finish', child.reason, child.fault));
  return followStep(facts, { step: 'finish', phase: 'Finishing', manifest: finishJob });
}

function isOfThisAttempt(facts: SoundFacts, summary: FinishSummary): boolean {
  return summary.planDigest === planOf(facts)?.digest && summary.attempt === attemptOf(facts);
}

/** What a summary says of the attempt. Statistics of several attempts are in it, not added up here. */
function summaryFindings(summary: FinishSummary): Findings {
  const { attempt, result, shards, objects, outcomes, reasons, bytesIn, ledger, report } = summary;
  return {
    objects: { total: objects, ...outcomes },
    reasons,
    bytes: bytesIn,
    ledger,
    report,
    retryable:
      result === 'Success' || shards.retryable === 0 ? undefined : { attempt, shards: shards.retryable },
  };
}

function conclude(facts: SoundFacts, summary: FinishSummary): Decision {
  const findings = summaryFindings(summary);
  const isWhole = accounted(summary.outcomes) === summary.objects;
  if (summary.objects !== planOf(facts)?.objects || (summary.result !== 'ShardsUndone' && !isWhole)) {
    return fail(failures.unaccounted, findings);
  }
  const cause = causeOf(facts, summary);
  if (cause === undefined) {
    const standing = { phase: 'Complete', rest: 'None' } as const;
    return { kind: 'Act', actions: releaseFinalizer(facts), standing, findings };
  }
  const isMeantTo = findings.retryable !== undefined && facts.spec.retry > summary.attempt;
  const goesOn = isMeantTo && isMendable(cause.reason) && !isHopeless(facts);
  return goesOn ? nextAttempt(facts, findings) : fail(cause, findings);
}

/** Whether the shards were stopped by something that another attempt would meet again: a person must see to it first. */
function isHopeless({ children }: SoundFacts): boolean {
  const { process: child } = children;
  if (child.kind !== 'Failed') return false;
  const { exit } = child.fault;
  return child.reason === 'DeadlineExceeded' || (exit !== undefined && exitCodes[exit].pod === 'FailJob');
}

/** Why the attempt is no success; undefined where it is one. */
function causeOf({ children }: SoundFacts, summary: FinishSummary): Cause | undefined {
  const { result, shards, outcomes } = summary;
  switch (result) {
    case 'Success':
      return undefined;
    case 'ObjectsFailed':
      return failures.objectsFailed(outcomes.failed);
    case 'FailurePolicyExceeded':
      return failures.policyExceeded(outcomes.rejected);
    case 'ShardsUndone': {
      const { process: child } = children;
      if (child.kind !== 'Failed') return failures.shardsUndone(shards.retryable);
      if (child.reason === 'DeadlineExceeded') return failures.deadlineExceeded(shards.retryable);
      const { exit, isOutOfMemory } = child.fault;
      const isTold = exit !== undefined && exit !== 'ObjectsFailed';
      if (isTold) return failureOf('process', child.reason, child.fault);
      return isOutOfMemory ? failures.outOfMemory('process') : failures.shardsUndone(shards.retryable);
    }
    default:
      return result satisfies never;
  }
}
