/** What the pods of a child Job say: how they ended, or why they do not run. Free texts of pods are never passed on. */
import { type ExitCodeName, exitCodeName, exitCodes } from '../../crds/records/exit-codes.ts';
import { type FinishSummary, validateFinishSummary } from '../../crds/records/finish-summary.ts';
import { type PlanSummary, validatePlanSummary } from '../../crds/records/plan-summary.ts';
import { type StepFailure, validateStepFailure } from '../../crds/records/step-failure.ts';
import { workerContainer } from '../build/worker-container.ts';
import { type JsonObject, numberOf, objectOf, objectsOf, textOf, timeOf } from './json.ts';

/** What the pod of a step that succeeded left. */
export type StepResult =
  | { readonly kind: 'Plan'; readonly summary: PlanSummary }
  | { readonly kind: 'Finish'; readonly summary: FinishSummary }
  /** There is no pod any more: run again, the step says the same. */
  | { readonly kind: 'Lost' }
  /** There is a pod, and what it left is no record that this version knows. */
  | { readonly kind: 'Unreadable' };

/** Why pods of a step failed, as far as is known. */
export interface StepFault {
  /** What the worker said. */
  readonly failure?: StepFailure;
  /** Name of the worker's exit code. */
  readonly exit?: ExitCodeName;
  /** True where the kernel killed a pod that went beyond its memory. */
  readonly isOutOfMemory: boolean;
}

/** Why no pod of a Job runs, though the Job wants them. */
export type PodTrouble =
  /** There is none: a missing service account, a quota, an admission rule. */
  | 'NotCreated'
  /** No node takes it. */
  | 'Unschedulable'
  | 'ImageNotPulled'
  /** The container cannot be made. */
  | 'ContainerNotCreated'
  /** It waits for what it mounts: the Secret, the claims. */
  | 'NotStarting';

function workerStatus(pod: JsonObject): JsonObject {
  const statuses = objectsOf(objectOf(pod.status).containerStatuses);
  return statuses.find(({ name }) => name === workerContainer) ?? {};
}

function terminated(pod: JsonObject): JsonObject {
  return objectOf(objectOf(workerStatus(pod).state).terminated);
}

function messageOf(pod: JsonObject): unknown {
  try {
    return JSON.parse(textOf(terminated(pod).message));
  } catch {
    return undefined;
  }
}

/** What the pods of a Job that is Complete left; the newest word counts. */
export function stepResult(pods: readonly JsonObject[]): StepResult {
  const done = pods.filter((pod) => objectOf(pod.status).phase === 'Succeeded');
  for (const pod of done) {
    const message = messageOf(pod);
    const plan = validatePlanSummary(message);
    if (plan.ok) return { kind: 'Plan', summary: plan.document };
    const finish = validateFinishSummary(message);
    if (finish.ok) return { kind: 'Finish', summary: finish.document };
  }
  return done.length === 0 ? { kind: 'Lost' } : { kind: 'Unreadable' };
}

function exitOf(pod: JsonObject): ExitCodeName | undefined {
  const { exitCode } = terminated(pod);
  return typeof exitCode === 'number' ? exitCodeName(exitCode) : undefined;
}

/** The worse first: what ended the whole Job, then what ended a shard, then what is tried again. */
const severity = ['FailJob', 'FailIndex', 'Count', 'Ignore'] as const;

function rank(pod: JsonObject): number {
  const exit = exitOf(pod);
  // A shard with failed objects is done with: it says nothing of why others are not.
  const action = exit === undefined || exit === 'ObjectsFailed' ? undefined : exitCodes[exit].pod;
  return action === undefined ? severity.length : severity.indexOf(action);
}

/** Why pods of a Job failed: the word of the pod that weighs most. */
export function stepFault(pods: readonly JsonObject[]): StepFault {
  const failed = pods.filter((pod) => objectOf(pod.status).phase === 'Failed');
  const isOutOfMemory = failed.some((pod) => terminated(pod).reason === 'OOMKilled');
  const [worst] = [...failed].sort((a, b) => rank(a) - rank(b));
  if (worst === undefined) return { isOutOfMemory };
  const said = validateStepFailure(messageOf(worst));
  const exit = exitOf(worst);
  return {
    ...(said.ok ? { failure: said.document } : {}),
    ...(exit === undefined ? {} : { exit }),
    isOutOfMemory,
  };
}

const waitingReasons: Readonly<Record<string, PodTrouble>> = {
  ErrImagePull: 'ImageNotPulled',
  ImagePullBackOff: 'ImageNotPulled',
  ErrImageNeverPull: 'ImageNotPulled',
  InvalidImageName: 'ImageNotPulled',
  ImageInspectError: 'ImageNotPulled',
  RegistryUnavailable: 'ImageNotPulled',
  CreateContainerConfigError: 'ContainerNotCreated',
  CreateContainerError: 'ContainerNotCreated',
  RunContainerError: 'ContainerNotCreated',
};

function troubleOf(pod: JsonObject): PodTrouble {
  const status = objectOf(pod.status);
  const unscheduled = objectsOf(status.conditions).some(
    ({ type, status: holds }) => type === 'PodScheduled' && holds === 'False',
  );
  if (unscheduled) return 'Unschedulable';
  const waiting = objectOf(objectOf(workerStatus(pod).state).waiting);
  return waitingReasons[textOf(waiting.reason)] ?? 'NotStarting';
}

/** Seconds that a pod may take to start before it counts as stuck; nodes are made and images pulled in that time. */
export const startGraceMs = 60_000;

/** Why no pod runs; undefined while one runs, or all are young. The oldest pod that waits speaks. */
export function podTrouble(
  pods: readonly JsonObject[],
  startedMs: number,
  nowMs: number,
): PodTrouble | undefined {
  const alive = pods.filter((pod) => ['Pending', 'Running'].includes(textOf(objectOf(pod.status).phase)));
  if (alive.some((pod) => objectOf(pod.status).phase === 'Running')) return undefined;
  if (alive.length === 0) {
    // Where pods have failed, the Job controller waits before it makes the next.
    return pods.length > 0 || nowMs - startedMs < startGraceMs ? undefined : 'NotCreated';
  }
  const createdMs = (pod: JsonObject) => timeOf(objectOf(pod.metadata).creationTimestamp) ?? nowMs;
  const [oldest] = [...alive].sort((a, b) => createdMs(a) - createdMs(b));
  return oldest === undefined || nowMs - createdMs(oldest) < startGraceMs ? undefined : troubleOf(oldest);
}

/** Index of an indexed Job's pod; undefined where it has none. */
export function indexOfPod(pod: JsonObject): number | undefined {
  const index = textOf(
    objectOf(objectOf(pod.metadata).annotations)['batch.kubernetes.io/job-completion-index'],
  );
  return /^\d{1,6}$/.test(index) ? numberOf(Number(index)) : undefined;
}
