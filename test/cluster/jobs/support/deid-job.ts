/** A DeidJob in the test's cluster, as its author sees it. */
import assert from 'node:assert/strict';
import type { DeidJobInput } from '../../../../crds/v1alpha1/job.ts';
import type { DeidJobStatus } from '../../../../crds/v1alpha1/job-status.ts';
import { eventually, patience } from './pods.ts';
import { testCluster } from './test-cluster.ts';

/** What the API server holds of a job. */
interface StoredJob {
  readonly metadata: {
    readonly uid: string;
    readonly generation: number;
    readonly deletionTimestamp?: string;
  };
  readonly status?: DeidJobStatus;
}

/** A child Job, as far as tests look at it. */
export interface ChildJob {
  readonly metadata: { readonly name: string; readonly uid: string; readonly creationTimestamp: string };
  readonly spec: { readonly suspend?: boolean; readonly completions?: number; readonly parallelism?: number };
  readonly status?: { readonly active?: number; readonly failed?: number; readonly succeeded?: number };
}

export interface SubmittedJob {
  readonly name: string;
  readonly namespace: string;
  /** The job as it is stored; undefined once it is gone. */
  stored(): Promise<StoredJob | undefined>;
  status(): Promise<DeidJobStatus>;
  /** Waits as a person would: `kubectl wait --for=condition=TYPE`. Fails at once where the job ends the other way. */
  wait(
    type: 'Complete' | 'Failed' | 'Planned' | 'Suspended' | 'Stalled',
    seconds?: number,
  ): Promise<DeidJobStatus>;
  /** Waits until the job is in the phase, the reason of its condition Complete. */
  waitForPhase(phase: string): Promise<void>;
  /** Changes the spec by a merge patch. */
  patch(spec: Readonly<Record<string, unknown>>): Promise<void>;
  /** The Job of a step in an attempt; undefined where there is none. */
  child(step: 'plan' | 'process' | 'finish' | 'cleanup', attempt?: number): Promise<ChildJob | undefined>;
}

/** A condition of a status. */
export function conditionOf(status: DeidJobStatus | undefined, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Applies the job. */
export async function submit(job: DeidJobInput): Promise<SubmittedJob> {
  const { kubectl } = testCluster();
  const { name, namespace = 'default' } = job.metadata;
  await kubectl.apply(job);
  const stored = async () => (await kubectl.get('deidjob', name, namespace)) as StoredJob | undefined;
  const status = async () => (await stored())?.status ?? {};
  const wait: SubmittedJob['wait'] = async (type, seconds = 2 * patience) => {
    const other = { Complete: 'Failed', Failed: 'Complete' }[type as string];
    await eventually(
      namespace,
      `${name} is ${type}`,
      async () => {
        const { metadata, status: now } = (await stored()) ?? {};
        // What was true of an earlier spec says nothing.
        if (now === undefined || now.observedGeneration !== metadata?.generation) return false;
        const end = other === undefined ? undefined : conditionOf(now, other);
        assert.notEqual(end?.status, 'True', `${name} is ${other}: ${end?.reason} ${end?.message}`);
        return conditionOf(now, type)?.status === 'True';
      },
      seconds,
    );
    return await status();
  };
  return {
    name,
    namespace,
    stored,
    status,
    wait,
    waitForPhase: (phase) =>
      eventually(namespace, `${name} is ${phase}`, async () => {
        return conditionOf(await status(), 'Complete')?.reason === phase;
      }),
    patch: async (spec) => {
      await kubectl(
        ...['patch', 'deidjob', name, '-n', namespace, '--type=merge', '-p', JSON.stringify({ spec })],
      );
    },
    child: async (step, attempt = 0) => {
      const labels = `deid.imaging/job=${name},deid.imaging/step=${step},deid.imaging/attempt=${attempt}`;
      const [first] = await kubectl.list('jobs', namespace, labels);
      return first as ChildJob | undefined;
    },
  };
}
