/** What pods write. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { test } from 'node:test';
import type { DeidJobStatus } from '../../../crds/v1alpha1/job-status.ts';
import { filesBelow } from '../../acceptance/local-run.ts';
import { referenceFolder } from '../../acceptance/reference-data.ts';
import { bucketArea, makeBucket } from './support/bucket.ts';
import { submit } from './support/deid-job.ts';
import { assertSame, localContents, podContents } from './support/same-as-local.ts';
import { testCluster } from './support/test-cluster.ts';
import { makeWorkplace, type Workplace } from './support/workplace.ts';

/** Puts the reference data into the archive, or images of our own where the data is not at hand. */
async function putStudies(workplace: Workplace): Promise<void> {
  if (!existsSync(referenceFolder)) return await workplace.putImages(144);
  for (const file of await filesBelow(referenceFolder)) {
    await workplace.put(relative(referenceFolder, file), await readFile(file));
  }
}

/** Every object of the plan has one outcome. */
function assertAddsUp({ plan, objects = {} }: DeidJobStatus): void {
  const { total, ...outcomes } = objects;
  assert.equal(total, plan?.objects);
  assert.equal(
    Object.values(outcomes).reduce((sum, count) => sum + count, 0),
    total,
  );
}

export function outputsSuite(): void {
  test('a job over claims in eight shards and more writes what `deid run` writes', async () => {
    const workplace = await makeWorkplace('outputs-claims');
    await putStudies(workplace);
    const input = workplace.job(
      'studies',
      existsSync(referenceFolder) ? { shards: { targetBytes: '8Mi' } } : {},
    );
    const job = await submit(input);
    const { namespace } = workplace;
    // As a person would wait for it.
    const condition = '--for=condition=Complete';
    await testCluster().kubectl('wait', condition, 'deidjob/studies', '-n', namespace, '--timeout=600s');
    const status = await job.status();
    assert.ok((status.plan?.shards ?? 0) >= 8, `${status.plan?.shards} shards`);
    assert.equal(status.shards?.succeeded, status.plan?.shards);
    assertAddsUp(status);
    assert.equal(status.progress, '100%');
    assertSame(podContents(workplace), await localContents(workplace, input));
  });

  test('a job from bucket to bucket writes what `deid run` writes into folders', async () => {
    const workplace = await makeWorkplace('outputs-buckets');
    await workplace.putImages(144);
    const source = await makeBucket('outputs-source');
    const results = await makeBucket('outputs-results');
    for (const { path, bytes } of await workplace.files()) await source.put(`in/${path}`, bytes);
    const input = workplace.job('images', {
      source: bucketArea(source.name, 'in'),
      destination: bucketArea(results.name, 'out'),
      quarantine: bucketArea(results.name, 'held'),
      workArea: bucketArea(results.name, 'work'),
    });
    const job = await submit(input);
    const status = await job.wait('Complete');
    assert.ok((status.plan?.shards ?? 0) >= 8, `${status.plan?.shards} shards`);
    assertAddsUp(status);
    assertSame(
      { out: await results.contents('out/'), held: await results.contents('held/') },
      await localContents(workplace, input),
    );
  });
}
