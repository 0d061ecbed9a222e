import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Areas } from '../../worker/run/probe.ts';
import { type AreaName, RunError } from '../../worker/run/run-error.ts';
import type { Storage } from '../../worker/storage/storage.ts';
import { StorageError, type StorageErrorCode } from '../../worker/storage/storage-error.ts';
import { contents, makeFixture, type RunFixture } from './support/run-fixture.ts';
import { fillSource, leftBy, memoryAreas, runIn } from './support/steps-in-process.ts';
import { type Operation, watchedStorage } from './support/watched-storage.ts';

const verbs = Array.from({ length: 40 }, (_, index) => (index % 3 === 0 ? 'review' : 'ok'));

async function filled(): Promise<Areas> {
  const areas = memoryAreas();
  await fillSource(areas.source, verbs);
  return areas;
}

/** The areas with one that is watched. */
function watchedArea(areas: Areas, area: AreaName, watch: (operation: Operation) => void): Areas {
  return { ...areas, [area]: watchedStorage(areas[area], watch) };
}

/** Fails every creation from the nth on. */
function failingFrom(nth: number, code: StorageErrorCode, retryable = false): (operation: Operation) => void {
  let count = 0;
  return ({ verb, when }) => {
    if (verb !== 'create' || when !== 'before') return;
    count += 1;
    if (count >= nth) throw new StorageError(code, { retryable });
  };
}

describe('an area that is full, or denies writing, after a while', () => {
  for (const [code, exit] of [
    ['NoSpace', 'StorageFull'],
    ['Denied', 'StorageDenied'],
  ] as const) {
    for (const area of ['destination', 'quarantine', 'workArea'] as const) {
      it(`ends the run with ${exit} and its name: ${area}; with room again, the run goes on to the same end`, async () => {
        const undisturbed = await filled();
        const expected = await leftBy(undisturbed, await runIn(undisturbed, 'only'));
        for (const nth of [1, 2, 5, 9]) {
          const areas = await filled();
          const failing = watchedArea(areas, area, failingFrom(nth, code));
          await assert.rejects(
            () => runIn(failing, 'first'),
            (error) =>
              error instanceof RunError && error.exit === exit && error.message.startsWith(`spec.${area}: `),
          );
          assert.deepEqual(await leftBy(areas, await runIn(areas, 'second')), expected);
        }
      });
    }
  }
});

describe('a listing with keys that a store cannot be asked for', () => {
  it('gives each of those objects its outcome, and the others theirs', async () => {
    const areas = await filled();
    const odd = ['a/../b.dcm', './c.dcm', 'd/..'];
    const { source } = areas;
    const list: Storage['list'] = async (prefix, options) => {
      const page = await source.list(prefix, options);
      return { ...page, objects: [...odd.map((key) => ({ key, size: 3, version: '1' })), ...page.objects] };
    };
    const run = await runIn({ ...areas, source: { ...source, list } }, 'only');
    assert.equal(run.objects, verbs.length + odd.length);
    assert.deepEqual([run.outcomes.failed, run.outcomes.rejected], [0, odd.length]);
    assert.equal(run.reasons.UnusableKey, odd.length);
  });
});

describe('a store that fails for a moment', () => {
  it('is tried again', async () => {
    const areas = await filled();
    let faults = 2;
    const moody = watchedArea(areas, 'destination', ({ verb, when }) => {
      if (verb !== 'create' || when !== 'before' || faults === 0) return;
      faults -= 1;
      throw new StorageError('Fault', { retryable: true });
    });
    const { outcomes } = await runIn(moody, 'only');
    assert.equal(faults, 0);
    assert.equal(outcomes.failed, 0);
  });

  it('and had stored the object in spite of it has no conflict with itself', async () => {
    const areas = await filled();
    let faults = 2;
    const forgetful = watchedArea(areas, 'destination', ({ verb, when }) => {
      if (verb !== 'create' || when !== 'after' || faults === 0) return;
      faults -= 1;
      throw new StorageError('Fault', { retryable: true });
    });
    assert.equal((await runIn(forgetful, 'only')).outcomes.failed, 0);
  });

  it('and again ends the run with TransientFault', async () => {
    const areas = await filled();
    await assert.rejects(
      () => runIn(watchedArea(areas, 'destination', failingFrom(3, 'Fault', true)), 'only'),
      (error) => error instanceof RunError && error.exit === 'TransientFault',
    );
  });
});

describe('an object that cannot be read', () => {
  for (const [code, reason] of [
    ['Denied', 'StorageFault'],
    ['Fault', 'StorageFault'],
    ['NotFound', 'SourceChanged'],
    ['SourceChanged', 'SourceChanged'],
  ] as const) {
    it(`for ${code} fails alone: ${reason}`, async () => {
      let opened = 0;
      const source = watchedArea(await filled(), 'source', ({ verb, when }) => {
        if (verb !== 'open' || when !== 'before') return;
        opened += 1;
        if (opened === 7) throw new StorageError(code);
      });
      const { outcomes, reasons } = await runIn(source, 'only');
      assert.equal(outcomes.failed, 1);
      assert.equal(reasons[reason], 1);
    });
  }
});

/** Makes an area's folder a file system of its own; false, and the test skipped, where that is not allowed. */
function isMounted(context: TestContext, folder: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    context.skip('no file system can be mounted here');
    return false;
  }
  return true;
}

/** Makes an area's folder one that nobody may write to: by its mode, which does not concern root, or as a file system. */
function isReadOnly(context: TestContext, folder: string): boolean {
  if (process.getuid?.() === 0) return isMounted(context, folder, 'ro');
  chmodSync(folder, 0o555);
  return true;
}

function removeMounted(fixture: RunFixture, folder: string): void {
  try {
    execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
  } catch {
    chmodSync(folder, 0o755);
  }
  fixture.remove();
}

function scans(count: number): RunFixture {
  const fixture = makeFixture();
  for (let index = 0; index < count; index += 1) fixture.add(index % 4 === 0 ? 'review' : 'ok');
  return fixture;
}

describe('a disk', () => {
  for (const [claim, area] of [
    ['out', 'destination'],
    ['held', 'quarantine'],
    ['work', 'workArea'],
  ] as const) {
    it(`that is full ends the run with StorageFull, and nothing half-written is seen: ${area}`, async (context) => {
      const fixture = scans(120);
      const folder = join(fixture.root, claim);
      mkdirSync(folder);
      context.after(() => removeMounted(fixture, folder));
      if (!isMounted(context, folder, 'size=60k')) return;
      await assert.rejects(
        () => fixture.run(),
        (error) =>
          error instanceof RunError &&
          error.exit === 'StorageFull' &&
          error.message.startsWith(`spec.${area}: `),
      );
      const whole = scans(120);
      context.after(whole.remove);
      await whole.run();
      const expected = new Set([...contents(join(whole.root, 'out')), ...contents(join(whole.root, 'held'))]);
      for (const place of ['out', 'held'] as const) {
        for (const object of contents(join(fixture.root, place)))
          assert.ok(expected.has(object), `${place} holds other bytes`);
      }
      execFileSync('mount', ['-o', 'remount,size=4m', folder], { stdio: 'ignore' });
      await fixture.run();
      for (const place of ['out', 'held'] as const) {
        assert.deepEqual(contents(join(fixture.root, place)), contents(join(whole.root, place)));
      }
    });

    it(`that may only be read ends the run with StorageDenied before any work: ${area}`, async (context) => {
      const fixture = scans(3);
      const folder = join(fixture.root, claim);
      mkdirSync(folder);
      context.after(() => removeMounted(fixture, folder));
      if (!isReadOnly(context, folder)) return;
      await assert.rejects(
        () => fixture.run(),
        (error) =>
          error instanceof RunError &&
          error.exit === 'StorageDenied' &&
          error.message.startsWith(`spec.${area}: `),
      );
      for (const written of ['out', 'held', 'work']) {
        assert.deepEqual(contents(join(fixture.root, written)), [], written);
      }
    });
  }
});
