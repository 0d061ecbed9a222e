import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearest } from './nearest.ts';

describe('the nearest name', () => {
  const names = ['parallelism', 'source', 'shards', 'vr'];
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['paralellism', 'parallelism'],
    ['Source', 'source'],
    ['shard', 'shards'],
    ['VR', 'vr'],
    ['destination', undefined],
    ['', undefined],
    ['s'.repeat(100), undefined],
  ];
  for (const [written, meant] of cases) {
    it(`of ${written.slice(0, 12)} is ${meant}`, () => assert.equal(nearest(written, names), meant));
  }
});
