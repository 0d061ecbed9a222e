/** All that a decision about a job is made by, gathered once: nothing else is looked at. */
import type { RunSpec } from '../../crds/records/run-spec.ts';
import type { DeidProfile } from '../../crds/v1alpha1/profile.ts';
import type { Problem } from '../../crds/validate.ts';
import type { Step } from '../build/names.ts';
import type { ChildSettings } from '../settings.ts';
import type { ChildJob } from './child-job.ts';
import type { JobObject } from './job-object.ts';
import type { PodTrouble, StepFault, StepResult } from './step-pods.ts';

/** The profile that the job refers to. */
export type ProfileFact =
  | { readonly kind: 'Found'; readonly profile: DeidProfile }
  | { readonly kind: 'Missing' }
  | { readonly kind: 'Invalid'; readonly problems: readonly Problem[] }
  /** The job has its run spec and needs no profile any more. */
  | { readonly kind: 'NotRead' };

/** The ConfigMap that holds the run spec. */
export type RunSpecFact =
  | { readonly kind: 'Missing' }
  | { readonly kind: 'Found'; readonly runSpec: RunSpec }
  /** Somebody else's object has the name. */
  | { readonly kind: 'Foreign' }
  /** It is the job's own and holds no run spec that this version knows. */
  | { readonly kind: 'Unreadable' }
  /** Its digest stands in the status, and no pod is to be made. */
  | { readonly kind: 'NotRead' };

/** The Job of a step, in the present attempt. */
export type ChildFact =
  | { readonly kind: 'Missing' }
  /** Somebody else's object has the name. */
  | { readonly kind: 'Foreign' }
  /** It is being deleted; its pods may still run. */
  | { readonly kind: 'Going' }
  | { readonly kind: 'Running'; readonly job: ChildJob; readonly trouble: PodTrouble | undefined }
  | { readonly kind: 'Complete'; readonly job: ChildJob; readonly result: StepResult }
  | { readonly kind: 'Failed'; readonly job: ChildJob; readonly reason: string; readonly fault: StepFault };

/** What the API server answered when it would not take an object. */
export interface Refusal {
  readonly object: Step | 'runSpec';
  /** Reason of the answer, such as Forbidden or Invalid. */
  readonly reason: string;
  /** Paths of the fields that it objected to. */
  readonly fields: readonly string[];
}

/** Objects by outcome and bytes, as running pods have told so far in the present attempt. */
export interface PolledProgress {
  readonly deidentified: number;
  readonly review: number;
  readonly rejected: number;
  readonly skipped: number;
  readonly failed: number;
  readonly bytes: number;
  /** What pods that run have done of their shards, in shards: 1.5 where one is done and one by half. */
  readonly runningShards: number;
}

export interface JobFacts {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly job: JobObject;
  readonly settings: ChildSettings;
  readonly profile: ProfileFact;
  readonly runSpec: RunSpecFact;
  readonly children: Readonly<Record<Step, ChildFact>>;
  /** Whether the cleanup Job has the ConfigMap that it mounts. */
  readonly hasCleanupSpec: boolean;
  readonly refusal?: Refusal | undefined;
  readonly progress?: PolledProgress | undefined;
}
