import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  DeleteObjectCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createAreaOpener } from '../../worker/run/area-location.ts';
import { locateAreas } from '../../worker/run/bind-areas.ts';
import { manifestObjects } from '../../worker/run/source-objects.ts';
import { createS3Client } from '../../worker/storage/s3-client.ts';
import { createRetry } from '../../worker/storage/s3-retry.ts';
import { openS3Storage } from '../../worker/storage/s3-storage.ts';
import type { OpenObject, Storage } from '../../worker/storage/storage.ts';
import { StorageError } from '../../worker/storage/storage-error.ts';
import { makeJob } from '../run/support/run-fixture.ts';
import { fillSource, leftBy, memoryAreas, planIn, runIn } from '../run/support/steps-in-process.ts';
import { areaIn, locationIn } from './support/s3-places.ts';
import { type S3Server, skipS3, startS3Server } from './support/s3-server.ts';

const bucket = 'versions';

let server: S3Server;
let client: S3Client;
const opener = createAreaOpener();

/** A part of the bucket as the source of a run. */
const source = (prefix: string): Promise<Storage> =>
  opener.open('source', { kind: 's3', location: locationIn(server, bucket, prefix) }, 'reader');
const put = async (key: string, text: string) => {
  const { VersionId = '' } = await client.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(text) }),
  );
  return VersionId;
};
const remove = (key: string, VersionId?: string) =>
  client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, ...(VersionId ? { VersionId } : {}) }));
const textOf = async (object: OpenObject) => Buffer.from(await object.read(0, object.size)).toString();

/** Every page of a listing. */
async function listed(storage: Storage, limit: number) {
  const objects = [];
  let continuation: string | undefined;
  do {
    const page = await storage.list('', { limit, ...(continuation === undefined ? {} : { continuation }) });
    assert.ok(page.objects.length <= limit);
    objects.push(...page.objects);
    continuation = page.continuation;
  } while (continuation !== undefined);
  return objects;
}

describe('a source in a bucket that keeps versions', { skip: skipS3 }, () => {
  before(async () => {
    server = await startS3Server({ versions: true });
    server.makeBucket(bucket);
    client = createS3Client(locationIn(server, bucket, ''));
    await put('list/before', 'no version');
    await client.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
  });
  after(async () => {
    client.destroy();
    await server.stop();
  });

  it('lists the latest version of each object, pinned by its id, and none that is deleted', async () => {
    for (const text of ['first', 'second', 'third']) await put('list/thrice', text);
    await put('list/gone', 'x');
    await remove('list/gone');
    const id = await put('list/ä b+c', 'y');
    const storage = await source('list/');
    const whole = await listed(storage, 1000);
    assert.deepEqual(
      whole.map(({ key }) => key),
      ['before', 'thrice', 'ä b+c'],
    );
    assert.ok(whole[2]?.version.endsWith(` ${id}`));
    // What was there before the bucket kept versions is pinned by its ETag.
    assert.match(whole[0]?.version ?? '', /^"[0-9a-f]+"$/);
    for (const limit of [2, 3, 4]) assert.deepEqual(await listed(storage, limit), whole);
    for (const stat of whole) assert.deepEqual(await storage.stat(stat.key), stat);
  });

  it('gives the pinned bytes after the object was replaced or deleted, until the version itself is removed', async () => {
    const id = await put('pin/key', 'planned');
    const storage = await source('pin/');
    const [planned] = await listed(storage, 10);
    assert.ok(planned !== undefined);
    await put('pin/key', 'another');
    assert.equal(await textOf(await storage.open('key', planned.version, planned.size)), 'planned');
    assert.equal(await textOf(await storage.open('key')), 'another');
    await remove('pin/key');
    assert.equal(await textOf(await storage.open('key', planned.version)), 'planned');
    await remove('pin/key', id);
    await assert.rejects(
      async () => textOf(await storage.open('key', planned.version, planned.size)),
      (error) => error instanceof StorageError && error.code === 'NotFound',
    );
  });

  it('gives a run the versions that were planned, whatever happens to the objects meanwhile', async () => {
    const verbs = ['ok', 'ok', 'review', 'ok', 'reject', 'ok'];
    const sound = memoryAreas();
    await fillSource(sound.source, verbs);
    const expected = await leftBy(sound, await runIn(sound, 'sound'));

    const areas = { ...memoryAreas(), source: await source('run/') };
    await fillSource(areas.source, verbs);
    const planned = await listed(areas.source, 100);
    await planIn(areas, 'first');
    for (const { key } of planned.slice(0, 2)) await put(`run/${key}`, 'unwanted 1.2.3 x\n');
    await remove(`run/${planned[2]?.key}`);
    await put('run/later', 'ok 1.2.99 x\n');
    const left = await leftBy(areas, await runIn(areas, 'second'));
    const planless = ({ summary: { plan: _, ledger: __, ...counts }, ...rest }: typeof left) => ({
      counts,
      ...rest,
    });
    assert.deepEqual(planless(left), planless(expected));
  });

  it('gives a run the versions that a list names, in a bucket of its own or in that of the source', async () => {
    const ids = [
      await put('listed/in/key', 'ok 1.2.1 first\n'),
      await put('listed/in/key', 'ok 1.2.2 second\n'),
    ];
    await put('listed/in/other', 'ok 1.2.3 other\n');
    const named: readonly (readonly [string, string | undefined])[] = [
      ['key', ids[0]],
      ['other', undefined],
      ['key', undefined],
      ['key', 'gruenspecht'],
      ['none', undefined],
    ];
    const list = named
      .map(([name, versionId]) => JSON.stringify({ key: `listed/in/${name}`, versionId }))
      .join('\n');
    await put('lists/today', list);
    const { s3 } = areaIn(server, bucket, 'listed/in');
    const own = areaIn(server, bucket, 'lists').s3;
    for (const manifest of [{ key: 'lists/today' }, { key: 'today', s3: own }]) {
      const change = { source: { s3, manifest } };
      const spec = makeJob(change).spec;
      const { manifest: place } = locateAreas(
        spec,
        new Map(['out', 'held', 'work'].map((claim) => [claim, `/nowhere/${claim}`])),
      );
      assert.ok(place !== undefined);
      const objects = [];
      for await (const object of manifestObjects(
        spec.source,
        await opener.open('source', place, 'reader'),
        await source('listed/in/'),
      )) {
        objects.push(object);
      }
      assert.deepEqual(
        objects.map(({ key, size }) => [key, size]),
        [
          ['key', 15],
          ['other', 15],
          ['key', 16],
          ['key', 0],
          ['none', 0],
        ],
      );
      assert.ok(objects[0]?.version.endsWith(` ${ids[0]}`));
      assert.ok(objects[2]?.version.endsWith(` ${ids[1]}`));
    }
  });

  it('is pinned by ETags where nobody may list or read versions', async () => {
    await put('denied/key', 'x');
    for (const denied of ['ListObjectVersionsCommand', 'HeadObjectCommand']) {
      const forgetful = Object.assign(Object.create(client) as S3Client, {
        send: (command: { readonly input: object }): Promise<ListObjectVersionsCommandOutput> => {
          if (command.constructor.name === denied)
            throw Object.assign(new Error('denied'), { name: 'AccessDenied' });
          return client.send(command as never);
        },
      });
      const storage = openS3Storage({
        client: forgetful,
        location: locationIn(server, bucket, 'denied/'),
        retry: createRetry({ random: Math.random, pause: async () => {} }),
        writer: 'writer',
        pinsVersions: true,
      });
      const [only] = await listed(storage, 10);
      assert.match(only?.version ?? '', /^"[0-9a-f]+"$/, denied);
    }
  });
});
