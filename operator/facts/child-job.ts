/** A child Job as the API server has it. */
import { jobUidLabel, type Owner, type Step, suspendedAnnotation } from '../build/names.ts';
import { queueNameLabel } from '../build/queue.ts';
import { countOfIndexes } from './index-intervals.ts';
import { type JsonObject, numberOf, objectOf, objectsOf, textMapOf, textOf, timeOf } from './json.ts';

export interface ChildJob {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Whether a queue decides when the Job runs. */
  readonly isQueued: boolean;
  readonly suspend: boolean;
  /** Whether it was the operator that suspended it. */
  readonly isSuspendedByUs: boolean;
  readonly parallelism: number;
  readonly completions: number;
  readonly activeDeadlineSeconds: number | undefined;
  /** Pods that wait or run. */
  readonly active: number;
  /** Pods that run. */
  readonly ready: number;
  readonly succeeded: number;
  /** Indexes that were given up, as intervals, and how many they are. */
  readonly failedIndexes: string;
  readonly failed: number;
  /** When its pods began to be made, milliseconds since the epoch; undefined while it is suspended. */
  readonly startedMs: number | undefined;
  readonly isGoing: boolean;
  /** How it ended, with the reason that the Job controller gives for a failure; undefined before. */
  readonly end:
    | { readonly kind: 'Complete' }
    | { readonly kind: 'Failed'; readonly reason: string }
    | undefined;
}

/** Whether the job controls the object: a label alone, which anybody may set, does not make it the job's own. */
export function isOwnedBy(raw: JsonObject, owner: Owner): boolean {
  const owners = objectsOf(objectOf(raw.metadata).ownerReferences);
  return owners.find((reference) => reference.controller === true)?.uid === owner.uid;
}

/** Whether a Job under the name of a step's is the job's own. The cleanup is told by its label, as nothing owns it. */
export function isChildOf(raw: JsonObject, owner: Owner, step: Step): boolean {
  if (step !== 'cleanup') return isOwnedBy(raw, owner);
  const { labels, ownerReferences } = objectOf(raw.metadata);
  return textMapOf(labels)[jobUidLabel] === owner.uid && objectsOf(ownerReferences).length === 0;
}

function endOf(status: JsonObject): ChildJob['end'] {
  const holds = (type: string) =>
    objectsOf(status.conditions).find((condition) => condition.type === type && condition.status === 'True');
  const failure = holds('Failed');
  if (failure !== undefined) return { kind: 'Failed', reason: textOf(failure.reason) };
  return holds('Complete') === undefined ? undefined : { kind: 'Complete' };
}

export function childJob(raw: JsonObject): ChildJob {
  const metadata = objectOf(raw.metadata);
  const spec = objectOf(raw.spec);
  const status = objectOf(raw.status);
  const failedIndexes = textOf(status.failedIndexes);
  return {
    name: textOf(metadata.name),
    uid: textOf(metadata.uid),
    resourceVersion: textOf(metadata.resourceVersion),
    isQueued: textMapOf(metadata.labels)[queueNameLabel] !== undefined,
    suspend: spec.suspend === true,
    isSuspendedByUs: textMapOf(metadata.annotations)[suspendedAnnotation] !== undefined,
    parallelism: numberOf(spec.parallelism),
    completions: numberOf(spec.completions),
    activeDeadlineSeconds:
      typeof spec.activeDeadlineSeconds === 'number' ? spec.activeDeadlineSeconds : undefined,
    active: numberOf(status.active),
    ready: numberOf(status.ready),
    succeeded: numberOf(status.succeeded),
    failedIndexes,
    failed: countOfIndexes(failedIndexes),
    startedMs: timeOf(status.startTime),
    isGoing: metadata.deletionTimestamp !== undefined,
    end: endOf(status),
  };
}
