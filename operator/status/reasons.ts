/**
 * Reasons of conditions and the sentences that go with them. Reasons are part of the interface (`docs/operator.md`);
 * sentences say what to do, and quote no value: numbers, names of fields, and words of closed lists alone.
 */
import type { ExitCodeName } from '../../crds/records/exit-codes.ts';
import type { PodTrouble } from '../facts/step-pods.ts';

/** Why something is as it is. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
}

function cause(reason: string, message: string): Cause {
  return Object.freeze({ reason, message });
}

/** What keeps a job from going on until a person or the cluster changes something. */
export const troubles = {
  profileMissing: cause(
    'ProfileNotFound',
    'The namespace has no DeidProfile of the name in spec.profileRef; apply it, and the job goes on.',
  ),
  profileInvalid: (where: string): Cause =>
    cause(
      'ProfileInvalid',
      `The DeidProfile in spec.profileRef cannot be used: ${where} Correct it, and the job goes on.`,
    ),
  serviceAccountNotAllowed: cause(
    'ServiceAccountNotAllowed',
    'spec.worker.serviceAccountName is none of those that the operator allows; name another, or have the administrator allow it.',
  ),
  keySecretNotAllowed: cause(
    'KeySecretNotAllowed',
    'spec.key.secretRef is none of the Secrets that the operator allows; have the administrator allow it, or make a job with another.',
  ),
  nameConflict: (what: string): Cause =>
    cause(
      'NameConflict',
      `An object that is not the job's has the name of its ${what}; delete or rename that object, and the job goes on.`,
    ),
  refused: (what: string, reason: string, fields: readonly string[]): Cause =>
    cause(
      'ChildRefused',
      `The API server refuses the ${what} of the job (${reason}${fields.length === 0 ? '' : ` at ${fields.join(', ')}`}). ` +
        'See to quotas, admission rules and spec.worker; the operator tries again.',
    ),
} as const;

/** Why no pod of a step runs. */
export const podTroubles: Readonly<Record<PodTrouble, Cause>> = {
  NotCreated: cause(
    'PodsNotCreated',
    'The cluster makes no pods for the job. Check that the service account of spec.worker.serviceAccountName exists, and quotas and admission rules of the namespace; `kubectl describe job` says which.',
  ),
  Unschedulable: cause(
    'PodsUnschedulable',
    'No node takes the pods of the job. Check spec.worker (resources, nodeSelector, tolerations, affinity), the claims of the areas, and the size of the cluster.',
  ),
  ImageNotPulled: cause(
    'ImageNotPulled',
    "The image of the worker pods cannot be pulled. Check the image and the pull secrets in the operator's settings.",
  ),
  ContainerNotCreated: cause(
    'ContainerNotCreated',
    'The container of the worker pods cannot be made. Check spec.worker.runtimeClassName and the node; `kubectl describe pod` says why.',
  ),
  NotStarting: cause(
    'PodsNotStarting',
    'Pods of the job wait for what they mount. Check that the Secret in spec.key.secretRef exists and has that entry, and that the claims of the areas exist and are bound.',
  ),
};

/** Why a job is Failed, where the worker's own word does not say it. */
export const failures = {
  invalidSpec: (where: string): Cause =>
    cause('InvalidSpec', `${where} Delete the job and make one that is right.`),
  runSpecLost: cause(
    'RunSpecLost',
    'The ConfigMap with the run spec is gone or changed, and the profile is no longer the one that the job began with. Make a job under another name.',
  ),
  stepDied: (step: string, retries: string): Cause =>
    cause(
      'StepDied',
      `The pod of the ${step} step died ${retries} and left no word. Look at its log, then raise spec.retry to try again.`,
    ),
  outOfMemory: (step: string): Cause =>
    cause(
      'OutOfMemory',
      `Pods of the ${step} step were killed for want of memory. Raise spec.worker.resources.limits.memory, then spec.retry to try again.`,
    ),
  summaryUnreadable: (step: string): Cause =>
    cause(
      'SummaryUnreadable',
      `The ${step} step left a summary that this operator cannot read or that is not of this run. Operator and worker must be of one version; then raise spec.retry to try again.`,
    ),
  shardsUndone: (shards: number): Cause =>
    cause(
      'ShardsUndone',
      `${shards} shards were given up before every object had its outcome. Look at their logs, then raise spec.retry to go on with them.`,
    ),
  deadlineExceeded: (shards: number): Cause =>
    cause(
      'DeadlineExceeded',
      `spec.activeDeadlineSeconds passed with ${shards} shards undone. Raise it, then spec.retry to go on with them.`,
    ),
  objectsFailed: (objects: number): Cause =>
    cause('ObjectsFailed', `${objects} objects fell to faults. Raise spec.retry to try them again.`),
  policyExceeded: (objects: number): Cause =>
    cause(
      'FailurePolicyExceeded',
      `${objects} objects were rejected, more than spec.failurePolicy.maxRejected allows. Another attempt would change nothing: see to the profile or the source, and make a job under another name.`,
    ),
  unaccounted: cause(
    'Unaccounted',
    'Outcomes do not add up to the inventory of the plan. Report it; trust none of the counts until it is understood.',
  ),
  worker: (exit: ExitCodeName, message: string): Cause => cause(exit, message),
} as const;

/** Failures that no further attempt can mend. */
const final: ReadonlySet<string> = new Set(['InvalidSpec', 'FailurePolicyExceeded', 'Unaccounted']);

/** Whether raising `spec.retry` makes a job that failed for this reason go on. */
export function isMendable(reason: string): boolean {
  return !final.has(reason);
}
