import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limitOf, quantityBytes } from './quantity.ts';

describe('a quantity of bytes', () => {
  const cases: readonly (readonly [number | string, number])[] = [
    [5, 5],
    ['0', 0],
    ['4Gi', 4_294_967_296],
    ['1.5k', 1500],
    ['0.001Ki', 2],
    ['2M', 2_000_000],
    ['', Number.NaN],
    ['4GiB', Number.NaN],
    ['-1', Number.NaN],
    ['1e3', Number.NaN],
    [' 1', Number.NaN],
  ];
  for (const [written, bytes] of cases) {
    it(`${JSON.stringify(written)} is ${bytes}`, () => assert.equal(quantityBytes(written), bytes));
  }
});

describe('a limit of objects', () => {
  const cases: readonly (readonly [number | string, number, number])[] = [
    [7, 3, 7],
    ['5%', 100, 5],
    ['5%', 39, 1],
    ['5%', 19, 0],
    ['0%', 1000, 0],
    ['100%', 8, 8],
    ['0.1%', 1000, 1],
    ['101%', 100, Number.NaN],
    ['5', 100, Number.NaN],
  ];
  for (const [written, total, limit] of cases) {
    it(`${JSON.stringify(written)} of ${total} is ${limit}`, () =>
      assert.equal(limitOf(written, total), limit));
  }
});
