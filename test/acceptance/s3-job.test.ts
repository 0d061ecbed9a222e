/**
 * A job from bucket to bucket over the reference data, killed and gone on with: it must leave what a run over folders
 * leaves, and its evidence must hold just as long as nobody touches it. No key of the source is printed.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { stringify } from 'yaml';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import type { DeidJobInput } from '../../crds/v1alpha1/job.ts';
import type { Finding } from '../../worker/evidence/finding.ts';
import { ledgerLayout } from '../../worker/evidence/ledger-layout.ts';
import type { LedgerEntry } from '../../worker/evidence/ledger-record.ts';
import { readAll } from '../../worker/storage/conformance.ts';
import { createS3Client } from '../../worker/storage/s3-client.ts';
import { runDeid, type Said, spawnDeid } from '../cli/support/deid.ts';
import { objectsOf } from '../run/support/steps-in-process.ts';
import { areaIn, locationIn, storageIn, storageOfFolder } from '../storage/support/s3-places.ts';
import { type S3Server, skipS3, startS3Server } from '../storage/support/s3-server.ts';
import { filesBelow, type LocalRun, runJob } from './local-run.ts';
import { referenceFolder } from './reference-data.ts';

/** What the bucket shows of a run when it is killed: so many keys that start and end with these. */
const killPoints: readonly { readonly prefix: string; readonly suffix: string; readonly keys: number }[] = [
  { prefix: 'work/', suffix: '', keys: 1 },
  { prefix: 'work/', suffix: '/plan/sealed.json', keys: 1 },
  { prefix: 'out/', suffix: '.dcm', keys: 1 },
  { prefix: 'out/', suffix: '.dcm', keys: 60 },
  { prefix: 'held/', suffix: '.json', keys: 40 },
  { prefix: 'out/', suffix: '.dcm', keys: 200 },
  { prefix: 'work/', suffix: '/result.json', keys: 7 },
  { prefix: 'work/', suffix: '/ledger/root.json', keys: 1 },
];

const hasReferenceData = existsSync(referenceFolder);
const skip =
  hasReferenceData || process.env.CI === 'true' ? skipS3 : 'the reference data folder is not there';

describe('a job from bucket to bucket over the reference data', { skip, timeout: 600_000 }, () => {
  let scratch: string;
  let server: S3Server;
  let client: S3Client;
  let inFolders: LocalRun;
  let inBuckets: Said;
  let files: readonly string[];
  let kills = 0;

  const put = (bucket: string, key: string, bytes: Uint8Array) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  const area = (name: string) => storageIn(server, 'results', `${name}/`);
  const job = (): DeidJobInput => ({
    apiVersion: 'deid.imaging/v1alpha1',
    kind: 'DeidJob',
    // One name, one run: quarantine has the same keys in both.
    metadata: { name: 'acceptance-research' },
    spec: {
      profileRef: { builtin: 'research' },
      source: areaIn(server, 'reference', ''),
      destination: areaIn(server, 'results', 'out'),
      quarantine: areaIn(server, 'results', 'held'),
      workArea: areaIn(server, 'results', 'work'),
      key: { secretRef: { name: 'acceptance', key: 'current' } },
    },
  });
  const run = ['run', '-f', 's3.yaml', '--key-file', 'key', '--json', '--workers', '2'];

  /** Starts the run and kills it as soon as the bucket shows so much of it; false where it ended before. */
  const killedAt = async ({ prefix, suffix, keys }: (typeof killPoints)[number]): Promise<boolean> => {
    const child = spawnDeid(run, scratch);
    child.stdout?.resume();
    child.stderr?.resume();
    const end = once(child, 'close') as Promise<[number | null]>;
    let count = 0;
    while (count < keys && child.exitCode === null) {
      count = (await listed(prefix)).filter((key) => key.endsWith(suffix)).length;
      await Promise.race([pause(20), end]);
    }
    child.kill('SIGKILL');
    return (await end)[0] === null;
  };
  const listed = async (prefix: string): Promise<readonly string[]> =>
    (await storageIn(server, 'results', '').list(prefix)).objects.map(({ key }) => key);

  before(async () => {
    assert.ok(hasReferenceData);
    scratch = await mkdtemp(join(tmpdir(), 'deid-acceptance-s3-'));
    await writeFile(join(scratch, 'key'), Buffer.alloc(32, 'acceptance').toString('base64'));
    server = await startS3Server();
    for (const bucket of ['reference', 'results']) server.makeBucket(bucket);
    client = createS3Client(locationIn(server, 'reference', ''));
    await writeFile(join(scratch, 's3.yaml'), stringify(job()));
    files = await filesBelow(referenceFolder);
    for (const file of files) await put('reference', relative(referenceFolder, file), await readFile(file));
    inFolders = await runJob('research', referenceFolder, scratch, join(scratch, 'key'));
    for (const point of killPoints) if (await killedAt(point)) kills += 1;
    inBuckets = await runDeid(run, scratch);
  });
  after(async () => {
    client.destroy();
    await server.stop();
    await rm(scratch, { recursive: true, force: true });
  });

  it('that is killed again and again ends as it does over folders, every object accounted for', () => {
    assert.ok(kills >= 4, `killed ${kills} times`);
    assert.equal(inBuckets.code, inFolders.exitCode, inBuckets.stderr);
    const summary = JSON.parse(inBuckets.stdout) as { readonly outcomes: Readonly<Record<string, number>> };
    const accounted = Object.values(summary.outcomes).reduce((sum, count) => sum + count, 0);
    assert.equal(accounted, files.length);
    // Versions, and so plan and ledger, are of each store's own.
    const counts = ({ plan: _, ledger: __, ...rest }: Record<string, unknown>) => rest;
    assert.deepEqual(counts({ ...summary }), counts({ ...(inFolders.summary as object) }));
  });

  it('leaves the same outputs and the same quarantine, byte for byte', async () => {
    for (const [name, folder] of [
      ['out', 'destination'],
      ['held', 'quarantine'],
    ] as const) {
      const [left, expected] = [area(name), storageOfFolder(join(scratch, folder))];
      assert.ok((await objectsOf(left)).length > 0);
      assert.deepEqual(await objectsOf(left), await objectsOf(expected));
    }
  });

  describe('whose evidence is verified', () => {
    let id: string;
    before(() => {
      id = (JSON.parse(inBuckets.stdout) as { readonly run: string }).run;
    });

    const verify = async (): Promise<{ readonly said: Said; readonly findings: readonly Finding[] }> => {
      const said = await runDeid(['verify', id, '-f', 's3.yaml', '--json'], scratch);
      return { said, findings: (JSON.parse(said.stdout) as { readonly findings: Finding[] }).findings };
    };
    /** What is found while one byte of an object is another. */
    const foundWith = async (key: string, at: (bytes: Buffer) => number): Promise<readonly Finding[]> => {
      const bytes = Buffer.from(await readAll(storageIn(server, 'results', ''), key));
      const altered = Buffer.from(bytes);
      const place = at(bytes);
      altered[place] = (altered[place] ?? 0) ^ 1;
      await put('results', key, altered);
      try {
        const { said, findings } = await verify();
        assert.equal(said.code, exitCodes.EvidenceBroken.code, said.stderr);
        return findings;
      } finally {
        await put('results', key, bytes);
      }
    };
    const pieceKey = () => `work/${ledgerLayout(id, 0).piece(1, 0)}`;
    const entriesOfPiece = async (): Promise<readonly LedgerEntry[]> => {
      const text = Buffer.from(await readAll(storageIn(server, 'results', ''), pieceKey())).toString('utf8');
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as LedgerEntry);
    };

    it('is accepted', async () => {
      const { said, findings } = await verify();
      assert.equal(said.code, 0, said.stderr);
      assert.deepEqual(findings, []);
      const { records } = JSON.parse(said.stdout) as { readonly records: number };
      assert.equal(records, files.length);
    });

    it('names an output with another byte', async () => {
      const { record } =
        (await entriesOfPiece()).find(({ record: { outcome } }) => outcome === 'deidentified') ?? {};
      assert.ok(record?.output !== undefined);
      const found = await foundWith(`out/${record.output.key}`, (bytes) => bytes.length >> 1);
      assert.ok(found.length > 0);
      // Objects with the same output share it: each of them is named.
      assert.ok(found.every(({ kind, area: of }) => kind === 'OutputAltered' && of === 'destination'));
      assert.ok(found.some(({ ordinal }) => ordinal === record.ordinal));
    });

    it('names a record with another byte', async () => {
      const entry = (await entriesOfPiece())[2];
      assert.ok(entry !== undefined);
      const { ordinal } = entry.record;
      const word = '"outcome":"';
      const found = await foundWith(
        pieceKey(),
        (bytes) => bytes.indexOf(word, bytes.indexOf(`"ordinal":${ordinal}`)) + word.length,
      );
      assert.deepEqual(found[0], { kind: 'RecordAltered', ordinal, shard: 1 });
    });

    it('names a root with another byte', async () => {
      const found = await foundWith(
        `work/${ledgerLayout(id, 0).root}`,
        (bytes) => bytes.indexOf('"root":"sha256:') + 20,
      );
      assert.deepEqual(found[0], { kind: 'RootAltered' });
    });

    it('is accepted again once everything is as it was', async () => {
      assert.equal((await verify()).said.code, 0);
    });
  });
});
