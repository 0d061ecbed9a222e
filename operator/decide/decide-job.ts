/**
 * What to do for a job: a pure function of the facts. Checks are asked in order, and the first that has something to say
 * decides; the order is the life of a job. To decide again on what a decision has brought about changes nothing.
 */
import { group } from '../../crds/v1alpha1/group.ts';
import type { JobFacts } from '../facts/job-facts.ts';
import { acceptance, refuseInvalid, refuseUnready } from './acceptance.ts';
import { isResumed, resume } from './attempts.ts';
import { firstOf } from './checks.ts';
import type { Decision } from './decision.ts';
import { dismantle, releaseFinalizer } from './deletion.ts';
import { holding, type SoundFacts } from './known.ts';
import { learnt } from './learnt.ts';
import { finish, plan, process } from './steps.ts';

/** What `spec.managedBy` says where it names this operator. */
export const operatorName: string = `${group}/operator`;

function leaveToOthers({ job }: JobFacts): Decision | undefined {
  const { managedBy } = job;
  return managedBy === undefined || managedBy === operatorName ? undefined : { kind: 'LeaveAlone' };
}

/** A complete job never changes. A failed one begins a new attempt where a person asks for it. */
function absorb(facts: JobFacts): Decision | undefined {
  const { job } = facts;
  if (holding(job.status, 'Complete') !== undefined) {
    const standing = { phase: 'Complete', rest: 'None' } as const;
    return { kind: 'Act', actions: releaseFinalizer(facts), standing, findings: {} };
  }
  const failed = holding(job.status, 'Failed');
  if (failed === undefined) return undefined;
  if (job.document.ok) {
    const sound = { ...facts, spec: job.document.document.spec };
    if (isResumed(sound, failed)) return resume(sound);
  }
  const { reason, message } = failed;
  const standing = { phase: 'Failed', rest: 'None', trouble: { reason, message } } as const;
  return { kind: 'Act', actions: [], standing, findings: {} };
}

const beforeAcceptance = [leaveToOthers, dismantle, absorb, refuseInvalid] as const;
const steps = [plan, process, finish] as const;

function run(facts: SoundFacts): Decision {
  const decision = firstOf(steps, facts);
  // The last step always decides.
  if (decision?.kind !== 'Act') return { kind: 'LeaveAlone' };
  // Once the run spec is pinned, only pods need it.
  const needsRunSpec = decision.actions.some(({ kind }) => kind === 'CreateJob');
  if (needsRunSpec || facts.job.status.runSpec === undefined) {
    const obstacle = refuseUnready(facts);
    if (obstacle !== undefined) return obstacle;
  }
  const { actions, findings } = acceptance(facts);
  const isOver = decision.standing.phase === 'Complete' || decision.standing.phase === 'Failed';
  return {
    ...decision,
    actions: isOver ? decision.actions : [...actions, ...decision.actions],
    findings: { ...findings, ...learnt(facts), ...decision.findings },
  };
}

export function decideJob(facts: JobFacts): Decision {
  const early = firstOf<JobFacts>(beforeAcceptance, facts);
  if (early !== undefined || !facts.job.document.ok) return early ?? { kind: 'LeaveAlone' };
  return run({ ...facts, spec: facts.job.document.document.spec });
}
