/** What is wrong with a job, said in its status, and put right. */
import assert from 'node:assert/strict';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { bucketArea, makeBucket } from './support/bucket.ts';
import { conditionOf, submit } from './support/deid-job.ts';
import { assertImages, outputsOfImages, podContents } from './support/same-as-local.ts';
import { testCluster } from './support/test-cluster.ts';
import { makeWorkplace, workerUser } from './support/workplace.ts';

export function failuresSuite(): void {
  test('a shard with an object that fails fails alone; retry takes up that shard and no other', async () => {
    const images = 64;
    const workplace = await makeWorkplace('failures-object');
    await workplace.putImages(images);
    const [output = ''] = await outputsOfImages(workplace, images);
    const [key = ''] = output.split(' ');
    const taken = join(workplace.folder, 'results', 'out', key);
    await mkdir(dirname(taken), { recursive: true });
    await writeFile(taken, 'something else');
    for (let folder = dirname(taken); folder.length > workplace.folder.length; folder = dirname(folder)) {
      await chown(folder, workerUser, workerUser);
    }
    const job = await submit(workplace.job('images'));
    const failed = await job.wait('Failed');
    assert.equal(conditionOf(failed, 'Failed')?.reason, 'ObjectsFailed');
    assert.equal(failed.objects?.failed, 1);
    assert.equal(failed.objects?.deidentified, images - 1);
    assert.ok((failed.plan?.shards ?? 0) > 1);
    assert.deepEqual(failed.retryable, { attempt: 0, shards: 1 });

    await rm(taken);
    await job.patch({ retry: 1 });
    const complete = await job.wait('Complete');
    assert.equal((await job.child('process', 1))?.spec.completions, 1);
    assert.equal(complete.objects?.deidentified, images);
    assert.equal(complete.objects?.failed, 0);
    await assertImages(workplace, images);
  });

  test('an object that is no image is rejected, and the job is complete', async () => {
    const workplace = await makeWorkplace('failures-rejected');
    await workplace.putImages(2);
    await workplace.put('notes.txt', Buffer.from('no image'));
    const job = await submit(workplace.job('images'));
    const { objects } = await job.wait('Complete');
    assert.deepEqual(objects, { total: 3, deidentified: 2, review: 0, rejected: 1, skipped: 0, failed: 0 });
    assert.equal(podContents(workplace).held.length, 1);
  });

  test('a key that is too short fails the job', async () => {
    const workplace = await makeWorkplace('failures-key');
    await workplace.putImages(1);
    const { namespace } = workplace;
    const metadata = { name: 'short', namespace };
    await testCluster().kubectl.apply({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { key: 'short' } },
    });
    const job = await submit(workplace.job('images', { key: { secretRef: { name: 'short', key: 'key' } } }));
    assert.equal(conditionOf(await job.wait('Failed'), 'Failed')?.reason, 'KeyUnusable');
    assert.deepEqual(podContents(workplace), { out: [], held: [] });
  });

  test('a Secret that is not there stalls the job until it is', async () => {
    const workplace = await makeWorkplace('failures-secret');
    await workplace.putImages(1);
    const { namespace } = workplace;
    const job = await submit(workplace.job('images', { key: { secretRef: { name: 'late', key: 'key' } } }));
    assert.equal(conditionOf(await job.wait('Stalled'), 'Stalled')?.reason, 'PodsNotStarting');
    const metadata = { name: 'late', namespace };
    await testCluster().kubectl.apply({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata, data: { key: workplace.keyEntry } },
    });
    const status = await job.wait('Complete');
    assert.equal(conditionOf(status, 'Stalled')?.status, 'False');
  });

  test('a bucket that is not there fails the job, which goes on once it is and retry is raised', async () => {
    const workplace = await makeWorkplace('failures-bucket');
    const source = await makeBucket('failures-source');
    await workplace.putImages(1);
    for (const { path, bytes } of await workplace.files()) await source.put(`in/${path}`, bytes);
    const job = await submit(
      workplace.job('images', {
        source: bucketArea(source.name, 'in'),
        destination: bucketArea('failures-missing', 'out'),
      }),
    );
    const failed = conditionOf(await job.wait('Failed'), 'Failed');
    assert.match(failed?.message ?? '', /spec\.destination/);
    const missing = await makeBucket('failures-missing');
    await job.patch({ retry: 1 });
    await job.wait('Complete');
    assert.equal((await missing.contents('out/')).length, 1);
  });
}
