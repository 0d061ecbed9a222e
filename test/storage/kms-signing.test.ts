/** Ledgers signed by a key that stays in KMS: moto for what AWS answers, a stand-in on loopback for what can go wrong. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CreateKeyCommand, GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import { studySet } from '../builders/study.ts';
import { type Desk, makeDesk, runDeid, type Said } from '../cli/support/deid.ts';
import { skipMoto, startMoto } from './support/moto-server.ts';

const surroundings = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL_KMS: endpoint,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});

async function finishedRun(): Promise<Desk> {
  const desk = await makeDesk();
  for (const { path, bytes } of studySet().slice(0, 3)) desk.put(`in/${path}`, bytes);
  const ran = await runDeid(['run', ...desk.job, ...desk.key], desk.folder);
  assert.equal(ran.code, 0, ran.stderr);
  return desk;
}

describe('a ledger signed by a key of KMS', { skip: skipMoto }, () => {
  let server: Awaited<ReturnType<typeof startMoto>>;
  let client: KMSClient;
  let desk: Desk;
  let key: { readonly id: string; readonly arn: string };

  const say = (...args: string[]): Promise<Said> => runDeid(args, desk.folder, surroundings(server.endpoint));
  const newKey = async (KeySpec: 'ECC_NIST_P256' | 'RSA_2048') => {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ KeySpec, KeyUsage: 'SIGN_VERIFY' }));
    return { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' };
  };

  before(async () => {
    server = await startMoto();
    client = new KMSClient({
      region: 'eu-central-1',
      endpoint: server.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    key = await newKey('ECC_NIST_P256');
    desk = await finishedRun();
  });
  after(async () => {
    client.destroy();
    desk.remove();
    await server.stop();
  });

  it('is accepted with the public key of KMS and with the same in a file, and by nobody else', async () => {
    const signed = await say('finish', ...desk.job, ...desk.key, '--signing-key', `kms:${key.id}`, '--json');
    assert.equal(signed.code, 0, signed.stderr);
    assert.equal(JSON.parse(signed.stdout).signature.algorithm, 'ECDSA_SHA_256');
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: key.id }));
    const base64 = Buffer.from(PublicKey ?? []).toString('base64');
    writeFileSync(
      join(desk.folder, 'kms.pub'),
      `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`,
    );
    for (const trusted of ['kms.pub', `kms:${key.arn}`]) {
      const verified = await say('verify', 'study', ...desk.job, '--public-key', trusted);
      assert.equal(verified.code, 0, verified.stderr);
    }
    const other = await newKey('ECC_NIST_P256');
    const foreign = await say('verify', 'study', ...desk.job, '--public-key', `kms:${other.id}`);
    assert.equal(foreign.code, exitCodes.EvidenceBroken.code);
    assert.match(foreign.stdout + foreign.stderr, /SignatureForeign/);
  });

  it('is signed once: the same key finds its signature, another is refused', async () => {
    const work = join(desk.folder, 'work');
    const run = readdirSync(work).find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';
    const path = join(work, run, 'ledger/signature.json');
    const before = readFileSync(path, 'utf8');
    const again = await say('finish', ...desk.job, ...desk.key, '--signing-key', `kms:${key.arn}`);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(readFileSync(path, 'utf8'), before);
    const other = await newKey('ECC_NIST_P256');
    const refused = await say('finish', ...desk.job, ...desk.key, '--signing-key', `kms:${other.id}`);
    assert.equal(refused.code, exitCodes.RunMismatch.code);
  });

  it('needs a key that is there and can sign so', async () => {
    for (const id of ['00000000-0000-0000-0000-000000000000', (await newKey('RSA_2048')).id]) {
      const refused = await say('finish', ...desk.job, ...desk.key, '--signing-key', `kms:${id}`);
      assert.equal(refused.code, exitCodes.KeyUnusable.code, refused.stderr);
      assert.ok(!refused.stderr.includes(id));
    }
  });
});

/** What a service may answer, and how the step ends. */
const faults: readonly (readonly [status: number, type: string, exit: keyof typeof exitCodes])[] = [
  [400, 'AccessDeniedException', 'KeyUnusable'],
  [400, 'DisabledException', 'KeyUnusable'],
  [400, 'KMSInvalidStateException', 'KeyUnusable'],
  [400, 'ExpiredTokenException', 'TransientFault'],
  [500, 'KMSInternalException', 'TransientFault'],
  [200, 'nothing that was asked for', 'KeyUnusable'],
];

describe('KMS that does not sign', () => {
  let desk: Desk;
  let server: Server;
  let answer = { status: 400, body: '' };

  before(async () => {
    server = createServer((_request, response) => {
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(answer.body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    desk = await finishedRun();
  });
  after(() => {
    desk.remove();
    server.close();
  });

  for (const [status, type, exit] of faults) {
    it(`ends as ${exit} where it answers ${status} ${type}, and says nothing of the answer`, async () => {
      answer = { status, body: JSON.stringify({ __type: type, message: 'arn:aws:kms:gruenspecht' }) };
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const said = await runDeid(
        ['finish', ...desk.job, ...desk.key, '--signing-key', 'kms:alias/ledger'],
        desk.folder,
        surroundings(endpoint),
      );
      assert.equal(said.code, exitCodes[exit].code, said.stderr);
      assert.ok(!/gruenspecht|alias\/ledger/.test(said.stdout + said.stderr));
    });
  }
});
