/** Names and labels of a job's children: the same for the same job and attempt, so that making one twice makes one. */
import { createHash } from 'node:crypto';
import { apiVersion, group } from '../../crds/v1alpha1/group.ts';

/** What children are named and labelled after. */
export interface Owner {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}

/** The steps that run as child Jobs. */
export const steps = ['plan', 'process', 'finish', 'cleanup'] as const;
export type Step = (typeof steps)[number];

/** Longest name of a child: an index of at most four digits behind a dash must leave a DNS label of 63 characters. */
export const maxChildNameLength: number = 63 - '-9999'.length;

/** Characters of the job's name that its children carry: what the longest step and attempt leave. */
const keptNameLength = maxChildNameLength - '-abcdef'.length - '-process-1000'.length;

/** A name that no other job's children have, also not those of a deleted job of the same name. */
function base({ name, uid }: Owner): string {
  const tail = createHash('sha256').update(uid).digest('hex').slice(0, 6);
  return `${name.slice(0, keptNameLength).replaceAll('.', '-')}-${tail}`;
}

/** Name of a step's Job; a DNS label, as host names of indexed pods are made of it. */
export function childJobName(owner: Owner, step: Step, attempt: number): string {
  return `${base(owner)}-${step}-${attempt}`;
}

/** Name of the ConfigMap that holds the run spec. */
export function runSpecName(owner: Owner): string {
  return `${base(owner)}-run`;
}

/** Name of the ConfigMap that holds the run spec for the cleanup, which outlives that of the run. */
export function cleanupSpecName(owner: Owner): string {
  return `${base(owner)}-cleanup`;
}

/** On all that the operator makes; what it watches is selected by it. */
export const managedByLabels: Readonly<Record<string, string>> = {
  'app.kubernetes.io/managed-by': 'deid-operator',
};

export const jobLabel: string = `${group}/job`;
export const jobUidLabel: string = `${group}/job-uid`;
export const stepLabel: string = `${group}/step`;
export const attemptLabel: string = `${group}/attempt`;

/** On a child Job that the operator has suspended, for it to know that nobody else did: what others stop they start. */
export const suspendedAnnotation: string = `${group}/suspended`;

/** Labels of children. None is copied from the job: tools that own the job would take its children for their own. */
export function childLabels(owner: Owner, step: Step, attempt: number): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/name': 'deid-worker',
    ...managedByLabels,
    [jobLabel]: owner.name,
    [jobUidLabel]: owner.uid,
    [stepLabel]: step,
    [attemptLabel]: String(attempt),
  };
}

/** The owner reference by which the cluster removes children with their job. */
export function ownerReference({ name, uid }: Owner): Readonly<Record<string, unknown>> {
  return { apiVersion, kind: 'DeidJob', name, uid, controller: true, blockOwnerDeletion: true };
}
