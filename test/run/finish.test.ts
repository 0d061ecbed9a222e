/** Finish over a store that takes its time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import type { Storage } from '../../worker/storage/storage.ts';
import { attemptIn, fillSource, memoryAreas, objectsOf } from './support/steps-in-process.ts';

/** Enough of them for three shards. */
const verbs = Array.from(
  { length: 48 },
  (_, index) => ['ok', 'reject', 'review', 'throw'][index % 4] ?? 'ok',
);

/** The store, that much slower to open an object, and how many results of shards were opened at a time. */
function slow(storage: Storage, ms: (key: string) => number) {
  const seen = { underWay: 0, most: 0 };
  const open: Storage['open'] = async (key, version) => {
    const isResult = key.endsWith('/result.json');
    if (isResult) seen.underWay += 1;
    seen.most = Math.max(seen.most, seen.underWay);
    await after(ms(key));
    if (isResult) seen.underWay -= 1;
    return storage.open(key, version);
  };
  return { storage: { ...storage, open }, seen };
}

describe('finish', () => {
  it('reads what shards have come to at one time, and seals the same in whatever order answers come', async () => {
    const options = { acceptsUndone: true, takes: (shard: number) => shard !== 1 };
    const [quick, late] = [memoryAreas(), memoryAreas()];
    for (const { source } of [quick, late]) await fillSource(source, verbs);
    const summary = await attemptIn(quick, 'writer', options);
    const shardOf = (key: string) => Number(/\/shards\/(\d+)\//.exec(key)?.[1] ?? 0);
    const { storage, seen } = slow(late.workArea, (key) => 10 * (2 - shardOf(key)));
    const again = await attemptIn({ ...late, workArea: storage }, 'writer', options);
    assert.equal(summary.result, 'ShardsUndone');
    assert.deepEqual(again, summary);
    assert.equal(seen.most, 3);
    const sealed = async (work: Storage) =>
      (await objectsOf(work)).filter((line) => /\/(finish|ledger|result)/.test(line));
    assert.deepEqual(await sealed(late.workArea), await sealed(quick.workArea));
    assert.ok((await sealed(quick.workArea)).length > 5);
  });
});
