/** Gathers the facts of a job: what is cached from the caches, and what a decision hangs on read live. */

import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { validateRunSpec } from '../../crds/records/run-spec.ts';
import { validateProfile } from '../../crds/validate.ts';
import { childJobName, cleanupSpecName, runSpecName, type Step, steps } from '../build/names.ts';
import { runSpecEntry } from '../build/run-spec-config-map.ts';
import type { ChildSettings } from '../settings.ts';
import { type ChildJob, childJob, isChildOf, isOwnedBy } from './child-job.ts';
import type { ChildFact, JobFacts, PolledProgress, ProfileFact, Refusal, RunSpecFact } from './job-facts.ts';
import type { JobObject } from './job-object.ts';
import { type JsonObject, objectOf, textOf } from './json.ts';
import { podTrouble, startGraceMs, stepFault, stepResult } from './step-pods.ts';

/** Where facts come from. Names are those of the job's namespace. */
export interface FactSources {
  /** A child Job: from the cache, or read live where the API server has said that the name is taken. */
  job(namespace: string, name: string): Promise<JsonObject | undefined>;
  /** A DeidProfile from the cache. */
  profile(namespace: string, name: string): JsonObject | undefined;
  configMap(namespace: string, name: string): Promise<JsonObject | undefined>;
  /** Pods of a Job, a bounded number of them. */
  pods(namespace: string, jobUid: string): Promise<readonly JsonObject[]>;
}

export interface GatherContext {
  readonly sources: FactSources;
  readonly settings: ChildSettings;
  readonly nowMs: number;
  readonly refusal?: Refusal | undefined;
  readonly progress?: PolledProgress | undefined;
}

async function endedOrRunning(
  job: ChildJob,
  step: Step,
  read: () => Promise<readonly JsonObject[]>,
  nowMs: number,
): Promise<ChildFact> {
  if (job.end?.kind === 'Failed') {
    return { kind: 'Failed', job, reason: job.end.reason, fault: stepFault(await read()) };
  }
  if (job.end?.kind === 'Complete') {
    // Shards leave no word: their results lie in the work area.
    const hasWord = step === 'plan' || step === 'finish';
    return { kind: 'Complete', job, result: hasWord ? stepResult(await read()) : { kind: 'Lost' } };
  }
  const { startedMs, ready, suspend } = job;
  const isLate = !suspend && ready === 0 && startedMs !== undefined && nowMs - startedMs >= startGraceMs;
  return {
    kind: 'Running',
    job,
    trouble: isLate ? podTrouble(await read(), startedMs, nowMs) : undefined,
  };
}

async function child(job: JobObject, step: Step, context: GatherContext): Promise<ChildFact> {
  const { sources, nowMs } = context;
  const raw = await sources.job(job.namespace, childJobName(job, step, job.status.attempt ?? 0));
  if (raw === undefined) return { kind: 'Missing' };
  if (!isChildOf(raw, job, step)) return { kind: 'Foreign' };
  const parsed = childJob(raw);
  if (parsed.isGoing) return { kind: 'Going' };
  return endedOrRunning(parsed, step, () => sources.pods(job.namespace, parsed.uid), nowMs);
}

async function runSpecFact(job: JobObject, { sources }: GatherContext): Promise<RunSpecFact> {
  const raw = await sources.configMap(job.namespace, runSpecName(job));
  if (raw === undefined) return { kind: 'Missing' };
  if (!isOwnedBy(raw, job)) return { kind: 'Foreign' };
  try {
    const read = validateRunSpec(JSON.parse(textOf(objectOf(raw.data)[runSpecEntry])));
    return read.ok ? { kind: 'Found', runSpec: read.document } : { kind: 'Unreadable' };
  } catch {
    return { kind: 'Unreadable' };
  }
}

function profileFact(job: JobObject, sources: FactSources): ProfileFact {
  if (!job.document.ok) return { kind: 'NotRead' };
  const { name, builtin } = job.document.document.spec.profileRef;
  if (builtin !== undefined) return { kind: 'Found', profile: builtinProfiles[builtin] };
  const raw = sources.profile(job.namespace, name ?? '');
  if (raw === undefined) return { kind: 'Missing' };
  const { status: _, ...document } = raw;
  const read = validateProfile(document);
  return read.ok ? { kind: 'Found', profile: read.document } : { kind: 'Invalid', problems: read.problems };
}

/** Whether a pod may be made, so that the run spec must be there for it. */
function needsRunSpec(job: JobObject, children: JobFacts['children']): boolean {
  if (job.deletedMs !== undefined || job.status.runSpec === undefined) return true;
  return [children.plan, children.process, children.finish].every(({ kind }) => kind !== 'Running');
}

/** Whether the job has ended and nobody has changed it since. */
function isAtRest({ status, generation }: JobObject): boolean {
  return (status.conditions ?? []).some(
    ({ type, status: holds, observedGeneration }) =>
      holds === 'True' && (type === 'Complete' || (type === 'Failed' && observedGeneration === generation)),
  );
}

const nothing: JobFacts['children'] = Object.freeze({
  plan: { kind: 'Missing' },
  process: { kind: 'Missing' },
  finish: { kind: 'Missing' },
  cleanup: { kind: 'Missing' },
});

/** Whether anything can hang on the step's Job any more. */
function isAskedFor({ deletedMs, status }: JobObject, step: Step): boolean {
  if (deletedMs !== undefined) return true;
  return step !== 'cleanup' && (step !== 'plan' || status.plan === undefined);
}

/** The facts of a job. Of one that rests for good, nothing is read but itself. */
export async function gatherJob(job: JobObject, context: GatherContext): Promise<JobFacts> {
  const { sources, settings, nowMs, refusal, progress } = context;
  const common = { nowMs, job, settings, refusal, progress };
  if (isAtRest(job) && job.deletedMs === undefined) {
    const unread = { runSpec: { kind: 'NotRead' }, profile: { kind: 'NotRead' } } as const;
    return { ...common, ...unread, children: nothing, hasCleanupSpec: false };
  }
  const wanted = steps.filter((step) => isAskedFor(job, step));
  const found = await Promise.all(
    wanted.map(async (step) => [step, await child(job, step, context)] as const),
  );
  const children = { ...nothing, ...Object.fromEntries(found) };
  const runSpec: RunSpecFact = needsRunSpec(job, children)
    ? await runSpecFact(job, context)
    : { kind: 'NotRead' };
  const cleanupSpec =
    children.cleanup.kind === 'Running'
      ? await sources.configMap(job.namespace, cleanupSpecName(job))
      : undefined;
  return {
    ...common,
    children,
    runSpec,
    profile: runSpec.kind === 'Missing' ? profileFact(job, sources) : { kind: 'NotRead' },
    hasCleanupSpec: cleanupSpec !== undefined,
  };
}
