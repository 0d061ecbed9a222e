import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import { contextHash } from '../../worker/evidence/ledger-context.ts';
import type { LedgerEntry } from '../../worker/evidence/ledger-record.ts';
import { inputMark } from '../../worker/evidence/ledger-record.ts';
import type { LedgerRoot } from '../../worker/evidence/ledger-root.ts';
import { createMerkleTree, leafHash } from '../../worker/evidence/merkle.ts';
import { createMemoryStorage } from '../../worker/storage/memory-storage.ts';
import { secret } from './support/fake-engine.ts';
import { makeFixture, type RunFixture } from './support/run-fixture.ts';
import { fillSource, memoryAreas, objectsOf, runIn } from './support/steps-in-process.ts';
import { watchedStorage } from './support/watched-storage.ts';

const verbs = ['ok', 'review', 'reject', 'unwanted', 'throw', 'ok'] as const;

function filled(count: number): RunFixture {
  const fixture = makeFixture();
  for (let index = 0; index < count; index += 1) fixture.add(verbs[index % verbs.length] ?? 'ok');
  return fixture;
}

function ledgerFolder(fixture: RunFixture, run: string, work = 'work'): string {
  return join(fixture.root, work, run, 'ledger');
}

function entriesIn(folder: string): readonly LedgerEntry[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as LedgerEntry);
}

describe('the ledger of a run', () => {
  it('holds a record for each object in order, under one root', async () => {
    const fixture = filled(100);
    const { summary } = await fixture.run();
    const folder = ledgerFolder(fixture, summary.run);
    const statement = JSON.parse(readFileSync(join(folder, 'root.json'), 'utf8')) as LedgerRoot;
    const entries = entriesIn(folder);
    assert.deepEqual(
      entries.map(({ record }) => record.ordinal),
      Array.from({ length: 100 }, (_, ordinal) => ordinal),
    );
    const tree = createMerkleTree();
    for (const { record } of entries)
      tree.append(leafHash(contextHash(statement.context), canonicalJson(record)));
    assert.equal(statement.root, `sha256:${tree.root().toString('hex')}`);
    assert.deepEqual(summary.ledger, { root: statement.root, entries: 100 });
    fixture.remove();
  });

  it('keeps digests of inputs apart from the records, which bear a mark of them', async () => {
    const fixture = filled(12);
    const { summary } = await fixture.run();
    for (const { record, source } of entriesIn(ledgerFolder(fixture, summary.run))) {
      assert.ok(source !== undefined && !JSON.stringify(record).includes(source.sha256));
      assert.equal(record.input.mark, inputMark(Buffer.from(source.markKey, 'hex'), source.sha256));
      assert.ok(!JSON.stringify(record).includes(secret));
    }
    fixture.remove();
  });

  it('has the same root however many workers and shards there are', async () => {
    const fixture = filled(120);
    const one = await fixture.run({ workers: 1 });
    const volumes = new Map(fixture.volumes);
    for (const area of ['out', 'held', 'work']) volumes.set(area, join(fixture.root, `${area}3`));
    const three = await fixture.run({ workers: 3, volumes });
    assert.notEqual(three.summary.plan.shards, one.summary.plan.shards);
    assert.deepEqual(three.summary.ledger, one.summary.ledger);
    fixture.remove();
  });

  it('is the same, byte for byte, wherever a process dies while it is written', async () => {
    const verbsOf = Array.from({ length: 60 }, (_, index) => verbs[index % verbs.length] ?? 'ok');
    const undisturbed = memoryAreas();
    await fillSource(undisturbed.source, verbsOf);
    await runIn(undisturbed, 'undisturbed');
    const ledgerOf = async (work: typeof undisturbed.workArea) =>
      (await objectsOf(work)).filter((line) => line.includes('/ledger/'));
    const expected = await ledgerOf(undisturbed.workArea);
    assert.ok(expected.length > 4);
    for (let death = 0; ; death += 1) {
      const work = createMemoryStorage();
      const areas = { ...memoryAreas(), workArea: work };
      await fillSource(areas.source, verbsOf);
      let writes = 0;
      const dying = watchedStorage(work, ({ verb, key }) => {
        if (verb !== 'create' || !key.includes('/ledger/')) return;
        if (writes === death) throw new Error('killed');
        writes += 1;
      });
      const died = await runIn({ ...areas, workArea: dying }, 'first').then(
        () => false,
        () => true,
      );
      if (!died) break;
      await runIn(areas, 'second');
      assert.deepEqual(await ledgerOf(work), expected, `died at write ${death}`);
    }
  });

  it('that differs from what the journals give is refused', async () => {
    const fixture = filled(10);
    const { summary } = await fixture.run({ workers: 1 });
    const root = join(ledgerFolder(fixture, summary.run), 'root.json');
    const text = readFileSync(root, 'utf8');
    writeFileSync(root, text.replace('"entries":10', '"entries":11'));
    rmSync(join(fixture.root, 'work', summary.run, 'finish'), { recursive: true });
    await assert.rejects(() => fixture.run(), { exit: 'RunMismatch' });
    fixture.remove();
  });
});
