import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { bodyOf, readAll, testStorage } from '../../worker/storage/conformance.ts';
import { createS3Client } from '../../worker/storage/s3-client.ts';
import { decodedKey } from '../../worker/storage/s3-listing.ts';
import type { S3Location } from '../../worker/storage/s3-location.ts';
import { createRetry } from '../../worker/storage/s3-retry.ts';
import { openS3Storage } from '../../worker/storage/s3-storage.ts';
import type { Storage } from '../../worker/storage/storage.ts';
import { StorageError } from '../../worker/storage/storage-error.ts';
import { type S3Server, skipS3, startS3Server } from './support/s3-server.ts';

const bucket = 'areas';
let server: S3Server;
let client: ReturnType<typeof createS3Client>;
const locations = new WeakMap<Storage, S3Location>();

function locationOf(storage: Storage): S3Location {
  const location = locations.get(storage);
  assert.ok(location !== undefined);
  return location;
}

function opened(location: S3Location, writer = 'writer'): Storage {
  const retry = createRetry({ random: Math.random, pause: async (ms) => pause(ms) });
  const storage = openS3Storage({ client, location, retry, writer });
  locations.set(storage, location);
  return storage;
}

/** An empty area of its own. */
function emptyArea(change: Partial<S3Location> = {}): S3Location {
  return {
    bucket,
    prefix: `${randomUUID()}/`,
    region: 'us-east-1',
    endpoint: server.endpoint,
    forcePathStyle: true,
    requesterPays: false,
    ...change,
  };
}

async function unfinished(location: S3Location): Promise<number> {
  const { Uploads = [] } = await client.send(
    new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: location.prefix }),
  );
  return Uploads.length;
}

it('a key of a listing is decoded where the store says that it is encoded', () => {
  assert.equal(decodedKey('a+b%2B%0A%E6%97%A5', 'url'), 'a b+\n日');
  assert.equal(decodedKey('a+b%20', undefined), 'a+b%20');
  assert.throws(() => decodedKey('%', 'url'), StorageError);
});

describe('a bucket', { skip: skipS3 }, () => {
  before(async () => {
    server = await startS3Server();
    server.makeBucket(bucket);
    client = createS3Client(emptyArea());
  });
  after(async () => {
    client.destroy();
    await server.stop();
  });

  testStorage('s3', {
    open: async () => opened(emptyArea()),
    reopen: async (storage) => opened(locationOf(storage)),
    overwrite: async (storage, key, bytes) => {
      const { prefix } = locationOf(storage);
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${key}`, Body: bytes }));
    },
  });

  it('takes objects that are too large for one request by parts, whole or not at all', async () => {
    const storage = opened(emptyArea());
    const bytes = Buffer.alloc(21 * 1024 * 1024, 'gruenspecht');
    assert.equal(await storage.create('large', bodyOf(bytes, 7)), 'created');
    assert.equal(Buffer.compare(await readAll(storage, 'large'), bytes), 0);
    assert.equal(await storage.create('large', bodyOf(bytes, 7)), 'exists');
    const failing = async function* () {
      yield bytes.subarray(0, 12 * 1024 * 1024);
      throw new RangeError('the source fails');
    };
    await assert.rejects(() => storage.create('half', { size: bytes.length, chunks: failing() }), RangeError);
    assert.equal(await storage.stat('half'), undefined);
    assert.equal(await unfinished(locationOf(storage)), 0);
  });

  it('discards the uploads of writers that are gone and no others', async () => {
    const location = emptyArea();
    await opened(location, 'run.1').createMultipartUpload('first');
    await opened(location, 'run.12').createMultipartUpload('second');
    await opened(location, 'other').createMultipartUpload('third');
    const storage = opened(location, 'run');
    assert.deepEqual((await storage.list('')).objects, []);
    await storage.discardUnfinished('run.1');
    assert.equal(await unfinished(location), 2);
    await storage.discardUnfinished('run');
    assert.equal(await unfinished(location), 1);
  });

  it('opens an object of known version and size without a request, and finds at the first read that it is another', async () => {
    const storage = opened(emptyArea());
    await storage.create('key', bodyOf(Buffer.from('0123')));
    const { version = '', size = 0 } = (await storage.stat('key')) ?? {};
    const object = await storage.open('key', version, size);
    await storage.remove('key');
    await assert.rejects(
      () => object.read(0, size),
      (error) => error instanceof StorageError && error.code === 'NotFound',
    );
    await storage.create('key', bodyOf(Buffer.from('4567')));
    await assert.rejects(
      () => object.read(0, size),
      (error) => error instanceof StorageError && error.code === 'SourceChanged',
    );
  });

  it('that does not say that it encrypts under the key that was asked for is refused', async () => {
    const storage = opened(emptyArea({ kmsKeyId: 'alias/gruenspecht' }));
    for (const bytes of [Buffer.from('x'), Buffer.alloc(17 * 1024 * 1024)]) {
      await assert.rejects(
        () => storage.create('key', bodyOf(bytes)),
        (error) => error instanceof StorageError && error.code === 'Unencrypted',
      );
      await storage.remove('key');
    }
    assert.equal(await unfinished(locationOf(storage)), 0);
  });

  it('that is not there, or denies, is told apart, and no error names it', async () => {
    const nowhere = opened(emptyArea({ bucket: 'gruenspecht' }));
    await assert.rejects(
      () => nowhere.list(''),
      (error) =>
        error instanceof StorageError &&
        error.code === 'Misconfigured' &&
        !error.message.includes('gruenspecht'),
    );
  });
});
