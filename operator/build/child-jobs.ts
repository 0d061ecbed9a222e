/** The child Jobs of a job, one builder for each step. Data in, manifests out. */
import type { DeidJobSpec } from '../../crds/v1alpha1/job.ts';
import { limitOf } from '../../crds/v1alpha1/quantity.ts';
import type { ChildSettings } from '../settings.ts';
import { childJobName, childLabels, type Owner, ownerReference, type Step } from './names.ts';
import { shardFailurePolicy, stepFailurePolicy } from './pod-failure-policy.ts';
import { workerPodTemplate } from './worker-pod.ts';

type Manifest = Readonly<Record<string, unknown>>;

export interface ChildJobInput {
  readonly owner: Owner;
  readonly spec: DeidJobSpec;
  readonly settings: ChildSettings;
  readonly attempt: number;
  /** See {@link queueLabels}; a Job with a queue is made suspended, and the queue starts it. */
  readonly queue: Readonly<Record<string, string>>;
}

/** The shards of an attempt: all of the plan, or those that an earlier attempt left behind. */
export interface AttemptShards {
  readonly count: number;
  /** The attempt whose list of shards holds; undefined for all shards of the plan. */
  readonly leftBy?: number;
}

/** Times that the pod of a step is tried again. */
const stepRetries = 6;

/** Seconds that aborting uploads may take before a deletion goes on without it. */
export const cleanupDeadlineSeconds = 600;

function childJob(input: ChildJobInput, step: Step, args: readonly string[], jobSpec: Manifest): Manifest {
  const { owner, spec, settings, attempt, queue } = input;
  const isQueued = Object.keys(queue).length > 0;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: childJobName(owner, step, attempt),
      namespace: owner.namespace,
      labels: { ...childLabels(owner, step, attempt), ...queue },
      ...(step === 'cleanup' ? {} : { ownerReferences: [ownerReference(owner)] }),
    },
    spec: {
      ttlSecondsAfterFinished: settings.childTtlSeconds,
      suspend: isQueued,
      ...jobSpec,
      template: workerPodTemplate({ owner, spec, settings, step, attempt, args }),
    },
  };
}

const onePod = { backoffLimit: stepRetries, podFailurePolicy: stepFailurePolicy } as const;

export function planJob(input: ChildJobInput): Manifest {
  return childJob(input, 'plan', [], onePod);
}

/** The Indexed Job of an attempt. `shards.count` is at least 1: the API refuses limits beyond the completions. */
export function processJob(input: ChildJobInput, shards: AttemptShards): Manifest {
  const { spec, settings, attempt } = input;
  const { shardRetries, maxFailedShards } = spec.failurePolicy;
  const args = [
    `--attempt=${attempt}`,
    '--index=$(JOB_COMPLETION_INDEX)',
    ...(shards.leftBy === undefined ? [] : [`--left-by=${shards.leftBy}`]),
    `--progress-port=${settings.progressPort}`,
  ];
  return childJob(input, 'process', args, {
    completionMode: 'Indexed',
    completions: shards.count,
    parallelism: Math.min(spec.parallelism, shards.count),
    backoffLimitPerIndex: shardRetries,
    maxFailedIndexes: Math.min(limitOf(maxFailedShards, shards.count), shards.count),
    podFailurePolicy: shardFailurePolicy,
    ...(spec.activeDeadlineSeconds === undefined
      ? {}
      : { activeDeadlineSeconds: spec.activeDeadlineSeconds }),
  });
}

export function finishJob(input: ChildJobInput): Manifest {
  return childJob(input, 'finish', [`--attempt=${input.attempt}`, '--accept-undone'], onePod);
}

/**
 * Aborts what uploads a deleted job left unfinished. Queues have no say in it: it takes seconds. The job does not own it,
 * so that it is not deleted with the job before it has run; its time to live removes it.
 */
export function cleanupJob(input: ChildJobInput): Manifest {
  return childJob({ ...input, queue: {} }, 'cleanup', [], {
    ...onePod,
    activeDeadlineSeconds: cleanupDeadlineSeconds,
  });
}
