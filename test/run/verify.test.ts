import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import { contextHash } from '../../worker/evidence/ledger-context.ts';
import { chainHash, type LedgerEntry, type LedgerRecord } from '../../worker/evidence/ledger-record.ts';
import type { LedgerRoot } from '../../worker/evidence/ledger-root.ts';
import { leafHash } from '../../worker/evidence/merkle.ts';
import { signLedger } from '../../worker/evidence/signature.ts';
import { fileSigner, newSigningKey } from '../../worker/evidence/signing-key.ts';
import { type RootAnchors, type RunVerdict, verifyRun } from '../../worker/evidence/verify-run.ts';
import { createAreaOpener } from '../../worker/run/area-location.ts';
import { listRuns } from '../../worker/run/list-runs.ts';
import type { Areas } from '../../worker/run/probe.ts';
import { secret } from './support/fake-engine.ts';
import { makeFixture, type RunFixture } from './support/run-fixture.ts';

const verbs = ['ok', 'review', 'reject', 'unwanted', 'throw', 'ok'] as const;
const signer = fileSigner(Buffer.from(newSigningKey((length) => Buffer.alloc(length, 5))));
const otherSigner = fileSigner(Buffer.from(newSigningKey((length) => Buffer.alloc(length, 6))));

let finished: RunFixture;
let run: string;
before(async () => {
  finished = makeFixture();
  for (let index = 0; index < 90; index += 1) finished.add(verbs[index % verbs.length] ?? 'ok');
  run = (await finished.run()).summary.run;
});
after(() => finished.remove());

/** The areas of a fixture, opened to read from. */
async function areasIn(root: string): Promise<Areas> {
  const folder = (name: string) => ({ kind: 'folder', path: join(root, name) }) as const;
  const locations = {
    source: folder('in'),
    destination: folder('out'),
    quarantine: folder('held'),
    workArea: folder('work'),
  };
  return createAreaOpener().openAll(locations, 'reader');
}

async function verify(
  root: string,
  anchors: RootAnchors = {},
  options: { readonly isShared?: boolean } = {},
): Promise<RunVerdict> {
  const areas = await areasIn(root);
  const known = (await listRuns(areas.workArea)).find((candidate) => candidate.run === run);
  assert.ok(known !== undefined);
  return verifyRun(known, anchors, {
    areas,
    isShared: false,
    lanes: 4,
    secret: Buffer.alloc(16, 9),
    signal: new AbortController().signal,
    ...options,
  });
}

/** The verdict over a copy of the finished run after somebody was at it. */
async function tampered(
  change: (root: string) => void | Promise<void>,
  anchors: RootAnchors = {},
  options: { readonly isShared?: boolean } = {},
): Promise<RunVerdict> {
  const root = mkdtempSync(join(tmpdir(), 'deid-verify-'));
  try {
    cpSync(finished.root, root, { recursive: true });
    await change(root);
    const verdict = await verify(root, anchors, options);
    assert.ok(!JSON.stringify(verdict.findings).includes(secret));
    return verdict;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const folderOf = (root: string) => join(root, 'work', run);

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}

/** Changes one byte. */
function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

/** The piece of the second shard; its lines begin with the ordinal that is given. */
function pieceOf(root: string): { readonly file: string; readonly lines: string[]; readonly first: number } {
  const file = join(folderOf(root), 'ledger', 'shard-000001', '000000.jsonl');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return { file, lines, first: (JSON.parse(lines[0] ?? '') as LedgerEntry).record.ordinal };
}

function rewrite(root: string, change: (lines: string[]) => string[]): void {
  const { file, lines } = pieceOf(root);
  writeFileSync(file, `${change(lines).join('\n')}\n`);
}

const first = () => pieceOf(finished.root).first;
const lineCount = () => pieceOf(finished.root).lines.length;

describe('the evidence of a finished run', () => {
  it('holds while nothing was touched, and counts what was read', async () => {
    const { findings, found, outputs, statement } = await verify(finished.root);
    assert.deepEqual([findings, found], [[], 0]);
    assert.equal(statement?.entries, 90);
    assert.equal(outputs?.outputs, 45);
  });

  it('is broken by one byte of any record, wherever it stands in its line', async () => {
    const { lines } = pieceOf(finished.root);
    const line = lines[1] ?? '';
    const before = `${lines[0]}\n`.length;
    for (const word of [
      '"chain":"',
      '"mark":"',
      '"outcome":"',
      '"size":',
      '"sha256":"',
      '"markKey":"',
      '"ordinal"',
    ]) {
      const at = before + line.indexOf(word) + word.length;
      const { findings } = await tampered((root) => flip(pieceOf(root).file, at));
      assert.deepEqual(findings, [{ kind: 'RecordAltered', ordinal: first() + 1, shard: 1 }], word);
    }
    const { findings } = await tampered((root) => flip(pieceOf(root).file, before));
    assert.deepEqual(findings, [{ kind: 'RecordAltered', ordinal: first() + 1, shard: 1 }]);
  });

  it('is broken by a record that is removed, added or moved', async () => {
    const found = async (change: (lines: string[]) => string[]) =>
      (await tampered((root) => rewrite(root, change))).findings;
    const at = (kind: string, index: number) => [{ kind, ordinal: first() + index, shard: 1 }];
    const last = lineCount() - 1;
    assert.deepEqual(await found((lines) => lines.toSpliced(2, 1)), at('RecordMissing', 2));
    assert.deepEqual(await found((lines) => lines.slice(0, -1)), at('RecordMissing', last));
    assert.deepEqual(await found((lines) => lines.toSpliced(2, 0, lines[1] ?? '')), at('RecordAdded', 2));
    assert.deepEqual(await found((lines) => [...lines, lines[last] ?? '']), at('RecordAdded', last + 1));
    const forged = (lines: string[]) => (lines[2] ?? '').replace('"outcome":"', '"outcome":"x');
    assert.deepEqual(await found((lines) => lines.toSpliced(2, 0, forged(lines))), at('RecordAdded', 2));
    assert.deepEqual(
      await found((lines) => lines.with(2, lines[3] ?? '').with(3, lines[2] ?? '')),
      at('RecordMoved', 2),
    );
    assert.deepEqual(
      await found((lines) => lines.with(1, lines[6] ?? '').with(6, lines[1] ?? '')),
      at('RecordMoved', 1),
    );
    const elsewhere = await tampered((root) => rmSync(pieceOf(root).file));
    assert.deepEqual(elsewhere.findings, at('RecordMissing', 0));
  });

  it('is broken by a record that was altered and linked again, as the root and the journal tell', async () => {
    const relinked = (root: string, change: (record: LedgerRecord) => LedgerRecord) => {
      const statement = JSON.parse(
        readFileSync(join(folderOf(root), 'ledger/root.json'), 'utf8'),
      ) as LedgerRoot;
      const hash = contextHash(statement.context);
      let chain: Buffer = hash;
      rewrite(root, (lines) =>
        lines.map((line, index) => {
          const { record: before, source } = JSON.parse(line) as LedgerEntry;
          const record = index === 4 ? change(before) : before;
          chain = chainHash(chain, leafHash(hash, canonicalJson(record)), source);
          return canonicalJson({ chain: chain.toString('hex'), record, source });
        }),
      );
    };
    const { findings } = await tampered((root) =>
      relinked(root, (record) => ({ ...record, outcome: 'skipped' })),
    );
    assert.deepEqual(findings, [{ kind: 'RecordAltered', ordinal: first() + 4, shard: 1 }]);
  });

  it('is broken by one byte of a segment, of what closes a shard, of the root or of the summary', async () => {
    const journal = (root: string) => {
      const files = filesIn(join(folderOf(root), 'shards/1/journal'));
      return files.find((file) => readFileSync(file, 'utf8').includes('"outcome"')) ?? '';
    };
    const inJournal = (word: string) => readFileSync(journal(finished.root), 'utf8').indexOf(word);
    const kinds = async (change: (root: string) => void) =>
      (await tampered(change)).findings.map(({ kind, shard }) => `${kind} ${shard}`);
    assert.deepEqual(await kinds((root) => flip(journal(root), inJournal('"outcome"'))), [
      'SegmentAltered 1',
    ]);
    assert.deepEqual(await kinds((root) => flip(journal(root), inJournal('"sha256":"') + 10)), [
      'JournalAltered 1',
    ]);
    assert.deepEqual(await kinds((root) => rmSync(journal(root))), ['JournalAltered 1']);
    const end = (root: string) => join(folderOf(root), 'ledger/shard-000001/end.json');
    for (const at of [30, 120, 300])
      assert.deepEqual(await kinds((root) => flip(end(root), at)), ['ShardEndAltered 1']);
    const root = (folder: string) => join(folderOf(folder), 'ledger/root.json');
    const text = readFileSync(root(finished.root), 'utf8');
    for (const [word, kind] of [
      ['"root":"sha256:', 'RootAltered'],
      ['"entries":', 'RootAltered'],
      ['"plan":"sha256:', 'ContextAltered'],
      ['"digest":"sha256:', 'ContextAltered'],
    ] as const) {
      const at = text.indexOf(word) + word.length;
      assert.deepEqual(await kinds((folder) => flip(root(folder), at)), [`${kind} undefined`], word);
    }
    assert.deepEqual(await kinds((folder) => flip(root(folder), 0)), ['RootUnreadable undefined']);
    assert.deepEqual(await kinds((folder) => rmSync(root(folder))), ['RootUnreadable undefined']);
    const summary = (folder: string) => join(folderOf(folder), 'finish/summary.json');
    const inSummary = readFileSync(summary(finished.root), 'utf8').indexOf('"root": "sha256:') + 16;
    assert.deepEqual(await kinds((folder) => flip(summary(folder), inSummary)), ['SummaryAltered undefined']);
    assert.deepEqual(
      await kinds((folder) => {
        mkdirSync(join(folderOf(folder), 'ledger/shard-000099'));
        writeFileSync(join(folderOf(folder), 'ledger/shard-000099/000000.jsonl'), '');
      }),
      ['ShardAdded 99'],
    );
  });

  it('is broken by an output that is altered, missing or unknown', async () => {
    const outputs = (root: string) => filesIn(join(root, 'out'));
    const altered = await tampered((root) => flip(outputs(root)[3] ?? '', 1000));
    assert.deepEqual(
      altered.findings.map(({ kind, area, ordinal }) => [kind, area, typeof ordinal]),
      [['OutputAltered', 'destination', 'number']],
    );
    const longer = await tampered((root) => appendFileSync(outputs(root)[3] ?? '', 'x'));
    assert.deepEqual(longer.findings, altered.findings);
    const missing = await tampered((root) => rmSync(outputs(root)[3] ?? ''));
    assert.deepEqual(
      missing.findings,
      altered.findings.map((finding) => ({ ...finding, kind: 'OutputMissing' })),
    );
    const addOutput = (root: string) => {
      const [, , file = ''] = outputs(root);
      cpSync(file, join(dirname(file), `0-${secret}.dcm`));
    };
    const added = await tampered(addOutput);
    assert.deepEqual(added.findings, [{ kind: 'OutputUnknown', area: 'destination', listed: 1 }]);
    const shared = await tampered(addOutput, {}, { isShared: true });
    assert.deepEqual(shared.findings, []);
  });

  it('is broken by what is altered, missing or unknown in quarantine', async () => {
    const held = (root: string, name: RegExp) =>
      filesIn(join(root, 'held')).filter((file) => name.test(file))[2] ?? '';
    const kinds = async (change: (root: string) => void) =>
      (await tampered(change)).findings.map(({ kind, area }) => `${kind} ${area}`);
    const candidate = /review\/\d+-.*\.dcm$/;
    const record = /(?:review|rejected)\/\d+\.json$/;
    assert.deepEqual(await kinds((root) => flip(held(root, candidate), 7)), ['OutputAltered quarantine']);
    assert.deepEqual(await kinds((root) => rmSync(held(root, candidate))), ['OutputMissing quarantine']);
    assert.deepEqual(await kinds((root) => flip(held(root, record), 7)), ['HeldRecordAltered quarantine']);
    assert.deepEqual(await kinds((root) => rmSync(held(root, record))), ['HeldRecordMissing quarantine']);
    const add = (root: string) => cpSync(held(root, record), `${held(root, record)}.json`);
    assert.deepEqual(await kinds(add), ['OutputUnknown quarantine']);
  });

  it('knows the outputs of other runs of the same work area', async () => {
    const fixture = makeFixture();
    fixture.add('ok');
    const first = await fixture.run();
    fixture.add('ok');
    const job = { ...fixture.job, metadata: { name: 'second' } };
    const second = await fixture.run({ job });
    const before = run;
    for (const { summary } of [first, second]) {
      run = summary.run;
      assert.deepEqual((await verify(fixture.root)).findings, []);
    }
    run = before;
    fixture.remove();
  });

  it('that is made anew whole holds in itself, and breaks against the root that was written down', async () => {
    const fixture = makeFixture();
    for (const verb of ['ok', 'review', 'ok']) fixture.add(verb);
    const { summary } = await fixture.run();
    const before = run;
    run = summary.run;
    for (const file of filesIn(fixture.root)) {
      if (/\/ledger\/|\/finish\/|\/result\.json$|\/instances\//.test(file)) rmSync(file);
      else if (/\/journal\/|\/review\/\d+\.json$/.test(file)) {
        writeFileSync(file, readFileSync(file, 'utf8').replace('(0028,0301)', '(0028,0302)'));
      }
    }
    const remade = (await fixture.run()).summary;
    assert.notEqual(remade.ledger.root, summary.ledger.root);
    assert.deepEqual((await verify(fixture.root)).findings, []);
    assert.deepEqual((await verify(fixture.root, { root: remade.ledger.root })).findings, []);
    assert.deepEqual((await verify(fixture.root, { root: summary.ledger.root })).findings, [
      { kind: 'RootUnexpected' },
    ]);
    run = before;
    fixture.remove();
  });
});

describe('the signature of a run', () => {
  const sign = async (root: string, by = signer) =>
    signLedger((await areasIn(root)).workArea, { run, attempt: 0 }, by);
  const signatureFile = (root: string) => join(folderOf(root), 'ledger/signature.json');
  const { publicKey } = signer;

  it('is checked against the key that must have made it', async () => {
    const own = await tampered(async (root) => void (await sign(root)), { publicKey });
    assert.deepEqual(own.findings, []);
    assert.equal(own.signature?.algorithm, 'Ed25519');
    const foreign = await tampered(async (root) => void (await sign(root, otherSigner)), { publicKey });
    assert.deepEqual(foreign.findings, [{ kind: 'SignatureForeign' }]);
    assert.deepEqual((await tampered(() => {}, { publicKey })).findings, [{ kind: 'SignatureMissing' }]);
  });

  it('is broken by one byte of itself or of the root, with and without the key', async () => {
    for (const anchors of [{}, { publicKey }]) {
      for (const word of ['"signature":"', '"keyId":"sha256:', '"publicKey":"', '"version"', '{']) {
        const verdict = await tampered(async (root) => {
          await sign(root);
          const text = readFileSync(signatureFile(root), 'utf8');
          flip(signatureFile(root), text.indexOf(word) + word.length);
        }, anchors);
        assert.deepEqual(verdict.findings, [{ kind: 'SignatureAltered' }], word);
      }
      const verdict = await tampered(async (root) => {
        await sign(root);
        const file = join(folderOf(root), 'ledger/root.json');
        flip(file, readFileSync(file, 'utf8').indexOf('"root":"sha256:') + 15);
      }, anchors);
      assert.deepEqual(verdict.findings, [{ kind: 'RootAltered' }, { kind: 'SignatureAltered' }]);
    }
  });

  it('is given once: again by the same key, never by another', async () => {
    await tampered(async (root) => {
      const once = await sign(root);
      assert.deepEqual(await sign(root), once);
      await assert.rejects(() => sign(root, otherSigner), { exit: 'RunMismatch' });
    });
  });
});
