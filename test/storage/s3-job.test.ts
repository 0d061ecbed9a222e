import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { stringify } from 'yaml';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import type { DeidJobInput } from '../../crds/v1alpha1/job.ts';
import { readAll } from '../../worker/storage/conformance.ts';
import { createS3Client } from '../../worker/storage/s3-client.ts';
import { studySet } from '../builders/study.ts';
import { type Desk, deid, makeDesk, runDeid, spawnDeid } from '../cli/support/deid.ts';
import { objectsOf } from '../run/support/steps-in-process.ts';
import { areaIn, locationIn, storageIn, storageOfFolder } from './support/s3-places.ts';
import { type S3Server, skipS3, startS3Server } from './support/s3-server.ts';

/** Stands in every source key, and must stand in nothing that is said. */
const secret = 'gruenspecht';

let server: S3Server;
let client: S3Client;

/** Puts the study set several times over below a prefix of the bucket, and into the folder `in` of the desk. */
async function putStudies(prefix: string, times: number, desk: Desk): Promise<number> {
  let objects = 0;
  for (let count = 0; count < times; count += 1) {
    for (const { path, bytes } of studySet()) {
      const file = Uint8Array.from(bytes);
      // No two have the same bytes, since their last pixels differ.
      if (!path.endsWith('report.dcm')) file[file.length - 3] = count;
      const key = `${secret} ${count}/${path}`;
      await client.send(new PutObjectCommand({ Bucket: 'raw', Key: `${prefix}${key}`, Body: file }));
      desk.put(`in/${key}`, file);
      objects += 1;
    }
  }
  return objects;
}

/** A job over buckets whose areas lie below folders of one name. */
function jobOver(name: string, change: Partial<DeidJobInput['spec']> = {}): string {
  return stringify({
    apiVersion: 'deid.imaging/v1alpha1',
    kind: 'DeidJob',
    metadata: { name: 'study' },
    spec: {
      profileRef: { builtin: 'research' },
      source: areaIn(server, 'raw', name),
      destination: areaIn(server, 'results', `${name}/out`),
      quarantine: areaIn(server, 'results', `${name}/held`),
      workArea: areaIn(server, 'results', `${name}/work`),
      ...change,
    },
  } satisfies DeidJobInput);
}

/** Without the digests of plan and ledger: versions and evidence are of each store's own. */
const counts = ({ plan: _, ledger: __, ...rest }: Record<string, unknown>) => rest;

describe('a job over a bucket', { skip: skipS3 }, () => {
  const desks: Desk[] = [];
  const newDesk = async (document?: string): Promise<Desk> => {
    const desk = await makeDesk(document);
    desks.push(desk);
    return desk;
  };
  before(async () => {
    server = await startS3Server();
    for (const bucket of ['raw', 'results']) server.makeBucket(bucket);
    client = createS3Client(locationIn(server, 'raw', ''));
  });
  after(async () => {
    client.destroy();
    for (const desk of desks) desk.remove();
    await server.stop();
  });

  it('that is killed and resumed leaves what the same job over folders leaves, byte for byte', async () => {
    const desk = await newDesk();
    const objects = await putStudies('killed/', 4, desk);
    const folders = await deid(['run', ...desk.job, ...desk.key, '--json'], { cwd: desk.folder });

    desk.put('s3.yaml', jobOver('killed'));
    const args = ['run', '-f', 's3.yaml', ...desk.key, '--json', '--workers', '2'];
    let kills = 0;
    for (const span of [900, 1200, 1500, 1800]) {
      const child = spawnDeid(args, desk.folder);
      const end = once(child, 'close');
      await Promise.race([pause(span), end]);
      child.kill('SIGKILL');
      const [code] = (await end) as [number | null];
      if (code === null) kills += 1;
    }
    assert.ok(kills > 1, 'the run lives long enough to be killed');
    const last = await runDeid(args, desk.folder);
    assert.equal(last.code, folders.code, last.stderr);
    const summary = JSON.parse(last.stdout) as Record<string, unknown>;
    assert.equal(summary.objects, objects);
    assert.deepEqual(counts(summary), counts(JSON.parse(folders.stdout)));
    assert.deepEqual(
      await objectsOf(storageIn(server, 'results', 'killed/out/')),
      await objectsOf(storageOfFolder(join(desk.folder, 'out'))),
    );
    assert.deepEqual(
      await objectsOf(storageIn(server, 'results', 'killed/held/')),
      await objectsOf(storageOfFolder(join(desk.folder, 'held'))),
    );
    assert.ok(
      !(await objectsOf(storageIn(server, 'results', 'killed/work/'))).some((line) => line.includes(secret)),
    );
    assert.ok(!`${last.stderr}${last.stdout}`.includes(secret));

    const verify = ['verify', 'study', '-f', 's3.yaml'];
    const sound = await deid(verify, { cwd: desk.folder });
    assert.equal(sound.code, 0, sound.stdout);
    const [output] = (await storageIn(server, 'results', 'killed/out/').list('')).objects;
    assert.ok(output !== undefined);
    const bytes = Buffer.from(await readAll(storageIn(server, 'results', 'killed/out/'), output.key));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await client.send(
      new PutObjectCommand({ Bucket: 'results', Key: `killed/out/${output.key}`, Body: bytes }),
    );
    const altered = await deid(verify, { cwd: desk.folder });
    assert.equal(altered.code, exitCodes.EvidenceBroken.code);
    assert.ok(!altered.stdout.includes(secret));
  });

  it('may write into folders, and the commands that look at runs find a work area in a bucket', async () => {
    const desk = await newDesk();
    await putStudies('mixed/', 1, desk);
    const folder = (claimName: string) => ({ volume: { claimName } });
    desk.put('mixed.yaml', jobOver('mixed', { destination: folder('out'), quarantine: folder('held') }));
    const job = ['-f', 'mixed.yaml', '--volume', 'out=out2', '--volume', 'held=held2'];
    const at = { cwd: desk.folder };
    const dry = await deid(['run', ...job, ...desk.key, '--dry-run', '--json'], at);
    assert.equal(dry.code, 0, dry.stderr);
    assert.deepEqual(await objectsOf(storageIn(server, 'results', 'mixed/')), []);
    for (const step of ['plan', 'process', 'finish']) {
      const said = await deid([step, ...job, ...desk.key], at);
      assert.equal(said.code, 0, `${step}: ${said.stderr}`);
    }
    await deid(['run', ...desk.job, ...desk.key], at);
    assert.deepEqual(
      await objectsOf(storageOfFolder(join(desk.folder, 'out2'))),
      await objectsOf(storageOfFolder(join(desk.folder, 'out'))),
    );

    const place = ['--work-area', 's3://results/mixed/work', '--endpoint', server.endpoint, '--path-style'];
    const status = await deid(['status', 'study', ...place, '--region', 'us-east-1'], at);
    assert.match(status.stdout, /Success/);
    assert.equal((await deid(['status', 'study', ...job], at)).stdout, status.stdout);
    assert.match((await deid(['why', 'study', '0', ...place], at)).stdout, /^Object 0 of run/);
    const located = await deid(['locate', 'study', '0', ...place, ...desk.key], at);
    assert.match(located.stdout, new RegExp(`^${secret} 0/`));
  });

  it('fails the objects that are replaced or removed between plan and processing, and no others', async () => {
    const desk = await newDesk(jobOver('changed'));
    const objects = await putStudies('changed/', 1, desk);
    const job = ['-f', 'job.yaml', ...desk.key];
    const at = { cwd: desk.folder };
    assert.equal((await deid(['plan', ...job], at)).code, 0);
    const [first, second, third] = await sourceKeys('changed/');
    await client.send(
      new PutObjectCommand({
        Bucket: 'raw',
        Key: `changed/${first}`,
        Body: readFileSync(join(desk.folder, 'in', second ?? '')),
      }),
    );
    await client.send(new DeleteObjectCommand({ Bucket: 'raw', Key: `changed/${third}` }));
    assert.equal((await deid(['process', ...job], at)).code, 0);
    const finished = await deid(['finish', ...job, '--json'], at);
    assert.equal(finished.code, exitCodes.ObjectsFailed.code);
    const summary = JSON.parse(finished.stdout) as Record<string, unknown>;
    assert.equal(summary.objects, objects);
    assert.match(finished.stdout, /"SourceChanged":2\b/);
    assert.match((await deid(['why', 'study', '0', '-f', 'job.yaml'], at)).stdout, /SourceChanged/);
  });

  it('is refused where areas overlap in one server that goes by two names', async () => {
    const named = (prefix: string) => {
      const { s3 } = areaIn(server, 'results', prefix);
      return { s3: { ...s3, endpoint: server.endpoint.replace('127.0.0.1', 'localhost') } };
    };
    const desk = await newDesk();
    await putStudies('twice/', 1, desk);
    const cases = [
      ['the same.yaml', { quarantine: named('twice/out') }, 'spec.destination and spec.quarantine'],
      ['within.yaml', { workArea: named('twice/out/work') }, 'spec.workArea and spec.destination'],
      [
        'source.yaml',
        { source: named('twice'), destination: areaIn(server, 'results', 'twice/out') },
        'spec.destination and spec.source',
      ],
    ] as const;
    for (const [file, change, words] of cases) {
      desk.put(file, jobOver('twice', change));
      const said = await runDeid(['run', '-f', file, ...desk.key], desk.folder);
      assert.equal(said.code, exitCodes.OverlappingAreas.code, said.stderr);
      assert.ok(said.stderr.startsWith(`deid: ${words} lie in the same place`), said.stderr);
      assert.deepEqual(await objectsOf(storageIn(server, 'results', 'twice/')), []);
    }
  });

  it('fails or holds back an object of an odd key alone, and says why', async () => {
    const desk = await newDesk(jobOver('odd'));
    const objects = await putStudies('odd/', 1, desk);
    const first = studySet()[0] ?? assert.fail();
    // The server lists a control character as another one, under which there is nothing to read.
    for (const key of [`odd/${secret}\u0001.dcm`, `odd/ä ${secret} +%2B&?#.dcm`, `odd/日本/${secret}.dcm`]) {
      await client.send(new PutObjectCommand({ Bucket: 'raw', Key: key, Body: first.bytes }));
    }
    const said = await runDeid(['run', '-f', 'job.yaml', ...desk.key, '--json'], desk.folder);
    assert.equal(said.code, exitCodes.ObjectsFailed.code, said.stderr);
    const { outcomes, reasons } = JSON.parse(said.stdout);
    assert.equal(outcomes.deidentified, objects + 2);
    assert.equal(outcomes.failed, 1);
    assert.deepEqual(reasons, { SourceChanged: 1 });
    assert.ok(!`${said.stdout}${said.stderr}`.includes(secret));
  });

  it('that cannot be done says so in one line that names no place, with its exit code', async () => {
    const desk = await newDesk(jobOver('refused'));
    await putStudies('refused/', 1, desk);
    desk.put('nowhere.yaml', jobOver('refused', { source: areaIn(server, `${secret}-nowhere`, '') }));
    desk.put('no-target.yaml', jobOver('refused', { destination: areaIn(server, `${secret}-nowhere`, '') }));
    const cases = [
      ['job.yaml', { AWS_SECRET_ACCESS_KEY: 'another' }, 'StorageDenied', /^deid: spec\.source: .*denies/],
      ['nowhere.yaml', {}, 'BadConfiguration', /^deid: spec\.source: .*cannot be reached/],
      ['no-target.yaml', {}, 'BadConfiguration', /^deid: spec\.destination: .*cannot be reached/],
    ] as const;
    for (const [file, more, exit, words] of cases) {
      const said = await runDeid(['run', '-f', file, ...desk.key], desk.folder, more);
      assert.equal(said.code, exitCodes[exit].code, said.stderr);
      assert.match(said.stderr, words);
      assert.equal(said.stderr.trimEnd().split('\n').length, 1);
      assert.ok(!said.stderr.includes(secret));
    }
  });

  async function sourceKeys(prefix: string): Promise<readonly string[]> {
    return (await storageIn(server, 'raw', prefix).list('')).objects.map(({ key }) => key);
  }
});
