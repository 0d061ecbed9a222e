import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countDuplicates, type DuplicateGroup } from './duplicates.ts';
import { compareInstances, type InstanceEntry } from './instance-list.ts';
import { merged } from './merge.ts';

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function counted(entries: readonly InstanceEntry[]) {
  const groups: DuplicateGroup[] = [];
  const counts = await countDuplicates(stream([...entries].sort(compareInstances)), async (group) => {
    groups.push(group);
  });
  return { counts, groups };
}

test('instances that stand alone are no duplicates', async () => {
  const { counts, groups } = await counted([
    { instance: '1', digest: 'a', ordinal: 0 },
    { instance: '2', digest: 'a', ordinal: 1 },
  ]);
  assert.deepEqual(counts, { identical: 0, conflictingInstances: 0, conflictingObjects: 0 });
  assert.deepEqual(groups, []);
});

test('equal bytes of one instance are counted, different ones are named', async () => {
  const { counts, groups } = await counted([
    { instance: '1', digest: 'b', ordinal: 0 },
    { instance: '1', digest: 'a', ordinal: 7 },
    { instance: '1', digest: 'a', ordinal: 2 },
    { instance: '2', digest: 'c', ordinal: 3 },
    { instance: '2', digest: 'c', ordinal: 4 },
  ]);
  assert.deepEqual(counts, { identical: 2, conflictingInstances: 1, conflictingObjects: 3 });
  assert.deepEqual(groups, [{ versions: [[2, 7], [0]] }]);
});

test('merging sorted streams is sorting them together', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.nat(50), { maxLength: 20 }), { maxLength: 8 }), async (lists) => {
      const byNumber = (a: number, b: number) => a - b;
      const streams = lists.map((list) => stream(list.toSorted(byNumber)));
      assert.deepEqual(await collected(merged(streams, byNumber)), lists.flat().sort(byNumber));
    }),
    { seed: 1 },
  );
});
