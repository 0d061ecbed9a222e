import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { contents, makeFixture } from './support/run-fixture.ts';

/** The paths of the outputs. */
function outputs(root: string): readonly string[] {
  return contents(join(root, 'out')).map((line) => line.split(' ')[0] ?? '');
}

test('a key of the destination that is taken by other bytes fails the object and keeps them', async () => {
  const first = makeFixture();
  first.add('ok', { key: 'a' });
  await first.run();
  const [key = ''] = outputs(first.root);

  const second = makeFixture();
  second.add('ok', { key: 'a' });
  second.add('ok', { key: 'b' });
  const taken = join(second.root, 'out', key);
  mkdirSync(dirname(taken), { recursive: true });
  writeFileSync(taken, 'somebody else was here');
  const { summary } = await second.run();
  assert.equal(summary.outcomes.deidentified, 1);
  assert.deepEqual(summary.reasons, { DestinationConflict: 1 });
  assert.equal(summary.result, 'ObjectsFailed');
  assert.equal(readFileSync(taken, 'utf8'), 'somebody else was here');
  first.remove();
  second.remove();
});

test('a key of the destination that holds the same bytes already is the output', async () => {
  const fixture = makeFixture();
  for (const key of ['a', 'b']) fixture.add('ok', { key });
  await fixture.run();
  const before = contents(join(fixture.root, 'out'));
  const elsewhere = new Map([...fixture.volumes, ['work', join(fixture.root, 'work2')]]);
  const { summary } = await fixture.run({ volumes: elsewhere });
  assert.equal(summary.outcomes.deidentified, 2);
  assert.deepEqual(contents(join(fixture.root, 'out')), before);
  fixture.remove();
});

test('a folder in the place of an output fails the object', async () => {
  const fixture = makeFixture();
  fixture.add('ok', { key: 'a' });
  await fixture.run();
  const [key = ''] = outputs(fixture.root);
  mkdirSync(join(fixture.root, 'out2', key, 'inside'), { recursive: true });
  const volumes = new Map([
    ...fixture.volumes,
    ['out', join(fixture.root, 'out2')],
    ['work', join(fixture.root, 'work2')],
  ]);
  const { summary } = await fixture.run({ volumes });
  assert.deepEqual(summary.reasons, { DestinationConflict: 1 });
  fixture.remove();
});

test('objects of one SOP Instance UID and different bytes both survive and are named by ordinals', async () => {
  const fixture = makeFixture();
  fixture.add('ok', { sop: '1.1', key: 'a' });
  fixture.add('ok', { sop: '1.2', key: 'b' });
  fixture.add('ok', { sop: '1.1', key: 'c' });
  const { summary } = await fixture.run();
  assert.equal(outputs(fixture.root).length, 3);
  assert.deepEqual(summary.duplicates, { identical: 0, conflictingInstances: 1, conflictingObjects: 2 });
  const folder = join(fixture.root, 'work', summary.run, 'finish');
  const { versions } = JSON.parse(readFileSync(join(folder, 'duplicates-000000.jsonl'), 'utf8'));
  assert.deepEqual(versions.flat().sort(), [0, 2]);
  fixture.remove();
});

test('objects of equal bytes meet in one output and are counted', async () => {
  const fixture = makeFixture();
  fixture.add('ok', { key: 'a' });
  const bytes = readFileSync(join(fixture.root, 'in', 'a'));
  for (const key of ['b', 'c']) writeFileSync(join(fixture.root, 'in', key), bytes);
  const { summary } = await fixture.run();
  assert.equal(summary.outcomes.deidentified, 3);
  assert.equal(outputs(fixture.root).length, 1);
  assert.deepEqual(summary.duplicates, { identical: 2, conflictingInstances: 0, conflictingObjects: 0 });
  fixture.remove();
});
