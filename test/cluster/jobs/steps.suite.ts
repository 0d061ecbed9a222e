/** The steps of a job in real pods. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { test } from 'node:test';
import { filesBelow } from '../../acceptance/local-run.ts';
import { referenceFolder } from '../../acceptance/reference-data.ts';
import { bucketArea, makeBucket } from './support/bucket.ts';
import { runByHand } from './support/hand-made-steps.ts';
import { assertSame, localContents, podContents } from './support/same-as-local.ts';
import { makeWorkplace, type Workplace } from './support/workplace.ts';

/** Puts the reference data into the archive, or images of our own where the data is not at hand. */
async function putStudies(workplace: Workplace): Promise<void> {
  if (!existsSync(referenceFolder)) return await workplace.putImages(100);
  for (const file of await filesBelow(referenceFolder)) {
    await workplace.put(relative(referenceFolder, file), await readFile(file));
  }
}

export function stepsSuite(): void {
  test('a job over claims in eight shards and more writes what `deid run` writes', async () => {
    const workplace = await makeWorkplace('steps-claims');
    await putStudies(workplace);
    const job = workplace.job('studies', { shards: { targetBytes: '8Mi' } });
    const { plan } = await runByHand(job);
    assert.ok(plan.shards >= 8, `${plan.shards} shards`);
    assertSame(podContents(workplace), await localContents(workplace, job));
  });

  test('a job from bucket to bucket writes what `deid run` writes into folders', async () => {
    const workplace = await makeWorkplace('steps-buckets');
    await workplace.putImages(20);
    const source = await makeBucket('steps-source');
    const results = await makeBucket('steps-results');
    for (const { path, bytes } of await workplace.files()) await source.put(`in/${path}`, bytes);
    const job = workplace.job('images', {
      source: bucketArea(source.name, 'in'),
      destination: bucketArea(results.name, 'out'),
      quarantine: bucketArea(results.name, 'held'),
      workArea: bucketArea(results.name, 'work'),
    });
    const { plan, finish } = await runByHand(job);
    assert.ok(plan.shards >= 8, `${plan.shards} shards`);
    assert.equal(finish.result, 'Success');
    assertSame(
      { out: await results.contents('out/'), held: await results.contents('held/') },
      await localContents(workplace, job),
    );
  });
}
