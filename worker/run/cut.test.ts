import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cellLimit, itemWeight, shardStarts } from './cut.ts';

describe('the weight of an item', () => {
  it('is its bytes and what opening it costs; one that is not selected costs next to nothing', () => {
    assert.equal(itemWeight({ kind: 'object', size: 1000 }), 1000 + 65_536);
    assert.equal(itemWeight({ kind: 'skipped', size: 1_000_000_000 }), 256);
  });
});

describe('the limit of a cell', () => {
  it('grows with the cells before it, and no further than memory allows', () => {
    assert.deepEqual(cellLimit(0), { items: 16, weight: 4 * 1024 * 1024 });
    assert.deepEqual(cellLimit(64), { items: 32, weight: 8 * 1024 * 1024 });
    assert.deepEqual(cellLimit(1_000_000), { items: 4096, weight: 256 * 1024 * 1024 });
  });
});

describe('the shards of cells', () => {
  const weights = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 200 });
  const wishes = fc.record({
    targetBytes: fc.integer({ min: 1, max: 10_000_000 }),
    max: fc.integer({ min: 1, max: 50 }),
    atLeast: fc.integer({ min: 1, max: 20 }),
  });

  it('begin with the first cell, follow each other, have a cell each and are no more than allowed', () => {
    fc.assert(
      fc.property(weights, wishes, (cells, wish) => {
        const starts = shardStarts(cells, wish);
        assert.ok(starts.length <= wish.max);
        if (cells.length === 0) return assert.deepEqual(starts, []);
        assert.equal(starts[0], 0);
        for (const [index, start] of starts.entries()) {
          assert.ok(start < (starts[index + 1] ?? cells.length));
        }
      }),
      { seed: 1 },
    );
  });

  it('are of about the same weight', () => {
    const even = Array.from({ length: 100 }, () => 10);
    assert.deepEqual(shardStarts(even, { targetBytes: 250, max: 100, atLeast: 1 }), [0, 25, 50, 75]);
    assert.deepEqual(shardStarts(even, { targetBytes: 1e9, max: 100, atLeast: 2 }), [0, 50]);
    assert.deepEqual(shardStarts(even, { targetBytes: 1, max: 2, atLeast: 1 }), [0, 50]);
  });
});
