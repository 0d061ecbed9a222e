/** A work area that is damaged between two processes is told, or makes no difference: it never brings the program down. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toRunError } from '../../worker/run/run-error.ts';
import { createMemoryStorage } from '../../worker/storage/memory-storage.ts';
import type { Storage } from '../../worker/storage/storage.ts';
import { readWhole } from '../../worker/storage/whole-object.ts';
import { secret } from './support/fake-engine.ts';
import {
  fillSource,
  memoryAreas,
  planIn,
  processOptions,
  processShard,
  runIn,
} from './support/steps-in-process.ts';

async function objectsOf(storage: Storage): Promise<ReadonlyMap<string, Uint8Array>> {
  const objects = new Map<string, Uint8Array>();
  for (const { key } of (await storage.list('', { limit: 1000 })).objects) {
    objects.set(key, (await readWhole(storage, key)) ?? new Uint8Array(0));
  }
  return objects;
}

async function storageOf(objects: ReadonlyMap<string, Uint8Array>): Promise<Storage> {
  const storage = createMemoryStorage();
  for (const [key, bytes] of objects) await storage.create(key, { size: bytes.length, chunks: [bytes] });
  return storage;
}

const replacements = ['', 'null', '[]', '1', '{}', '{"format":"deid-journal/1"}\n', '\n', '{"ordinal":0}\n'];

test('any object of the plan, the journals and the results that is cut, changed, replaced or lost', async () => {
  const areas = memoryAreas();
  await fillSource(areas.source, ['ok', 'ok', 'review', 'ok', 'reject', 'ok']);
  const plan = await planIn(areas, 'first');
  await processShard({ ...processOptions('first'), areas, plan, shard: 0 });
  const work = await objectsOf(areas.workArea);
  const [destination, quarantine] = [await objectsOf(areas.destination), await objectsOf(areas.quarantine)];
  const continued = async (objects: ReadonlyMap<string, Uint8Array>) =>
    runIn(
      {
        source: areas.source,
        destination: await storageOf(destination),
        quarantine: await storageOf(quarantine),
        workArea: await storageOf(objects),
      },
      'second',
    );
  const { outcomes } = await continued(work);
  const damage = fc.oneof(
    fc
      .double({ min: 0, max: 1, noNaN: true })
      .map((part) => (bytes: Uint8Array) => bytes.subarray(0, part * bytes.length)),
    fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => (bytes: Uint8Array) => {
      const changed = Uint8Array.from(bytes);
      if (changed.length > 0) changed[at % changed.length] = byte;
      return changed;
    }),
    fc.constantFrom(...replacements).map((text) => () => Buffer.from(text)),
    fc.constant(() => undefined),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...work.keys()), damage, async (key, apply) => {
      const objects = new Map(work);
      const damaged = apply(work.get(key) ?? new Uint8Array(0));
      if (damaged === undefined) objects.delete(key);
      else objects.set(key, damaged);
      try {
        const summary = await continued(objects);
        assert.equal(
          Object.values(summary.outcomes).reduce((sum, count) => sum + count, 0),
          Object.values(outcomes).reduce((sum, count) => sum + count, 0),
        );
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        assert.ok(toRunError(error) !== undefined, `${key}: ${String(error)}`);
        assert.ok(!String(error).includes(secret));
      }
    }),
    { numRuns: 200, interruptAfterTimeLimit: 10_000 },
  );
});
