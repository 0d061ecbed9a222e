import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryStorage } from '../storage/memory-storage.ts';
import { createText } from '../storage/whole-object.ts';
import { workLayout } from './layout.ts';
import { readTimes, timed } from './timing.ts';

const run = '0123456789abcdef';

/** A clock that is at each of these seconds in turn. */
function clockAt(...seconds: readonly number[]): () => Date {
  const left = [...seconds];
  return () => new Date(Date.UTC(2026, 0, 1) + (left.shift() ?? assert.fail('asked too often')) * 1000);
}

describe('the times of the steps of a run', () => {
  it('are those of all processes that were at work on an attempt, those that were stopped among them', async () => {
    const work = createMemoryStorage();
    const step = (name: 'plan' | 'process', attempt: number, now: () => Date) => ({
      work,
      run,
      step: name,
      attempt,
      now,
    });
    assert.equal(await timed(step('plan', 0, clockAt(0, 3)), async () => 'planned'), 'planned');
    await timed(step('process', 0, clockAt(10, 20)), async () => undefined);
    await assert.rejects(
      timed(step('process', 0, clockAt(12, 40)), async () => {
        throw new Error('stopped');
      }),
    );
    await timed(step('process', 1, clockAt(100, 101)), async () => undefined);
    await createText(work, workLayout(run).timing('damaged'), '{"kind":"StepTiming"');
    assert.deepEqual(await readTimes(work, run, 0), [
      { step: 'plan', wallMs: 3000, startedAt: new Date(Date.UTC(2026, 0, 1)), processes: 1, workMs: 3000 },
      {
        step: 'process',
        wallMs: 30_000,
        startedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, 10)),
        processes: 2,
        workMs: 38_000,
      },
    ]);
    const [, again] = await readTimes(work, run, 1);
    assert.equal(again?.wallMs, 1000);
  });

  it('are not recorded without a clock', async () => {
    const work = createMemoryStorage();
    await timed({ work, run, step: 'finish', attempt: 0, now: undefined }, async () => undefined);
    assert.deepEqual(await readTimes(work, run, 0), []);
  });
});
