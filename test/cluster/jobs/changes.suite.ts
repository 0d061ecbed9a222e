/** Jobs that people change while they run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeidProfileInput } from '../../../crds/v1alpha1/profile.ts';
import { bucketArea, makeBucket } from './support/bucket.ts';
import { type ChildJob, conditionOf, submit } from './support/deid-job.ts';
import { eventually, type Pod, runningPod } from './support/pods.ts';
import { assertImages, assertSame, localContents, podContents } from './support/same-as-local.ts';
import { testCluster } from './support/test-cluster.ts';
import { makeWorkplace, slowPods } from './support/workplace.ts';

const images = 64;

async function activePods(namespace: string): Promise<number> {
  const pods = (await testCluster().kubectl.list('pods', namespace)) as readonly Pod[];
  return pods.filter(({ status }) => status.phase === 'Pending' || status.phase === 'Running').length;
}

export function changesSuite(): void {
  test('a job that is suspended has no pod, and goes on without a retry', async () => {
    const workplace = await makeWorkplace('changes-suspend');
    await workplace.putImages(images);
    const change = { ...slowPods, failurePolicy: { shardRetries: 0 } };
    const job = await submit(workplace.job('images', change));
    await runningPod(job, 'process');
    await job.patch({ suspend: true });
    await job.wait('Suspended');
    await eventually(job.namespace, 'no pod is left', async () => (await activePods(job.namespace)) === 0);
    await job.patch({ suspend: false, parallelism: 3 });
    const status = await job.wait('Complete');
    const child = await job.child('process');
    assert.equal(status.attempt, 0);
    assert.equal(child?.status?.failed ?? 0, 0);
    assert.equal(child?.spec.parallelism, 3);
    await assertImages(workplace, images);
  });

  test('a profile that is edited changes nothing for the job under way', async () => {
    const workplace = await makeWorkplace('changes-profile');
    await workplace.putImages(images);
    const { namespace } = workplace;
    const profile = (action: 'keep' | 'remove'): DeidProfileInput => ({
      apiVersion: 'deid.imaging/v1alpha1',
      kind: 'DeidProfile',
      metadata: { name: 'mine', namespace },
      spec: {
        dicom: {
          basis: { edition: '2026c', options: ['CleanDescriptors'] },
          rules: [{ match: { keyword: 'KVP' }, action }],
        },
      },
    });
    const { kubectl } = testCluster();
    await kubectl.apply(profile('remove'));
    const input = workplace.job('images', { ...slowPods, profileRef: { name: 'mine' } });
    const job = await submit(input);
    await runningPod(job, 'process');
    await kubectl.apply(profile('keep'));
    await job.wait('Complete');
    assertSame(podContents(workplace), await localContents(workplace, input, profile('remove')));
  });

  test('a job that is deleted takes its children along and leaves what it wrote, and no upload', async () => {
    const workplace = await makeWorkplace('changes-deleted');
    await workplace.putImages(images);
    const bucket = await makeBucket('changes-deleted');
    const job = await submit(
      workplace.job('images', { ...slowPods, destination: bucketArea(bucket.name, 'out') }),
    );
    // The area is probed first, by objects that go again.
    const outputs = async () => (await bucket.contents('out/')).filter((line) => line.includes('.dcm '));
    await eventually(job.namespace, 'an output is there', async () => (await outputs()).length > 0);
    await testCluster().kubectl('delete', 'deidjob', job.name, '-n', job.namespace, '--timeout=300s');
    const notCleanup = 'deid.imaging/step!=cleanup';
    await eventually(job.namespace, 'only the cleanup is left', async () => {
      const kinds = ['jobs', 'pods'].map((kind) =>
        testCluster().kubectl.list(kind, job.namespace, notCleanup),
      );
      return (await Promise.all(kinds)).every((objects) => objects.length === 0);
    });
    const [cleanup] = (await testCluster().kubectl.list('jobs', job.namespace)) as readonly ChildJob[];
    assert.equal(cleanup?.status?.succeeded, 1);
    assert.ok((await outputs()).length > 0);
    assert.deepEqual(await bucket.uploads(), []);
    assert.equal((await workplace.files()).length, images);
  });

  test('what cannot change is refused, with a sentence that says what to do', async () => {
    const workplace = await makeWorkplace('changes-pinned');
    const job = await submit(workplace.job('images', { suspend: true }));
    await assert.rejects(
      job.patch({ profileRef: { builtin: 'basic' } }),
      /spec\.profileRef cannot change once the job exists/,
    );
    assert.equal(conditionOf(await job.wait('Suspended'), 'Complete')?.status, 'False');
  });
}
