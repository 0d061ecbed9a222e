import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateBucketCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { bodyOf, readAll } from '../../worker/storage/conformance.ts';
import { createS3Client } from '../../worker/storage/s3-client.ts';
import type { S3Location } from '../../worker/storage/s3-location.ts';
import { createRetry } from '../../worker/storage/s3-retry.ts';
import { openS3Storage } from '../../worker/storage/s3-storage.ts';
import type { Storage } from '../../worker/storage/storage.ts';
import { skipMoto, startMoto } from './support/moto-server.ts';

const bucket = 'areas';

describe('areas of one bucket under keys of their own', { skip: skipMoto }, () => {
  let server: Awaited<ReturnType<typeof startMoto>>;
  let client: S3Client;

  const area = (prefix: string, kmsKeyId?: string): Storage => {
    const location: S3Location = {
      bucket,
      prefix,
      region: 'us-east-1',
      endpoint: server.endpoint,
      forcePathStyle: true,
      requesterPays: false,
      ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    };
    const retry = createRetry({ random: Math.random, pause: async () => {} });
    return openS3Storage({ client, location, retry, writer: 'writer' });
  };
  const headOf = (Key: string): Promise<HeadObjectCommandOutput> =>
    client.send(new HeadObjectCommand({ Bucket: bucket, Key }));

  before(async () => {
    server = await startMoto();
    client = createS3Client({
      bucket,
      prefix: '',
      region: 'us-east-1',
      endpoint: server.endpoint,
      forcePathStyle: true,
      requesterPays: false,
    });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  after(async () => {
    client.destroy();
    await server.stop();
  });

  it('are each encrypted under theirs, whether an object is sent whole or by parts', async () => {
    const small = Buffer.from('gruenspecht');
    const large = Buffer.alloc(17 * 1024 * 1024, 'gruenspecht');
    for (const [prefix, kmsKeyId] of [
      ['out/', 'alias/research'],
      ['held/', 'alias/deid'],
    ] as const) {
      const storage = area(prefix, kmsKeyId);
      for (const [key, bytes] of [
        ['small', small],
        ['large', large],
      ] as const) {
        assert.equal(await storage.create(key, bodyOf(bytes)), 'created');
        const head = await headOf(`${prefix}${key}`);
        assert.equal(head.ServerSideEncryption, 'aws:kms', key);
        assert.equal(head.SSEKMSKeyId, kmsKeyId, key);
        assert.equal(Buffer.compare(await readAll(storage, key), bytes), 0);
      }
    }
  });

  it('are encrypted as the bucket does where the job names no key', async () => {
    await area('work/').create('key', bodyOf(Buffer.from('x')));
    assert.notEqual((await headOf('work/key')).ServerSideEncryption, 'aws:kms');
  });

  it('take nothing but bytes from a source object: neither its tags nor its metadata', async () => {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: 'in/key',
        Body: 'gruenspecht',
        Metadata: { patient: 'gruenspecht' },
        Tagging: 'patient=gruenspecht',
      }),
    );
    const bytes = await readAll(area('in/'), 'key');
    await area('copy/').create('key', bodyOf(bytes));
    const head = await headOf('copy/key');
    assert.deepEqual(head.Metadata, {});
    assert.ok(!JSON.stringify(head).includes('gruenspecht'));
  });
});
