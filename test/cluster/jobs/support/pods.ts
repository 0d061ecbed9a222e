/** Waiting for pods and what they do, and saying how they fare where that takes too long. */
import { setTimeout as pause } from 'node:timers/promises';
import { testCluster } from './test-cluster.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** The part of a pod that tests look at. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly automountServiceAccountToken?: boolean;
    readonly volumes: readonly Readonly<Record<string, unknown>>[];
  };
  readonly status: {
    readonly phase: string;
    readonly reason?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly {
      readonly containerID?: string;
      readonly state: {
        readonly running?: unknown;
        readonly waiting?: { readonly reason: string };
        readonly terminated?: {
          readonly exitCode: number;
          readonly reason?: string;
          readonly message?: string;
        };
      };
    }[];
  };
}

/** The first pod of a step that runs, waited for; `container` is the id that the runtime knows it by. */
export async function runningPod(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  step: string,
): Promise<Pod & { readonly container: string }> {
  const labels = `deid.imaging/job=${name},deid.imaging/step=${step}`;
  let found: (Pod & { readonly container: string }) | undefined;
  await eventually(namespace, `a pod of the step ${step} runs`, async () => {
    for (const pod of (await testCluster().kubectl.list('pods', namespace, labels)) as readonly Pod[]) {
      const [status] = pod.status.containerStatuses ?? [];
      if (status?.state.running === undefined || status.containerID === undefined) continue;
      found = { ...pod, container: status.containerID.replace('containerd://', '') };
    }
    return found !== undefined;
  });
  if (found === undefined) throw new Error('no pod runs');
  return found;
}

/** How the pods of a namespace fare, a line each, for the message of a failed test. */
export async function fateOfPods(namespace: string): Promise<string> {
  const pods = (await testCluster().kubectl.list('pods', namespace)) as readonly Pod[];
  return pods
    .map(({ metadata, status }) => {
      const states = status.containerStatuses?.map(({ state }) => JSON.stringify(state)) ?? [];
      return [metadata.name, status.phase, status.reason ?? '', ...states].join(' ');
    })
    .join('\n');
}

/** Seconds after which nobody waits any more. A loaded machine takes long for what takes seconds on another. */
export const patience = 300;

/** Waits until `ready` answers true; fails with the fate of the namespace's pods after `seconds`. */
export async function eventually(
  namespace: string,
  what: string,
  ready: () => Promise<boolean>,
  seconds = patience,
): Promise<void> {
  const endMs = performance.now() + seconds * 1000;
  while (!(await ready())) {
    if (performance.now() > endMs) {
      throw new Error(`not after ${seconds} s: ${what}\n${await fateOfPods(namespace)}`);
    }
    await pause(200);
  }
}
