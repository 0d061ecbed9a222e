import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import type { Engine } from '../../worker/engine.ts';
import type { Finding } from '../../worker/evidence/finding.ts';
import { verifyRun } from '../../worker/evidence/verify-run.ts';
import { listRuns } from '../../worker/run/list-runs.ts';
import type { Areas } from '../../worker/run/probe.ts';
import { toRunError } from '../../worker/run/run-error.ts';
import { readProgress, readRecord } from '../../worker/run/run-progress.ts';
import { openFileStorage } from '../../worker/storage/file-storage.ts';
import { deid } from '../cli/support/deid.ts';
import { createEngine } from './support/fake-engine.ts';
import { makeFixture, type RunFixture } from './support/run-fixture.ts';
import {
  attemptIn,
  fillSource,
  finishIn,
  leftBy,
  memoryAreas,
  objectsOf,
  planIn,
  processOptions,
  processShard,
  run,
} from './support/steps-in-process.ts';
import { watchedStorage } from './support/watched-storage.ts';

const verbs = Array.from(
  { length: 45 },
  (_, index) => ['ok', 'review', 'flaky', 'reject', 'ok'][index % 5] ?? 'ok',
);

async function filled(): Promise<Areas> {
  const areas = memoryAreas();
  await fillSource(areas.source, verbs);
  return areas;
}

/** An engine that fails on flaky objects, and tells how many objects it was given. */
function failingEngine(): { readonly engine: Engine; readonly count: () => number } {
  const inner = createEngine();
  let count = 0;
  return {
    count: () => count,
    engine: {
      deidentify: async (source) => {
        count += 1;
        const text = Buffer.from(await source.read(0, 5)).toString();
        if (text === 'flaky') throw new Error('not now');
        return inner.deidentify(source);
      },
    },
  };
}

function countingEngine(): { readonly engine: Engine; readonly count: () => number } {
  const inner = createEngine();
  let count = 0;
  return {
    count: () => count,
    engine: {
      deidentify: (source) => {
        count += 1;
        return inner.deidentify(source);
      },
    },
  };
}

/** What a run that never failed leaves. */
async function undisturbed() {
  const areas = await filled();
  const summary = await attemptIn(areas, 'only');
  const { out, held } = await leftBy(areas, summary);
  return { summary, out, held };
}

describe('a next attempt', () => {
  it('does again what failed, and nothing else, and comes to what a run that never failed comes to', async () => {
    const expected = await undisturbed();
    const areas = await filled();
    const first = await attemptIn(areas, 'first', { engine: failingEngine().engine });
    assert.equal(first.result, 'ObjectsFailed');
    assert.deepEqual(first.shards, { total: 3, done: 3, retryable: 3 });
    assert.equal(first.outcomes.failed, 9);

    const { engine, count } = countingEngine();
    const second = await attemptIn(areas, 'second', { attempt: 1, engine });
    assert.equal(count(), 9, 'objects that were done are not done again');
    const { attempt: _, report: __, ...counts } = second;
    const { attempt: ___, report: ____, ...wanted } = expected.summary;
    assert.deepEqual(counts, wanted);
    assert.equal(second.attempt, 1);
    const { out, held } = await leftBy(areas, second);
    assert.deepEqual({ out, held }, { out: expected.out, held: expected.held });
    // Its summary is given again, and that of the first one stays.
    assert.deepEqual(await attemptIn(areas, 'third', { attempt: 1 }), second);
    assert.deepEqual(await attemptIn(areas, 'fourth'), first);
  });

  it('takes only the shards that were left behind', async () => {
    const areas = await filled();
    const { engine } = failingEngine();
    const inner = createEngine();
    const plan = await planIn(areas, 'plan');
    for (const shard of [0, 1, 2]) {
      const options = { ...processOptions('first'), areas, plan, shard };
      await processShard({ ...options, engine: shard === 1 ? engine : inner });
    }
    const first = await finishIn(areas, plan, 'first', { attempt: 0, acceptsUndone: false });
    assert.equal(first.shards.retryable, 1);
    const before = await objectsOf(areas.workArea);
    const second = await attemptIn(areas, 'second', { attempt: 1 });
    assert.equal(second.result, 'Success');
    const added = (await objectsOf(areas.workArea)).filter((line) => !before.includes(line));
    assert.ok(added.every((line) => !/attempt-0001\/(?:shards\/[02]\/|ledger\/shard-00000[02])/.test(line)));
    assert.ok(added.some((line) => line.includes('attempt-0001/shards/1/journal/')));
    assert.deepEqual(
      (await objectsOf(areas.workArea)).filter((line) => before.includes(line)),
      before,
      'what the first attempt sealed stays as it was',
    );
  });

  it('gives the same wherever its process dies, when it is run again', async () => {
    const expected = await undisturbed();
    const deaths = fc.array(fc.nat(150), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(deaths, async (places) => {
        const areas = await filled();
        await attemptIn(areas, 'first', { engine: failingEngine().engine });
        for (const [life, deathAt] of places.entries()) {
          let operations = 0;
          const dying = (storage: Areas['source']) =>
            watchedStorage(storage, () => {
              operations += 1;
              if (operations > deathAt) throw new Error('dead');
            });
          const seen = {
            source: dying(areas.source),
            destination: dying(areas.destination),
            quarantine: dying(areas.quarantine),
            workArea: dying(areas.workArea),
          };
          await attemptIn(seen, `life ${life}`, { attempt: 1 }).catch(() => {});
        }
        const last = await attemptIn(areas, 'last', { attempt: 1 });
        assert.deepEqual(last.outcomes, expected.summary.outcomes);
        assert.deepEqual(last.ledger, expected.summary.ledger);
        assert.deepEqual(await objectsOf(areas.destination), expected.out);
      }),
      { seed: 20261125, numRuns: 25 },
    );
  });
});

describe('an attempt whose shards were given up', () => {
  it('is sealed with what was done, and the next one does the rest', async () => {
    const expected = await undisturbed();
    const areas = await filled();
    const sealing = { acceptsUndone: true, takes: (shard: number) => shard === 1 };
    const first = await attemptIn(areas, 'first', sealing);
    assert.equal(first.result, 'ShardsUndone');
    assert.deepEqual(first.shards, { total: 3, done: 1, retryable: 2 });
    assert.ok(first.objects < verbs.length && first.objects > 0);
    assert.equal(first.ledger.entries, verbs.length, 'the ledger says of every object what is known of it');
    assert.deepEqual(
      await finishIn(areas, await planIn(areas, 'x'), 'again', { attempt: 0, acceptsUndone: true }),
      first,
    );

    const second = await attemptIn(areas, 'second', { attempt: 1 });
    assert.equal(second.result, 'Success');
    assert.equal(second.ledger.root, expected.summary.ledger.root);
    const { out, held } = await leftBy(areas, second);
    assert.deepEqual({ out, held }, { out: expected.out, held: expected.held });
  });

  it('is refused where that was not asked for', async () => {
    const areas = await filled();
    await assert.rejects(attemptIn(areas, 'first', { takes: (shard) => shard === 1 }), {
      exit: 'Interrupted',
    });
  });

  it('takes nothing more from a worker that still lives', async () => {
    const areas = await filled();
    const plan = await planIn(areas, 'plan');
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const inner = createEngine();
    let count = 0;
    const engine: Engine = {
      deidentify: async (source) => {
        count += 1;
        if (count === 6) {
          reached.resolve();
          await held.promise;
        }
        return inner.deidentify(source);
      },
    };
    const zombie = processShard({ ...processOptions('zombie'), engine, areas, plan, shard: 0 });
    await reached.promise;
    const first = await finishIn(areas, plan, 'finish', { attempt: 0, acceptsUndone: true });
    held.resolve();
    await assert.rejects(zombie, (error) => toRunError(error)?.exit === 'ShardTaken');
    await assert.rejects(
      processShard({ ...processOptions('late'), areas, plan, shard: 0 }),
      (error) => toRunError(error)?.exit === 'RunMismatch',
    );
    assert.deepEqual(await finishIn(areas, plan, 'finish again', { attempt: 0, acceptsUndone: true }), first);
    const second = await attemptIn(areas, 'second', { attempt: 1 });
    assert.deepEqual(second.outcomes, (await undisturbed()).summary.outcomes);
  });

  it('shows how far it is, and what became of an object, over both attempts', async () => {
    const areas = await filled();
    await attemptIn(areas, 'first', {
      acceptsUndone: true,
      engine: failingEngine().engine,
      takes: (shard) => shard < 2,
    });
    const plan = await planIn(areas, 'x');
    assert.equal((await readRecord(areas.workArea, run, 2))?.outcome, 'failed');
    assert.equal((await readProgress(areas.workArea, run)).phase, 'Finished');
    await processShard({ ...processOptions('second'), areas, plan, shard: 0, attempts: [0, 1] });
    assert.equal((await readRecord(areas.workArea, run, 2))?.outcome, 'deidentified');
    const progress = await readProgress(areas.workArea, run);
    assert.ok(progress.phase === 'Processing');
    assert.equal(progress.attempt, 1);
    assert.equal(progress.shardsDone, 1);
  });
});

describe('the evidence of several attempts', () => {
  const verified = async (fixture: RunFixture): Promise<readonly Finding[]> => {
    const open = (name: string) => openFileStorage({ root: join(fixture.root, name), writer: 'reader' });
    const areas = {
      source: open('in'),
      destination: open('out'),
      quarantine: open('held'),
      workArea: open('work'),
    };
    const [known] = await listRuns(areas.workArea);
    assert.ok(known !== undefined);
    const signal = new AbortController().signal;
    const verdict = await verifyRun(
      known,
      {},
      { areas, isShared: false, lanes: 2, secret: Buffer.alloc(32), signal },
    );
    return verdict.findings;
  };

  const twice = async (): Promise<RunFixture> => {
    const fixture = makeFixture();
    for (let count = 0; count < 40; count += 1) fixture.add(count % 20 === 3 ? 'flaky' : 'ok');
    fixture.add('reject');
    process.env.DEID_TEST_FLAKY = 'fails';
    try {
      const { summary } = await fixture.run({ workers: 1 });
      assert.equal(summary.outcomes.failed, 2);
    } finally {
      delete process.env.DEID_TEST_FLAKY;
    }
    const again = await fixture.run({ workers: 1 });
    assert.ok(again.wasFinished, 'without being asked to, a run tries nothing again');
    const { summary, wasFinished } = await fixture.run({ workers: 1, retry: true });
    assert.ok(!wasFinished);
    assert.equal(summary.outcomes.failed, 0);
    assert.equal(summary.result, 'Success');
    return fixture;
  };

  const runFolder = (fixture: RunFixture): string => {
    const [name = ''] = readdirSync(join(fixture.root, 'work')).filter((entry) =>
      /^[0-9a-f]{16}$/.test(entry),
    );
    return join(fixture.root, 'work', name);
  };

  it('holds, and is chained', async () => {
    const fixture = await twice();
    assert.deepEqual(await verified(fixture), []);
    const folder = runFolder(fixture);
    const root = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
    const [first, second] = [root('ledger/root.json'), root('attempt-0001/ledger/root.json')];
    assert.equal(second.previous, first.root);
    assert.equal(second.attempt, 1);
    assert.notEqual(second.root, first.root);
    const { wasFinished } = await fixture.run({ retry: true });
    assert.ok(wasFinished, 'a success is never tried again');
    const listed = await deid([
      'evidence',
      'test',
      '--format',
      'jsonl',
      '--work-area',
      join(fixture.root, 'work'),
    ]);
    const records = listed.stdout.trim().split('\n').slice(1);
    assert.equal(records.length, 41);
    assert.ok(records.every((line) => !line.includes('"failed"')));
    fixture.remove();
  });

  /** Gives the first record of that outcome another one. */
  const alterRecord = (ledger: string, outcome: string): void => {
    for (const name of readdirSync(ledger, { recursive: true, encoding: 'utf8' })) {
      const path = join(ledger, name);
      if (!name.endsWith('.jsonl') || !readFileSync(path, 'utf8').includes(`"outcome":"${outcome}"`))
        continue;
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(`"outcome":"${outcome}"`, '"outcome":"skipped"'),
      );
      return;
    }
    assert.fail('no such record');
  };

  const damages: readonly (readonly [string, (folder: string) => void, string])[] = [
    [
      'whose roots are not chained any more',
      (folder) => {
        const path = join(folder, 'attempt-0001/ledger/root.json');
        const statement = JSON.parse(readFileSync(path, 'utf8'));
        writeFileSync(path, `${canonicalJson({ ...statement, previous: `sha256:${'0'.repeat(64)}` })}\n`);
      },
      'ChainBroken',
    ],
    [
      'of whose first attempt a record was altered',
      (folder) => alterRecord(join(folder, 'ledger'), 'failed'),
      'RecordAltered',
    ],
    [
      'of whose second attempt a record was altered',
      (folder) => alterRecord(join(folder, 'attempt-0001/ledger'), 'deidentified'),
      'RecordAltered',
    ],
    [
      'whose list of shards was damaged',
      (folder) => writeFileSync(join(folder, 'finish/left-behind.json'), '{"kind":"LeftBehind"}'),
      'ListAltered',
    ],
    [
      'whose list of shards is another one',
      (folder) => {
        writeFileSync(
          join(folder, 'finish/left-behind.json'),
          '{"kind":"LeftBehind","version":1,"shards":[]}',
        );
      },
      'RootAltered',
    ],
  ];
  for (const [name, damage, kind] of damages) {
    it(`${name} is broken`, async () => {
      const fixture = await twice();
      damage(runFolder(fixture));
      const [finding] = await verified(fixture);
      assert.equal(finding?.kind, kind);
      fixture.remove();
    });
  }
});
