/** Worker pods that die on the way. The job goes on, and its outputs are those of an undisturbed run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processesOf, starveOfMemory } from '../cgroups.ts';
import { submit } from './support/deid-job.ts';
import { eventually, type Pod, runningPod } from './support/pods.ts';
import { assertImages } from './support/same-as-local.ts';
import { testCluster } from './support/test-cluster.ts';
import { makeWorkplace, slowPods } from './support/workplace.ts';

const images = 64;

/** A job over images in a namespace of its own, and a pod of it that is in the middle of a shard. */
async function jobUnderWay(namespace: string, shardRetries: number) {
  const workplace = await makeWorkplace(namespace);
  await workplace.putImages(images);
  const job = await submit(workplace.job('images', { ...slowPods, failurePolicy: { shardRetries } }));
  return { workplace, job, pod: await runningPod(job, 'process') };
}

/** Waits until the pod has ended, and returns how its container ended. */
async function endOf(namespace: string, name: string) {
  let end:
    | NonNullable<NonNullable<Pod['status']['containerStatuses']>[number]['state']['terminated']>
    | undefined;
  await eventually(namespace, `${name} has ended`, async () => {
    const pod = (await testCluster().kubectl.get('pod', name, namespace)) as Pod | undefined;
    end = pod?.status.containerStatuses?.[0]?.state.terminated;
    return end !== undefined;
  });
  return end;
}

export function podsSuite(): void {
  test('a worker that is killed costs its shard one retry', async () => {
    const { workplace, job, pod } = await jobUnderWay('pods-killed', 1);
    for (const process_ of await processesOf(pod.container)) process.kill(process_, 'SIGKILL');
    assert.equal((await endOf(job.namespace, pod.metadata.name))?.exitCode, 137);
    const status = await job.wait('Complete');
    assert.equal((await job.child('process'))?.status?.failed, 1);
    assert.equal(status.objects?.deidentified, images);
    await assertImages(workplace, images);
  });

  test('a worker that is out of memory costs its shard one retry', async () => {
    const { workplace, job, pod } = await jobUnderWay('pods-memory', 1);
    await starveOfMemory(pod.container);
    assert.equal((await endOf(job.namespace, pod.metadata.name))?.reason, 'OOMKilled');
    await job.wait('Complete');
    await assertImages(workplace, images);
  });

  test('a worker that is evicted costs nothing', async () => {
    const { workplace, job, pod } = await jobUnderWay('pods-evicted', 0);
    const { name } = pod.metadata;
    const eviction = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace: job.namespace },
    };
    const path = `/api/v1/namespaces/${job.namespace}/pods/${name}/eviction`;
    await testCluster().kubectl.create(path, eviction);
    await job.wait('Complete');
    assert.equal((await job.child('process'))?.status?.failed ?? 0, 0);
    await assertImages(workplace, images);
  });
}
