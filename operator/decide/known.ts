/** Questions about the facts of a job that several decisions ask. */
import { makeRunSpec, type RunSpec } from '../../crds/records/run-spec.ts';
import { areaNames } from '../../crds/v1alpha1/area.ts';
import type { DeidJobSpec } from '../../crds/v1alpha1/job.ts';
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import type { AttemptShards } from '../build/child-jobs.ts';
import type { JobFacts } from '../facts/job-facts.ts';
import type { ChildSettings } from '../settings.ts';
import type { Phase } from './decision.ts';

/** Facts of a job whose document is valid. */
export interface SoundFacts extends JobFacts {
  readonly spec: DeidJobSpec;
}

type Plan = Required<NonNullable<DeidJobStatus['plan']>>;
type Condition = NonNullable<DeidJobStatus['conditions']>[number];

/** The attempt that runs or ran last. */
export function attemptOf({ job }: Pick<JobFacts, 'job'>): number {
  return job.status.attempt ?? 0;
}

/** The condition, where it is True. */
export function holding(status: DeidJobStatus, type: string): Condition | undefined {
  return status.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

/** Whether the shards of the attempt have ended, as far as the status remembers. */
export function isFinishing({ conditions = [] }: DeidJobStatus): boolean {
  const reason: Phase = 'Finishing';
  return conditions.some((condition) => condition.type === 'Complete' && condition.reason === reason);
}

/** The run spec, as it is stored or as the job and its profile give it; undefined where neither has the right digest. */
export function runSpecOf({ job, runSpec, profile }: JobFacts): RunSpec | undefined {
  const pinned = job.status.runSpec?.digest;
  const isRight = ({ digest }: RunSpec) => pinned === undefined || pinned === digest;
  if (runSpec.kind === 'Found') return isRight(runSpec.runSpec) ? runSpec.runSpec : undefined;
  if (!job.document.ok || profile.kind !== 'Found') return undefined;
  const made = makeRunSpec(job.document.document, profile.profile);
  return isRight(made) ? made : undefined;
}

/**
 * What children are built by. A job keeps the image that it was accepted with: records of two versions of the program
 * have no root in common, so an operator that was upgraded in the midst of a run lets the old version end it. The
 * status says which image it is, as nobody but the operator can write it.
 */
export function childSettingsOf({ job, settings }: Pick<JobFacts, 'job' | 'settings'>): ChildSettings {
  const image = job.status.runSpec?.image;
  return image === undefined ? settings : { ...settings, image };
}

/** What was planned, from the status or, before it stands there, from the plan step; undefined before. */
export function planOf({ job, children, runSpec }: JobFacts): Plan | undefined {
  const { plan } = job.status;
  if (plan?.digest !== undefined) {
    return {
      shards: plan.shards ?? 0,
      objects: plan.objects ?? 0,
      bytes: plan.bytes ?? 0,
      digest: plan.digest,
    };
  }
  const { plan: child } = children;
  if (child.kind !== 'Complete' || child.result.kind !== 'Plan') return undefined;
  const { runSpecDigest, shards, objects, bytes, digest } = child.result.summary;
  const pinned = runSpec.kind === 'Found' ? runSpec.runSpec.digest : job.status.runSpec?.digest;
  return runSpecDigest === pinned ? { shards, objects, bytes, digest } : undefined;
}

/** The shards of the present attempt: all of the plan, or those that the last attempt with a summary left behind. */
export function attemptShards({ job }: JobFacts, plan: Plan): AttemptShards {
  const { retryable } = job.status;
  return retryable === undefined
    ? { count: plan.shards }
    : { count: retryable.shards, leftBy: retryable.attempt };
}

/** Whether uploads to a bucket may be left when the job is deleted in its midst. */
export function usesBuckets(spec: Pick<DeidJobSpec, (typeof areaNames)[number]>): boolean {
  return areaNames.some((area) => spec[area].s3 !== undefined);
}
