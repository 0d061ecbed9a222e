import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import { contextHash } from '../../worker/evidence/ledger-context.ts';
import { createMerkleTree, leafHash } from '../../worker/evidence/merkle.ts';
import { studySet } from '../builders/study.ts';
import { contents } from '../run/support/run-fixture.ts';
import { type Desk, deid, makeDesk, spawnDeid } from './support/deid.ts';

function putStudy(desk: Desk, times = 1): void {
  for (let count = 0; count < times; count += 1) {
    for (const { path, bytes } of studySet()) desk.put(`in/${count}/${path}`, bytes);
  }
}

describe('a run whose ledger is signed', () => {
  let desk: Desk;
  let keyId: string;
  let root: string;
  const say = (...args: string[]) => deid(args, { cwd: desk.folder });
  const outputs = () =>
    readdirSync(join(desk.folder, 'out'), { recursive: true, encoding: 'utf8' })
      .map((name) => join('out', name))
      .filter((name) => statSync(join(desk.folder, name)).isFile())
      .sort();
  before(async () => {
    desk = await makeDesk();
    putStudy(desk);
    desk.put('in/empty', '');
    keyId = (await say('key', 'new', '--signing', 'sign')).stdout.trim();
    const ran = await say('run', ...desk.job, ...desk.key, '--signing-key', 'sign', '--json');
    assert.equal(ran.code, 0, ran.stderr);
    const { ledger, signature } = JSON.parse(ran.stdout);
    assert.deepEqual(signature, { algorithm: 'Ed25519', keyId });
    root = ledger.root;
  });
  after(() => desk.remove());

  it('has a key that only its owner may read, and that is never overwritten', async () => {
    assert.equal(statSync(join(desk.folder, 'sign')).mode & 0o777, 0o600);
    assert.match(keyId, /^sha256:[0-9a-f]{64}$/);
    assert.equal((await say('key', 'check', '--signing', 'sign')).stdout.trim(), keyId);
    const text = readFileSync(join(desk.folder, 'sign'), 'utf8');
    assert.equal((await say('key', 'new', '--signing', 'sign')).code, 67);
    assert.equal(readFileSync(join(desk.folder, 'sign'), 'utf8'), text);
    assert.equal((await say('key', 'check', '--signing', 'key')).code, 67);
    assert.equal((await say('key', 'check', '--signing', 'sign.pub')).code, 67);
  });

  it('says in summary and status who signed it', async () => {
    const status = await say('status', 'study', '--work-area', 'work');
    assert.ok(status.stdout.includes(`Signature       by key ${keyId}\n`));
    const json = JSON.parse((await say('status', 'study', '--work-area', 'work', '--json')).stdout);
    assert.equal(json.signature.keyId, keyId);
    const again = await say('finish', ...desk.job, ...desk.key);
    assert.ok(again.stdout.includes(`by key ${keyId}\n`));
  });

  it('has a signature over the bytes of the root statement that any Ed25519 program checks', () => {
    const ledger = join(desk.folder, 'work', readdirSync(join(desk.folder, 'work'))[0] ?? '', 'ledger');
    const { signature } = JSON.parse(readFileSync(join(ledger, 'signature.json'), 'utf8'));
    const publicKey = createPublicKey(readFileSync(join(desk.folder, 'sign.pub')));
    const statement = readFileSync(join(ledger, 'root.json'));
    assert.ok(verifySignature(null, statement, publicKey, Buffer.from(signature, 'base64')));
  });

  it('is verified, and no longer after one byte of one output has changed', async () => {
    const args = ['verify', 'study', ...desk.job, '--public-key', 'sign.pub', '--root', root];
    const good = await say(...args);
    assert.equal(good.code, 0, good.stderr);
    assert.match(good.stdout, /^Run [0-9a-f]{16}: the evidence holds\nLedger {10}26 records, root sha256:/);
    assert.match(good.stdout, /Read again {6}25 outputs, /);
    const [file = ''] = outputs();
    const bytes = readFileSync(join(desk.folder, file));
    const altered = Buffer.from(bytes);
    altered[bytes.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    desk.put(file, altered);
    const bad = await say(...args);
    assert.equal(bad.code, 84);
    assert.match(
      bad.stdout,
      /: the evidence is broken; 1 finding\n {2}OutputAltered, ordinal \d+, destination: The output has other bytes/,
    );
    const json = JSON.parse((await say(...args, '--json')).stdout);
    assert.equal(json.holds, false);
    assert.equal(json.findings[0].kind, 'OutputAltered');
    desk.put(file, bytes);
    const foreign = await say('key', 'new', '--signing', 'other');
    assert.equal(foreign.code, 0);
    assert.equal((await say('verify', 'study', ...desk.job, '--public-key', 'other.pub')).code, 84);
    assert.equal((await say('verify', 'study', ...desk.job, '--public-key', 'sign')).code, 67);
    assert.equal((await say('verify', 'study', ...desk.job, '--root', 'sha256:12')).code, 64);
  });

  it('lists its records as they may leave, and they give the root', async () => {
    const { stdout, code } = await say('evidence', 'study', '--format', 'jsonl', '--work-area', 'work');
    assert.equal(code, 0);
    const [statement, ...records] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(records.length, 26);
    const tree = createMerkleTree();
    for (const record of records)
      tree.append(leafHash(contextHash(statement.context), canonicalJson(record)));
    assert.equal(`sha256:${tree.root().toString('hex')}`, root);
    for (const name of readdirSync(join(desk.folder, 'in'), { recursive: true, encoding: 'utf8' })) {
      const file = join(desk.folder, 'in', name);
      if (!statSync(file).isFile()) continue;
      const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
      assert.ok(!stdout.includes(digest), 'no digest of an input leaves');
    }
    assert.match(records[0].input.mark, /^[0-9a-f]{64}$/);
  });

  it('proves for one output what made it, to who has the root or the public key', async () => {
    const [, file = ''] = outputs();
    const digest = createHash('sha256')
      .update(readFileSync(join(desk.folder, file)))
      .digest('hex');
    const told = await say('evidence', 'study', '--output', file, '--work-area', 'work');
    assert.match(told.stdout, /^Record {10}\d+ of 26: deidentified\n/);
    assert.match(told.stdout, /\nProfile {9}research, sha256:[0-9a-f]{64}\n/);
    assert.deepEqual(await say('evidence', 'study', '--output', digest, '--work-area', 'work'), told);
    const proof = (await say('evidence', 'study', '--output', file, '--work-area', 'work', '--json')).stdout;
    desk.put('proof.json', proof);
    for (const anchor of [
      ['--root', root],
      ['--public-key', 'sign.pub'],
    ]) {
      const checked = await say('evidence', '--check', 'proof.json', ...anchor, '--output', file);
      assert.equal(checked.code, 0, checked.stderr);
      assert.match(checked.stdout, /^The proof holds\.\n/);
    }
    assert.equal((await say('evidence', '--check', 'proof.json')).code, 64);
    const [other = ''] = outputs();
    const wrong = await say('evidence', '--check', 'proof.json', '--root', root, '--output', other);
    assert.equal(wrong.code, 84);
    const otherRoot = await say('evidence', '--check', 'proof.json', '--root', `sha256:${'0'.repeat(64)}`);
    assert.match(otherRoot.stderr, /^deid: RootUnexpected: /);
    for (const [word, kind] of [
      ['"path":["', 'ProofBroken'],
      ['"outcome":"', 'ProofBroken'],
      ['"profile":"sha256:', 'ProofBroken'],
      ['"signature":"', 'SignatureAltered'],
      ['"kind":"Incl', 'ProofUnreadable'],
    ] as const) {
      const at = proof.indexOf(word) + word.length;
      const character = proof[at] === '0' ? '1' : '0';
      desk.put('forged.json', `${proof.slice(0, at)}${character}${proof.slice(at + 1)}`);
      const forged = await say('evidence', '--check', 'forged.json', '--root', root);
      assert.equal(forged.code, 84, word);
      assert.match(forged.stderr, new RegExp(`^deid: ${kind}: `), word);
    }
    assert.equal((await say('evidence', 'study', '--output', 'key', '--work-area', 'work')).code, 72);
    assert.equal((await say('evidence', 'study', '--work-area', 'work')).code, 64);
  });
});

test('a run that was not signed is signed when it is finished again', async () => {
  const desk = await makeDesk();
  desk.put('in/empty', '');
  const say = (...args: string[]) => deid(args, { cwd: desk.folder });
  const unsigned = await say('run', ...desk.job, ...desk.key);
  assert.match(unsigned.stdout, /\nSignature {7}none\n/);
  const { stdout } = await say('key', 'new', '--signing', 'sign');
  assert.equal((await say('verify', 'study', ...desk.job, '--public-key', 'sign.pub')).code, 84);
  const signed = await say('finish', ...desk.job, ...desk.key, '--signing-key', 'sign');
  assert.ok(signed.stdout.includes(`Signature       by key ${stdout}`));
  assert.equal((await say('verify', 'study', ...desk.job, '--public-key', 'sign.pub')).code, 0);
  const dry = await say('run', ...desk.job, ...desk.key, '--signing-key', 'sign', '--dry-run');
  assert.equal(dry.code, 64);
  desk.remove();
});

test('a run that is not finished has no evidence to verify', async () => {
  const desk = await makeDesk();
  putStudy(desk);
  const say = (...args: string[]) => deid(args, { cwd: desk.folder });
  await say('plan', ...desk.job, ...desk.key);
  assert.equal((await say('verify', 'study', ...desk.job)).code, 72);
  desk.remove();
});

/** Files of ledgers below a folder, however far they have come. */
function ledgerFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('/ledger/'),
  );
}

test('a run that is killed while its ledger is written ends with the ledger of one that is not', async () => {
  const desk = await makeDesk();
  putStudy(desk, 4);
  const area = (name: string) =>
    ['in', 'out', 'held', 'work'].flatMap((volume) => [
      '--volume',
      `${volume}=${volume === 'in' ? 'in' : `${name}/${volume}`}`,
    ]);
  const args = (name: string) => ['run', '-f', 'job.yaml', ...area(name), ...desk.key, '--workers', '2'];
  assert.equal((await deid(args('whole'), { cwd: desk.folder })).code, 0);
  const ledger = (name: string) =>
    contents(join(desk.folder, name, 'work')).filter((line) => line.includes('/ledger/'));
  const work = join(desk.folder, 'killed/work');
  let kills = 0;
  for (const least of [1, 4, 8, 12]) {
    const child = spawnDeid(args('killed'), desk.folder);
    const end = once(child, 'close');
    child.stdout?.resume();
    child.stderr?.resume();
    let isOver = false;
    void end.then(() => {
      isOver = true;
    });
    while (!isOver && ledgerFiles(work).length < least) await pause(5);
    child.kill('SIGKILL');
    const [code] = (await end) as [number | null];
    if (code === null) kills += 1;
  }
  assert.ok(kills > 0, 'the run lives long enough to be killed');
  assert.equal((await deid(args('killed'), { cwd: desk.folder })).code, 0);
  assert.deepEqual(ledger('killed'), ledger('whole'));
  const verified = await deid(['verify', 'study', '-f', 'job.yaml', ...area('killed')], { cwd: desk.folder });
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  desk.remove();
});
