/** Ends pods of worker Jobs on a control plane without nodes, by writing their status as a kubelet would. */
import { exitCodes } from '../../crds/records/exit-codes.ts';
import { attemptLabel, jobUidLabel, stepLabel } from '../../operator/build/names.ts';
import { runSpecEntry } from '../../operator/build/run-spec-config-map.ts';
import { type JsonObject, objectOf, objectsOf, textOf } from '../../operator/facts/json.ts';
import { indexOfPod } from '../../operator/facts/step-pods.ts';
import { ApiError } from '../../operator/kube/api-error.ts';
import type { KubeObject } from '../../operator/kube/object.ts';
import { resourcePath } from '../../operator/kube/resource.ts';
import type { Transport } from '../../operator/kube/transport.ts';
import { leftByOf, SimulatedWork } from '../builders/simulated-work.ts';

const pods = { group: '', version: 'v1', plural: 'pods' };
const configMaps = { ...pods, plural: 'configmaps' };

export interface PretendedKubelet {
  /** The work of the job with this uid. */
  workOf(uid: string): SimulatedWork;
  stop(): Promise<void>;
}

export interface PretendedKubeletOptions {
  readonly transport: Transport;
  readonly namespace: string;
  readonly shards: number;
  /** The exit code of a shard's pod; undefined while it runs on. */
  readonly shardExit: (shard: number, attempt: number) => number | undefined;
}

export function startKubelet({
  transport,
  namespace,
  shards,
  shardExit,
}: PretendedKubeletOptions): PretendedKubelet {
  const works = new Map<string, SimulatedWork>();
  const workOf = (uid: string) => {
    const work = works.get(uid) ?? new SimulatedWork(shards);
    works.set(uid, work);
    return work;
  };

  async function setStatus(pod: KubeObject, status: JsonObject): Promise<void> {
    const path = resourcePath(pods, { namespace, name: pod.metadata.name, subresource: 'status' });
    const body = { metadata: { uid: pod.metadata.uid }, status };
    await transport.call(path, { method: 'PATCH', body });
  }

  async function runSpecDigest(pod: KubeObject): Promise<string> {
    const volume = objectsOf(objectOf(pod.spec).volumes).find(({ name }) => name === 'run-spec');
    const name = textOf(objectOf(volume?.configMap).name);
    const stored = objectOf(await transport.call(resourcePath(configMaps, { namespace, name })));
    return textOf(objectOf(JSON.parse(textOf(objectOf(stored.data)[runSpecEntry]))).digest);
  }

  /** How the pod ends; undefined while it runs on. */
  async function endOf(pod: KubeObject): Promise<{ exitCode: number; message?: unknown } | undefined> {
    const { labels = {} } = pod.metadata;
    const work = workOf(labels[jobUidLabel] ?? '');
    const attempt = Number(labels[attemptLabel]);
    switch (labels[stepLabel]) {
      case 'plan':
        return { exitCode: 0, message: work.planSummary(await runSpecDigest(pod)) };
      case 'finish':
        return { exitCode: 0, message: work.seal(attempt) };
      case 'process': {
        const [container] = objectsOf(objectOf(pod.spec).containers);
        const args = Array.isArray(container?.args) ? (container.args as readonly string[]) : [];
        const shard = work.shardsOf(leftByOf(args))?.[indexOfPod(pod) ?? -1];
        if (shard === undefined) return { exitCode: exitCodes.NoSuchRun.code };
        const exitCode = shardExit(shard, attempt);
        if (exitCode === undefined) return undefined;
        if (exitCode === 0) work.states[shard] = 'Done';
        if (exitCode === exitCodes.ObjectsFailed.code) work.states[shard] = 'ObjectsFailed';
        return { exitCode };
      }
      default:
        return { exitCode: 0 };
    }
  }

  async function serve(pod: KubeObject): Promise<void> {
    const { phase } = objectOf(pod.status);
    if (pod.metadata.deletionTimestamp !== undefined || phase === 'Succeeded' || phase === 'Failed') return;
    const end = await endOf(pod);
    if (end === undefined) {
      const ready = [{ type: 'Ready', status: 'True' }];
      if (phase !== 'Running') await setStatus(pod, { phase: 'Running', conditions: ready });
      return;
    }
    const { exitCode, message } = end;
    const said = message === undefined ? {} : { message: JSON.stringify(message) };
    const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', ...said };
    const container = { name: 'worker', image: 'i', imageID: '', restartCount: 0, ready: false };
    await setStatus(pod, {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [{ ...container, state: { terminated } }],
    });
  }

  async function round(): Promise<void> {
    const query = { labelSelector: 'app.kubernetes.io/name=deid-worker' };
    const answer = objectOf(await transport.call(resourcePath(pods, { namespace }), { query }));
    for (const pod of objectsOf(answer.items)) await orLater(() => serve(pod as unknown as KubeObject));
  }

  /** A pod, what it mounts, or the API server may have just gone: the next round sees. */
  async function orLater(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const passes = error instanceof ApiError && (error.isNotFound || error.isConflict || error.isRetryable);
      if (!passes) throw error;
    }
  }

  let isStopping = false;
  const running = (async () => {
    while (!isStopping) {
      await orLater(round);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    workOf,
    stop: async () => {
      isStopping = true;
      await running;
    },
  };
}
