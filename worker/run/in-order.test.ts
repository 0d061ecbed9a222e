/** What is done several at a time comes out as if it had been done one after the other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import fc from 'fast-check';
import { inOrder, numbersTo } from './in-order.ts';

async function collected<T>(all: AsyncIterable<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for await (const one of all) results.push(one);
  return results;
}

describe('doing several at a time', () => {
  it('gives the results in order, with no more under way than there are lanes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (ms, lanes) => {
          let underWay = 0;
          let most = 0;
          const results = await collected(
            inOrder(ms.entries(), lanes, async ([index, delay]) => {
              underWay += 1;
              most = Math.max(most, underWay);
              await after(delay);
              underWay -= 1;
              return index;
            }),
          );
          assert.deepEqual(results, [...ms.keys()]);
          assert.ok(most <= lanes && (most === lanes || ms.length < lanes));
        },
      ),
      { numRuns: 50 },
    ));

  it('throws the failure of the first item that failed, and leaves nothing under way', async () => {
    let underWay = 0;
    const reading = collected(
      inOrder(numbersTo(9), 4, async (number) => {
        underWay += 1;
        await after(20 - 5 * number);
        underWay -= 1;
        if (number > 0) throw new Error(String(number));
        return number;
      }),
    );
    await assert.rejects(reading, /^Error: 1$/);
    assert.equal(underWay, 0);
  });
});
