/**
 * The deletion of a job. Children go with it by their owner references; results stay. Only where a bucket may hold
 * unfinished uploads does the deletion wait, bounded in time, for a Job that aborts them.
 */
import { group } from '../../crds/v1alpha1/group.ts';
import { cleanupDeadlineSeconds, cleanupJob } from '../build/child-jobs.ts';
import { queueLabels } from '../build/queue.ts';
import { cleanupSpecConfigMap } from '../build/run-spec-config-map.ts';
import type { ChildFact, JobFacts } from '../facts/job-facts.ts';
import type { Action, Decision } from './decision.ts';
import { forbidden } from './forbidden.ts';
import { attemptOf, childSettingsOf, holding, runSpecOf } from './known.ts';

/** Keeps a job until its uploads have been aborted. */
export const cleanupFinalizer: string = `${group}/cleanup`;

/** A cluster that cannot run the cleanup holds a deletion up no longer than this. */
const longestWaitMs = (cleanupDeadlineSeconds + 120) * 1000;

function withoutOurs({ job }: JobFacts): Action {
  return { kind: 'SetFinalizers', finalizers: job.finalizers.filter((name) => name !== cleanupFinalizer) };
}

/** The finalizer is taken off as soon as nothing is left to clean up. */
export function releaseFinalizer(facts: JobFacts): readonly Action[] {
  return facts.job.finalizers.includes(cleanupFinalizer) ? [withoutOurs(facts)] : [];
}

/** Jobs of steps whose pods may still write. */
function stopSteps({ children }: JobFacts): readonly Action[] {
  return [children.plan, children.process, children.finish].flatMap((child): Action[] =>
    child.kind === 'Running' ? [{ kind: 'DeleteJob', name: child.job.name, uid: child.job.uid }] : [],
  );
}

const mayWrite = (child: ChildFact) => child.kind === 'Running' || child.kind === 'Going';

/** Of a deletion that waits for us: what to do next, or that it may go on. */
export function dismantle(facts: JobFacts): Decision | undefined {
  const { job, children, nowMs } = facts;
  if (job.deletedMs === undefined) return undefined;
  if (!job.finalizers.includes(cleanupFinalizer)) return { kind: 'Dismantle', actions: [] };
  const release: Decision = { kind: 'Dismantle', actions: [withoutOurs(facts)] };
  const remainingMs = job.deletedMs + longestWaitMs - nowMs;
  const runSpec = runSpecOf(facts);
  const hasBegun = job.status.runSpec !== undefined || facts.runSpec.kind === 'Found';
  const isClean = !hasBegun || holding(job.status, 'Complete') !== undefined;
  if (isClean) return release;
  const giveUp: Decision = { ...release, leavesUploads: true };
  if (remainingMs <= 0 || !job.document.ok || runSpec === undefined) return giveUp;
  if (facts.refusal?.object === 'cleanup') return giveUp;
  const { spec } = job.document.document;
  if (forbidden(spec, facts.settings) !== undefined) return giveUp;
  const wait = (actions: readonly Action[] = []): Decision => ({
    kind: 'Dismantle',
    actions,
    wakeAfterMs: remainingMs,
  });
  if ([children.plan, children.process, children.finish].some(mayWrite)) return wait(stopSteps(facts));
  switch (children.cleanup.kind) {
    case 'Missing': {
      const input = { owner: job, spec, settings: childSettingsOf(facts), attempt: attemptOf(facts) };
      const manifest = cleanupJob({ ...input, queue: queueLabels(job.labels) });
      return wait([{ kind: 'CreateJob', step: 'cleanup', manifest }]);
    }
    case 'Running': {
      const { name, uid } = children.cleanup.job;
      if (facts.hasCleanupSpec) return wait();
      return wait([{ kind: 'CreateConfigMap', manifest: cleanupSpecConfigMap(job, runSpec, { name, uid }) }]);
    }
    case 'Complete':
      return release;
    case 'Foreign':
    case 'Going':
    case 'Failed':
      return giveUp;
    default:
      return children.cleanup satisfies never;
  }
}
