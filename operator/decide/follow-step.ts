/** Sees a step's Job from its making to its end. What follows from the end is for the step to say. */
import type { ChildJobInput } from '../build/child-jobs.ts';
import { type Step, suspendedAnnotation } from '../build/names.ts';
import { queueLabels } from '../build/queue.ts';
import type { ChildJob } from '../facts/child-job.ts';
import { type Cause, podTroubles, troubles } from '../status/reasons.ts';
import type { Action, Decision, Phase, Rest } from './decision.ts';
import { forbidden } from './forbidden.ts';
import { attemptOf, childSettingsOf, type SoundFacts } from './known.ts';

/** Until the pods of a Job that has none running are looked at again. */
const troubleCheckMs = 30_000;
/** Until an object that is in the way is looked for again: nothing tells of its going. */
const conflictCheckMs = 60_000;

export interface FollowedStep {
  readonly step: Exclude<Step, 'cleanup'>;
  readonly phase: Phase;
  readonly manifest: (input: ChildJobInput) => Readonly<Record<string, unknown>>;
}

/** What children of the job are built from. */
export function childJobInput(facts: SoundFacts): ChildJobInput {
  const { job, spec } = facts;
  const settings = childSettingsOf(facts);
  return { owner: job, spec, settings, attempt: attemptOf(facts), queue: queueLabels(job.labels) };
}

function act(
  actions: readonly Action[],
  phase: Phase,
  rest: Rest,
  trouble?: Cause,
  wakeAfterMs?: number,
): Decision {
  return {
    kind: 'Act',
    actions,
    standing: { phase, rest, trouble },
    findings: {},
    ...(wakeAfterMs === undefined ? {} : { wakeAfterMs }),
  };
}

function start(facts: SoundFacts, { step, phase, manifest }: FollowedStep): Decision {
  // Until there is a plan Job, the job is not under way.
  const before: Phase = step === 'plan' ? 'Accepting' : phase;
  if (facts.spec.suspend) return act([], before, 'Suspended');
  const obstacle = forbidden(facts.spec, facts.settings);
  if (obstacle !== undefined) return act([], before, 'None', obstacle);
  const input = childJobInput(facts);
  const create: Action = { kind: 'CreateJob', step, manifest: manifest(input) };
  const { refusal } = facts;
  if (refusal?.object === step || refusal?.object === 'runSpec') {
    const what = refusal.object === 'runSpec' ? 'run spec' : `${step} Job`;
    return act([create], before, 'None', troubles.refused(what, refusal.reason, refusal.fields));
  }
  return act([create], phase, Object.keys(input.queue).length > 0 ? 'Queued' : 'None');
}

/** Fields of the Job's spec that differ from what the job wants and may change while it runs. */
function drift({ spec }: SoundFacts, step: Step, job: ChildJob): Readonly<Record<string, unknown>> {
  const wanted = {
    suspend: spec.suspend,
    ...(step === 'process'
      ? {
          parallelism: Math.min(spec.parallelism, job.completions),
          activeDeadlineSeconds: spec.activeDeadlineSeconds,
        }
      : {}),
  };
  return Object.fromEntries(
    Object.entries(wanted)
      .filter(([name, value]) => value !== job[name as keyof typeof wanted])
      .map(([name, value]) => [name, value ?? null]),
  );
}

function patch(
  step: Step,
  { name, resourceVersion }: ChildJob,
  changes: Readonly<Record<string, unknown>>,
): Extract<Action, { kind: 'PatchJob' }> {
  const { suspend } = changes;
  const annotations = { [suspendedAnnotation]: suspend === true ? 'true' : null };
  return {
    kind: 'PatchJob',
    step,
    name,
    resourceVersion,
    changes,
    ...(suspend === undefined ? {} : { annotations }),
  };
}

function follow(facts: SoundFacts, { step, phase }: FollowedStep, job: ChildJob, trouble: Cause | undefined) {
  const { suspend } = facts.spec;
  // A queue starts and stops its Jobs alone: to rest, the Job gives its place up, and stands in line anew after it.
  if (job.isQueued && suspend) {
    return act([{ kind: 'DeleteJob', name: job.name, uid: job.uid }], phase, 'Suspending');
  }
  // Whoever else has suspended a Job starts it again: a queue that takes Jobs without a label too, or a person.
  if (job.suspend && !suspend && !job.isSuspendedByUs) return act([], phase, 'Queued');
  const changes = job.isQueued ? {} : drift(facts, step, job);
  const actions: readonly Action[] = Object.keys(changes).length === 0 ? [] : [patch(step, job, changes)];
  const { refusal } = facts;
  const refused =
    actions.length > 0 && refusal?.object === step
      ? troubles.refused(`change of the ${step} Job`, refusal.reason, refusal.fields)
      : undefined;
  if (suspend) {
    return act(actions, phase, job.suspend && job.active === 0 ? 'Suspended' : 'Suspending', refused);
  }
  return act(actions, phase, 'None', refused ?? trouble, job.ready === 0 ? troubleCheckMs : undefined);
}

/** What to do while the step's Job has not ended; undefined once it has. */
export function followStep(facts: SoundFacts, step: FollowedStep): Decision | undefined {
  const child = facts.children[step.step];
  switch (child.kind) {
    case 'Missing':
      return start(facts, step);
    case 'Foreign': {
      const conflict = troubles.nameConflict(`${step.step} Job`);
      return act([], step.step === 'plan' ? 'Accepting' : step.phase, 'None', conflict, conflictCheckMs);
    }
    case 'Going':
      return act([], step.phase, facts.spec.suspend ? 'Suspending' : 'None');
    case 'Running':
      return follow(
        facts,
        step,
        child.job,
        child.trouble === undefined ? undefined : podTroubles[child.trouble],
      );
    case 'Complete':
    case 'Failed':
      return undefined;
    default:
      return child satisfies never;
  }
}

/** Runs a step again whose word is lost: it says the same. */
export function runAgain(job: ChildJob, phase: Phase): Decision {
  return act([{ kind: 'DeleteJob', name: job.name, uid: job.uid }], phase, 'None');
}
