import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createKeyedSet } from './keyed-set.ts';

describe('a keyed set', () => {
  it('has what was added and nothing else, however it grew', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), fc.array(fc.string()), (one, two, others) => {
        const set = createKeyedSet(Buffer.alloc(16, 1));
        const real = new Set([...one, ...two]);
        for (const text of one) set.add(text);
        for (const text of one) assert.ok(set.has(text));
        for (const text of two) set.add(text);
        for (const text of [...real, ...others]) assert.equal(set.has(text), real.has(text));
      }),
    );
    const many = createKeyedSet(Buffer.alloc(16, 2));
    for (let count = 0; count < 5000; count += 1) many.add(`a/${count}`);
    for (let count = 0; count < 5000; count += 1)
      assert.ok(many.has(`a/${count}`) && !many.has(`b/${count}`));
  });
});
