import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { contents, makeFixture, outcomeOf, type RunFixture } from './support/run-fixture.ts';

/** Forty objects of all kinds. */
function fill(fixture: RunFixture): void {
  for (let count = 0; count < 30; count += 1) fixture.add('ok');
  for (const verb of [
    'review',
    'review',
    'reject',
    'unwanted',
    'throw',
    'late-throw',
    'leaky-key',
    'nonsense',
  ]) {
    fixture.add(verb);
  }
  fixture.add('ok', { sop: '1.2.1' });
  fixture.add('ok', { key: 'left-out/scan' });
}

test('every object ends in one outcome, and the outcomes add up', async () => {
  const fixture = makeFixture({
    source: { volume: { claimName: 'in' }, select: { exclude: ['left-out/**'] } },
  });
  fill(fixture);
  const { summary } = await fixture.run();
  assert.equal(summary.objects, 40);
  assert.deepEqual(summary.outcomes, { deidentified: 31, review: 2, rejected: 2, skipped: 2, failed: 3 });
  assert.deepEqual(summary.reasons, {
    BurnedInAnnotation: 2,
    Malformed: 1,
    NotDicom: 1,
    NotSelected: 2,
    EngineFault: 3,
  });
  assert.deepEqual(summary.duplicates, { identical: 0, conflictingInstances: 1, conflictingObjects: 2 });
  assert.equal(summary.result, 'ObjectsFailed');
  assert.equal(contents(join(fixture.root, 'out')).length, 31);
  assert.equal(contents(join(fixture.root, 'held')).length, 6);
  fixture.remove();
});

test('one worker and three give the same bytes and the same counts', async () => {
  const fixture = makeFixture();
  fill(fixture);
  const one = outcomeOf(fixture, await fixture.run({ workers: 1 }));
  const volumes = new Map([
    ...fixture.volumes,
    ['out', join(fixture.root, 'o3')],
    ['held', join(fixture.root, 'h3')],
  ]);
  volumes.set('work', join(fixture.root, 'w3'));
  const three = await fixture.run({ workers: 3, volumes });
  const { plan: _, ledger: __, shards: ___, ...counts } = three.summary;
  assert.deepEqual(counts, one.counts);
  assert.deepEqual(contents(join(fixture.root, 'o3')), one.out);
  assert.deepEqual(contents(join(fixture.root, 'h3')), one.held);
  fixture.remove();
});

test('a finished run gives its summary again and does nothing', async () => {
  const fixture = makeFixture();
  fill(fixture);
  const first = await fixture.run();
  const before = contents(fixture.root);
  const again = await fixture.run();
  assert.equal(first.wasFinished, false);
  assert.equal(again.wasFinished, true);
  assert.deepEqual(again.summary, first.summary);
  assert.deepEqual(contents(fixture.root), before);
  fixture.remove();
});

test('what the second reader finds wrong is held back, and never reaches the destination', async () => {
  const fixture = makeFixture();
  for (const verb of ['ok', 'wrong', 'ok']) fixture.add(verb);
  const { summary } = await fixture.run();
  assert.deepEqual(summary.outcomes, { deidentified: 2, review: 1, rejected: 0, skipped: 0, failed: 0 });
  assert.deepEqual(summary.reasons, { VerificationUid: 1 });
  const written = contents(fixture.root).filter((line) => /\.dcm [0-9a-f]+$/.test(line));
  assert.equal(written.length, 3);
  assert.equal(written.filter((line) => line.includes('review')).length, 1);
  fixture.remove();
});

test('a dry run counts and writes nothing', async () => {
  const fixture = makeFixture();
  fill(fixture);
  const before = contents(fixture.root);
  const dry = await fixture.run({ dryRun: true });
  assert.deepEqual(contents(fixture.root), before);
  const real = await fixture.run();
  assert.deepEqual(dry.summary.outcomes, real.summary.outcomes);
  assert.deepEqual(dry.summary.reasons, real.summary.reasons);
  assert.equal(dry.summary.bytesOut, real.summary.bytesOut);
  fixture.remove();
});

test('a source without objects is a run without outcomes', async () => {
  const fixture = makeFixture();
  const { summary } = await fixture.run();
  assert.equal(summary.objects, 0);
  assert.equal(summary.result, 'Success');
  fixture.remove();
});

test('an object on which the worker hangs, sleeps, dies or runs out of memory fails, and the rest goes on', async () => {
  const fixture = makeFixture();
  for (const verb of ['ok', 'crash', 'ok', 'hang', 'ok', 'sleep', 'ok', 'hoard', 'ok']) fixture.add(verb);
  const { summary } = await fixture.run({
    workers: 1,
    timeLimitMs: 1500,
    overdueMs: 500,
    heapMiB: 32,
  });
  assert.deepEqual(summary.outcomes, { deidentified: 5, review: 0, rejected: 0, skipped: 0, failed: 4 });
  assert.deepEqual(summary.reasons, { EngineFault: 2, TimeLimit: 2 });
  fixture.remove();
});

test('of several objects in hand only those fail that bring a worker down', async () => {
  const fixture = makeFixture();
  for (const verb of ['slow', 'slow', 'crash', 'slow', 'slow', 'hang', 'slow', 'slow']) fixture.add(verb);
  const { summary } = await fixture.run({ workers: 1, lanes: 4, timeLimitMs: 1500, overdueMs: 500 });
  assert.deepEqual(summary.outcomes, { deidentified: 6, review: 0, rejected: 0, skipped: 0, failed: 2 });
  assert.deepEqual(summary.reasons, { EngineFault: 1, TimeLimit: 1 });
  fixture.remove();
});

test('progress only grows, and ends with every object and every shard', async () => {
  const fixture = makeFixture();
  fill(fixture);
  const seen: { readonly objects: number; readonly shardsDone: number; readonly shards: number }[] = [];
  await fixture.run({
    onProgress: ({ tally: { objects }, shardsDone }, { shards }) =>
      seen.push({ objects, shardsDone, shards }),
  });
  for (const [index, { objects, shardsDone }] of seen.entries()) {
    const before = seen[index - 1] ?? { objects: 0, shardsDone: 0 };
    assert.ok(objects >= before.objects && shardsDone >= before.shardsDone);
  }
  const last = seen.at(-1);
  assert.equal(last?.objects, 40);
  assert.equal(last?.shardsDone, last?.shards);
  fixture.remove();
});

test('what processes that died have left unfinished is gone after the run', async () => {
  const fixture = makeFixture();
  fixture.add('ok');
  const { run } = (await fixture.run({ dryRun: true })).summary;
  for (const area of ['out', 'held', 'work']) {
    mkdirSync(join(fixture.root, area, '.deid-partial'), { recursive: true });
    writeFileSync(join(fixture.root, area, `.deid-probe-${run}-gone`), 'x');
    writeFileSync(join(fixture.root, area, '.deid-partial', `${run}.0~gone`), 'x');
    writeFileSync(join(fixture.root, area, '.deid-partial', `${run}~gone`), 'x');
  }
  await fixture.run();
  assert.deepEqual(
    contents(fixture.root).filter((line) => line.includes('gone')),
    [],
  );
  fixture.remove();
});

test('more rejected objects than the policy allows are a failure of the run', async () => {
  const fixture = makeFixture({ failurePolicy: { maxRejected: '10%' } });
  for (const verb of ['ok', 'ok', 'reject']) fixture.add(verb);
  assert.equal((await fixture.run()).summary.result, 'FailurePolicyExceeded');
  fixture.remove();
});
