import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Areas } from '../../worker/run/probe.ts';
import { fillSource, leftBy, memoryAreas, runIn } from './support/steps-in-process.ts';
import { type Operation, watchedStorage } from './support/watched-storage.ts';

const verbs = Array.from(
  { length: 36 },
  (_, index) => ['ok', 'review', 'reject', 'unwanted', 'throw'][index % 5] ?? 'ok',
);

/** The death of a process. */
class Death extends Error {}

/** The areas as a process sees them that dies at the given operation: from then on, it does nothing more. */
function dyingAreas(
  areas: Areas,
  deathAt: number,
): { readonly areas: Areas; readonly operations: () => number } {
  let count = 0;
  const watch = (_: Operation): void => {
    count += 1;
    if (count > deathAt) throw new Death();
  };
  return {
    areas: {
      source: watchedStorage(areas.source, watch),
      destination: watchedStorage(areas.destination, watch),
      quarantine: watchedStorage(areas.quarantine, watch),
      workArea: watchedStorage(areas.workArea, watch),
    },
    operations: () => count,
  };
}

async function filled(): Promise<Areas> {
  const areas = memoryAreas();
  await fillSource(areas.source, verbs);
  return areas;
}

async function undisturbed() {
  const areas = await filled();
  const { areas: watched, operations } = dyingAreas(areas, Number.POSITIVE_INFINITY);
  return { left: await leftBy(areas, await runIn(watched, 'only')), operations: operations() };
}

describe('a run whose process dies', () => {
  it('at any one operation on a store gives the same as one that does not, when it is run again', async () => {
    const { left, operations } = await undisturbed();
    assert.ok(operations > 200, 'the run is long enough to die in many places');
    for (let deathAt = 0; deathAt < operations; deathAt += 1) {
      const areas = await filled();
      await assert.rejects(
        () => runIn(dyingAreas(areas, deathAt).areas, 'first'),
        `lived through ${deathAt}`,
      );
      assert.deepEqual(await leftBy(areas, await runIn(areas, 'second')), left, `died at ${deathAt}`);
    }
  });

  it('again and again gives the same in the end', async () => {
    const { left } = await undisturbed();
    const deaths = fc.array(fc.nat(120), { minLength: 2, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(deaths, async (places) => {
        const areas = await filled();
        for (const [life, deathAt] of places.entries()) {
          await runIn(dyingAreas(areas, deathAt).areas, `life ${life}`).catch(() => {});
        }
        assert.deepEqual(await leftBy(areas, await runIn(areas, 'last')), left);
      }),
      { seed: 20260301, numRuns: 40 },
    );
  });
});
