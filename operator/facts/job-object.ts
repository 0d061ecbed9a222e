/** A DeidJob as the API server has it, read once into what is decided by. */

import type { DeidJob } from '../../crds/v1alpha1/job.ts';
import { type DeidJobStatus, validateJobStatus } from '../../crds/v1alpha1/job-status.ts';
import { type Problem, validateJob } from '../../crds/validate.ts';
import type { Owner } from '../build/names.ts';
import {
  type JsonObject,
  numberOf,
  objectOf,
  objectsOf,
  textMapOf,
  textOf,
  textsOf,
  timeOf,
} from './json.ts';

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

/**
 * What was written before: a field that this version cannot read is as if it had not been written, and takes no other
 * field with it. A job that is Complete stays so, whatever a later version has written beside it.
 */
function statusOf(value: unknown): DeidJobStatus {
  const status = objectOf(value);
  const whole = validateJobStatus(status);
  if (whole.ok) return whole.document;
  const fields = Object.entries(status).map(([name, field]) =>
    name === 'conditions' ? { conditions: objectsOf(field).filter(isCondition) } : { [name]: field },
  );
  return Object.assign({}, ...fields.map((field) => readable(field)));
}

function readable(status: object): DeidJobStatus {
  const read = validateJobStatus(status);
  return read.ok ? read.document : {};
}

function isCondition(condition: unknown): boolean {
  return validateJobStatus({ conditions: [condition] }).ok;
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
