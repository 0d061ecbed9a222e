import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { manualClock } from './manual-clock.ts';
import { WorkQueue } from './work-queue.ts';

function queueWithClock() {
  const clock = manualClock();
  const backoff = { baseMs: 10, maximumMs: 1000, jitter: 0 };
  return { clock, queue: new WorkQueue({ clock, random: () => 0, backoff }) };
}

test('a key waits once however often it is added, and keys come in order', async () => {
  const { queue } = queueWithClock();
  for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
  assert.deepEqual([await queue.take(), await queue.take()], ['a', 'b']);
  assert.deepEqual(queue.state, { ready: 0, processing: 2, delayed: 0 });
});

test('a key added while it is worked on comes back once, when that work is done', async () => {
  const { queue } = queueWithClock();
  queue.add('a');
  await queue.take();
  queue.add('a');
  queue.add('a');
  assert.equal(queue.state.ready, 0);
  queue.done('a');
  assert.equal(await queue.take(), 'a');
  queue.done('a');
  assert.equal(queue.state.ready, 0);
});

test('a key added to the express line is handed out before others that waited longer, also after work on it', async () => {
  const { queue } = queueWithClock();
  for (const key of ['a', 'b', 'c']) queue.add(key);
  assert.equal(await queue.take(), 'a');
  queue.add('a', 'express');
  queue.add('a');
  queue.done('a');
  assert.deepEqual([await queue.take(), await queue.take()], ['a', 'b']);
});

test('who waits for a key gets the next one', async () => {
  const { queue } = queueWithClock();
  const waiting = [queue.take(), queue.take()];
  queue.add('a');
  queue.add('b');
  assert.deepEqual(await Promise.all(waiting), ['a', 'b']);
});

test('of two delays the shorter one counts, and adding voids both', () => {
  const { queue, clock } = queueWithClock();
  queue.addAfter('a', 100);
  queue.addAfter('a', 50);
  queue.addAfter('a', 200);
  clock.advance(49);
  assert.equal(queue.state.ready, 0);
  clock.advance(1);
  assert.deepEqual(queue.state, { ready: 1, processing: 0, delayed: 0 });
  queue.addAfter('b', 100);
  queue.add('b');
  assert.deepEqual(queue.state, { ready: 2, processing: 0, delayed: 0 });
});

test('retries of a key come ever later up to the maximum, each key by itself, until it is forgotten', () => {
  const { queue } = queueWithClock();
  assert.deepEqual(
    [1, 2, 3].map(() => queue.retry('a')),
    [10, 20, 40],
  );
  assert.equal(queue.retry('b'), 10);
  for (let count = 0; count < 2000; count += 1) queue.retry('a');
  assert.equal(queue.retry('a'), 1000);
  queue.forget('a');
  assert.equal(queue.retry('a'), 10);
});

test('closing wakes who waits, drops what waits, and ends when the last work is done', async () => {
  const { queue } = queueWithClock();
  queue.add('a');
  await queue.take();
  const waiting = queue.take();
  queue.addAfter('b', 10);
  let closed = false;
  const closing = queue.close().then(() => {
    closed = true;
  });
  assert.equal(await waiting, undefined);
  queue.add('c');
  queue.retry('c');
  assert.deepEqual(queue.state, { ready: 0, processing: 1, delayed: 0 });
  assert.equal(closed, false);
  queue.done('a');
  await closing;
  assert.equal(await queue.take(), undefined);
});

test('property: no key is lost, and none is worked on twice at a time', async () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const step = fc.record({ act: fc.constantFrom('add', 'later', 'take', 'done'), key });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { queue, clock } = queueWithClock();
      const held = new Set<string>();
      const owed = new Set<string>();
      const take = async () => {
        if (queue.state.ready === 0) return;
        const taken = (await queue.take()) ?? assert.fail('an open queue gives a key');
        assert.ok(!held.has(taken));
        held.add(taken);
        owed.delete(taken);
      };
      for (const { act, key: name } of steps) {
        if (act === 'add') queue.add(name);
        if (act === 'later') queue.addAfter(name, 5);
        if (act === 'add' || act === 'later') owed.add(name);
        if (act === 'take') await take();
        if (act === 'done' && held.delete(name)) queue.done(name);
      }
      clock.advance(5);
      for (const name of [...held]) {
        held.delete(name);
        queue.done(name);
      }
      while (queue.state.ready > 0) await take();
      assert.deepEqual([...owed], []);
    }),
  );
});
