/** What is to be done for a job, as data. */
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import type { Step } from '../build/names.ts';
import type { Cause } from '../status/reasons.ts';

type Manifest = Readonly<Record<string, unknown>>;

/** A write to the API server. Each can be repeated: it does nothing where it has been carried out before. */
export type Action =
  | { readonly kind: 'SetFinalizers'; readonly finalizers: readonly string[] }
  | { readonly kind: 'CreateConfigMap'; readonly manifest: Manifest }
  | { readonly kind: 'CreateJob'; readonly step: Step; readonly manifest: Manifest }
  /** Changes fields of a Job's spec, if it is still of that resource version. */
  | {
      readonly kind: 'PatchJob';
      readonly step: Step;
      readonly name: string;
      readonly resourceVersion: string;
      readonly changes: Manifest;
      /** Annotations that go with the changes; null takes one off. */
      readonly annotations?: Readonly<Record<string, string | null>>;
    }
  /** Deletes a Job; it is gone when its pods are. */
  | { readonly kind: 'DeleteJob'; readonly name: string; readonly uid: string };

/** How far a job is. */
export type Phase = 'Accepting' | 'Planning' | 'Processing' | 'Finishing' | 'Complete' | 'Failed';

/** Why a job does not run, where that is as it should be. */
export type Rest =
  | 'None'
  /** Its pods are being stopped. */
  | 'Suspending'
  | 'Suspended'
  /** A queue, or whoever else suspends Jobs, has not started it yet. */
  | 'Queued';

/** Where a job stands: what conditions are made of. */
export interface Standing {
  readonly phase: Phase;
  readonly rest: Rest;
  /** What a person must see to before the job goes on; or of a failed job, why it failed. */
  readonly trouble?: Cause | undefined;
}

/** What a decision has found out for the status. A field that is undefined goes; one that is not named stays. */
export type Findings = {
  readonly [Name in FoundField]?: DeidJobStatus[Name] | undefined;
};

type FoundField =
  | 'startTime'
  | 'runSpec'
  | 'plan'
  | 'attempt'
  | 'retryable'
  | 'shards'
  | 'objects'
  | 'reasons'
  | 'bytes'
  | 'ledger'
  | 'report';

export type Decision =
  /** The job is not ours, or nothing about it is ours to say any more. */
  | { readonly kind: 'LeaveAlone' }
  /** The job is being deleted: its status is of no more use. */
  | {
      readonly kind: 'Dismantle';
      readonly actions: readonly Action[];
      readonly wakeAfterMs?: number;
      /** True where the job is let go though its uploads could not be aborted. */
      readonly leavesUploads?: boolean;
    }
  | {
      readonly kind: 'Act';
      readonly actions: readonly Action[];
      readonly standing: Standing;
      readonly findings: Findings;
      /** When to look again, though nothing should have happened. */
      readonly wakeAfterMs?: number;
    };
