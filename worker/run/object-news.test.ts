import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createObjectNews } from './object-news.ts';
import { addTallies, emptyTally } from './tally.ts';

const one = { ...emptyTally, objects: 1 };
const two = addTallies(one, one);

function news() {
  const told: unknown[] = [];
  return { told, ...createObjectNews(3, (message) => told.push(message)) };
}

describe('news of objects', () => {
  it('tell of a beginning at once', () => {
    const { told, started } = news();
    started(7, 100);
    assert.deepEqual(told, [{ kind: 'objects', shard: 3, started: { ordinal: 7, size: 100 } }]);
  });

  it('tell of an end with the next beginning, and once', () => {
    const { told, started, ended, flush } = news();
    ended(7, one);
    assert.deepEqual(told, []);
    started(8, 100);
    flush();
    const message = { ended: { ordinals: [7], tally: one }, started: { ordinal: 8, size: 100 } };
    assert.deepEqual(told, [{ kind: 'objects', shard: 3, ...message }]);
  });

  it('tell of ends alone where nothing begins, or where they are asked to', async () => {
    const { told, ended, flush } = news();
    ended(7, one);
    ended(8, one);
    flush();
    assert.deepEqual(told, [{ kind: 'objects', shard: 3, ended: { ordinals: [7, 8], tally: two } }]);
    ended(9, one);
    while (told.length < 2) await pause(5);
    assert.deepEqual(told[1], { kind: 'objects', shard: 3, ended: { ordinals: [9], tally: one } });
  });
});
