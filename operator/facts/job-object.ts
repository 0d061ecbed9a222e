/** A DeidJob as the API server has it, read once into what is decided by. */

import type { DeidJob } from '../../crds/v1alpha1/job.ts';
import { type DeidJobStatus, validateJobStatus } from '../../crds/v1alpha1/job-status.ts';
import { type Problem, validateJob } from '../../crds/validate.ts';
import type { Owner } from '../build/names.ts';
import { type JsonObject, numberOf, objectOf, textMapOf, textOf, textsOf, timeOf } from './json.ts';

export interface JobObject extends Owner {
  readonly generation: number;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdMs: number | undefined;
  /** Milliseconds since the epoch; undefined where the job is not being deleted. */
  readonly deletedMs: number | undefined;
  /** Read without validation, so that the jobs of others are left alone whatever stands in them. */
  readonly managedBy: string | undefined;
  readonly document: { readonly ok: true; readonly document: DeidJob } | Refused;
  /** As it was last written. */
  readonly status: DeidJobStatus;
}

interface Refused {
  readonly ok: false;
  readonly problems: readonly Problem[];
}

/** What was written before and cannot be read is as if it had not been written. */
function statusOf(value: unknown): DeidJobStatus {
  const read = validateJobStatus(objectOf(value));
  return read.ok ? read.document : {};
}

export function jobObject(raw: JsonObject): JobObject {
  const { status, ...document } = raw;
  const metadata = objectOf(raw.metadata);
  const managedBy = textOf(objectOf(raw.spec).managedBy);
  return {
    name: textOf(metadata.name),
    namespace: textOf(metadata.namespace),
    uid: textOf(metadata.uid),
    generation: numberOf(metadata.generation),
    resourceVersion: textOf(metadata.resourceVersion),
    labels: textMapOf(metadata.labels),
    finalizers: textsOf(metadata.finalizers),
    createdMs: timeOf(metadata.creationTimestamp),
    deletedMs: timeOf(metadata.deletionTimestamp),
    managedBy: managedBy === '' ? undefined : managedBy,
    document: validateJob(document),
    status: statusOf(status),
  };
}
