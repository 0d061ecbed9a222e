import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlanIndex, shardOfOrdinal, shardRange } from './sealed-plan.ts';

/** Twelve items in five cells and two shards. */
const index: PlanIndex = {
  firstOrdinals: [0, 3, 4, 8, 11],
  shardStarts: [0, 2],
  shardBytes: [70, 90],
  items: 12,
};

test('a shard has the ordinals from its first cell to the next shard, the last one to the end', () => {
  assert.deepEqual(shardRange(index, 0), { firstCell: 0, endCell: 2, first: 0, end: 4 });
  assert.deepEqual(shardRange(index, 1), { firstCell: 2, endCell: 5, first: 4, end: 12 });
  assert.throws(() => shardRange(index, 2), { exit: 'NoSuchRun' });
});

test('every ordinal is in the shard whose range has it, and no other number is in any', () => {
  for (let ordinal = 0; ordinal < index.items; ordinal += 1) {
    assert.equal(shardOfOrdinal(index, ordinal), ordinal < 4 ? 0 : 1);
  }
  assert.equal(shardOfOrdinal(index, 12), undefined);
  assert.equal(shardOfOrdinal(index, -1), undefined);
});
