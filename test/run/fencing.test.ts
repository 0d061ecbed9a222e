import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../worker/engine.ts';
import { toRunError } from '../../worker/run/run-error.ts';
import { createEngine } from './support/fake-engine.ts';
import {
  fillSource,
  leftBy,
  memoryAreas,
  planIn,
  processOptions,
  processShard,
  runIn,
} from './support/steps-in-process.ts';

const verbs = Array.from({ length: 12 }, () => 'ok');

/** An engine that waits before its `nth` object until it is let go on. */
function heldEngine(nth: number): { readonly engine: Engine; readonly reached: Promise<void>; goOn(): void } {
  const inner = createEngine();
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let count = 0;
  return {
    reached: reached.promise,
    goOn: held.resolve,
    engine: {
      deidentify: async (source) => {
        count += 1;
        if (count === nth) {
          reached.resolve();
          await held.promise;
        }
        return inner.deidentify(source);
      },
    },
  };
}

test('a worker whose shard another has taken over stores no outcome more and says so', async () => {
  const undisturbed = memoryAreas();
  await fillSource(undisturbed.source, verbs);
  const expected = await leftBy(undisturbed, await runIn(undisturbed, 'only'));

  const areas = memoryAreas();
  await fillSource(areas.source, verbs);
  const plan = await planIn(areas, 'plan');
  const { engine, reached, goOn } = heldEngine(5);
  const old = processShard({ ...processOptions('old'), areas, plan, shard: 0, engine });
  await reached;
  const result = await processShard({ ...processOptions('new'), areas, plan, shard: 0 });
  goOn();
  await assert.rejects(old, (error) => toRunError(error)?.exit === 'ShardTaken');
  assert.equal(result.objects, verbs.length);
  assert.deepEqual(await leftBy(areas, await runIn(areas, 'finisher')), expected);
});

test('a worker that was overtaken while it slept finds the shard taken too', async () => {
  const areas = memoryAreas();
  await fillSource(areas.source, verbs);
  const plan = await planIn(areas, 'plan');
  const { engine, reached, goOn } = heldEngine(2);
  const old = processShard({ ...processOptions('old'), areas, plan, shard: 0, engine });
  await reached;
  const second = heldEngine(2);
  const newer = processShard({ ...processOptions('new'), areas, plan, shard: 0, engine: second.engine });
  await second.reached;
  goOn();
  await assert.rejects(old, (error) => toRunError(error)?.exit === 'ShardTaken');
  second.goOn();
  assert.equal((await newer).outcomes.deidentified, verbs.length);
});
