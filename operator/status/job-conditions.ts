/** The conditions of a job, from where it stands. Every one is set from the first sight of the job on. */
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import type { Phase, Rest, Standing } from '../decide/decision.ts';
import type { WantedCondition } from './conditions.ts';

/** What is said of a phase: the reason and the sentence of Complete. */
const phases: Readonly<Record<Phase, readonly [reason: string, message: string]>> = {
  Accepting: ['Accepting', 'The job has not begun.'],
  Planning: ['Planning', 'The source is being listed and cut into shards.'],
  Processing: ['Processing', 'Shards are being processed.'],
  Finishing: ['Finishing', 'Results are being added up and sealed.'],
  Complete: ['Complete', 'Every object has its outcome, and the ledger is sealed.'],
  Failed: ['Failed', 'The job has failed; the condition Failed says why.'],
};

const rests: Readonly<Record<Rest, Omit<WantedCondition, 'type'>>> = {
  None: { status: 'False', reason: 'NotSuspended', message: 'The job is not suspended.' },
  Suspending: {
    status: 'False',
    reason: 'Suspending',
    message: 'Pods are being stopped; what they have done is kept.',
  },
  Suspended: {
    status: 'True',
    reason: 'Suspended',
    message: 'No pod runs. Set spec.suspend to false, and the job goes on where it was.',
  },
  Queued: {
    status: 'True',
    reason: 'Queued',
    message:
      'The child Job is held: by a queue, whose Workload says what it waits for, or by whoever suspended it by hand.',
  },
};

function planned(plan: DeidJobStatus['plan'], [reason, message]: readonly [string, string]): WantedCondition {
  return plan === undefined
    ? { type: 'Planned', status: 'False', reason, message }
    : {
        type: 'Planned',
        status: 'True',
        reason: 'Planned',
        message: `${plan.objects ?? 0} objects in ${plan.shards ?? 0} shards.`,
      };
}

function failed({ phase, trouble }: Standing): WantedCondition {
  return phase === 'Failed' && trouble !== undefined
    ? { type: 'Failed', status: 'True', ...trouble }
    : { type: 'Failed', status: 'False', reason: 'NotFailed', message: 'The job has not failed.' };
}

/** True until pods are under way, for tools that wait until an object has been taken in (kstatus). */
function reconciling({ phase, rest, trouble }: Standing): WantedCondition {
  return phase === 'Accepting' && rest === 'None' && trouble === undefined
    ? { type: 'Reconciling', status: 'True', reason: 'Accepting', message: 'The job is being taken in.' }
    : { type: 'Reconciling', status: 'False', reason: 'Accepted', message: 'The job has been taken in.' };
}

function stalled({ trouble }: Standing): WantedCondition {
  return trouble === undefined
    ? { type: 'Stalled', status: 'False', reason: 'NotStalled', message: 'Nothing is in the way of the job.' }
    : { type: 'Stalled', status: 'True', ...trouble };
}

export function jobConditions(standing: Standing, plan: DeidJobStatus['plan']): readonly WantedCondition[] {
  const [reason, message] = phases[standing.phase];
  return [
    { type: 'Complete', status: standing.phase === 'Complete' ? 'True' : 'False', reason, message },
    failed(standing),
    planned(plan, phases[standing.phase]),
    { type: 'Suspended', ...rests[standing.rest] },
    reconciling(standing),
    stalled(standing),
  ];
}
