/** What no small server shows: keys that folders cannot have, listings without end, surroundings that lack something. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createS3Client } from './s3-client.ts';
import type { S3Location } from './s3-location.ts';
import { createRetry } from './s3-retry.ts';
import { openS3Storage } from './s3-storage.ts';
import type { Storage } from './storage.ts';
import { StorageError } from './storage-error.ts';

const location: S3Location = { bucket: 'raw', prefix: 'p/', forcePathStyle: false, requesterPays: false };

function storageOver(answer: (command: unknown) => unknown): Storage {
  const client = { send: async (command: unknown) => answer(command) } as unknown as S3Client;
  const retry = createRetry({ random: Math.random, pause: async () => {} });
  return openS3Storage({ client, location, retry, writer: 'writer' });
}

describe('a listing', () => {
  const full = ['p/', 'p//lead', 'p/a//b', 'p/folder/', 'p/full/', 'p/z'];
  const sizeOf = (key: string) => (key === 'p/' || key === 'p/folder/' ? 0 : 3);
  const asked: string[] = [];
  const storage = storageOver((command) => {
    if (command instanceof ListObjectsV2Command) {
      return { Contents: full.map((Key) => ({ Key, Size: sizeOf(Key), ETag: '"e"' })) };
    }
    assert.ok(command instanceof HeadObjectCommand || command instanceof GetObjectCommand);
    asked.push(command.input.Key ?? '');
    return { ETag: '"e"', ContentLength: 3, Body: Readable.from([Buffer.from('abc')]) };
  });

  it('passes over empty objects that stand for folders, and nothing else', async () => {
    const { objects } = await storage.list('');
    assert.deepEqual(
      objects.map(({ key }) => key),
      ['/lead', 'a//b', 'full/', 'z'],
    );
  });

  it('gives keys that can be opened, whatever their segments', async () => {
    for (const { key, version, size } of (await storage.list('')).objects) {
      asked.length = 0;
      const object = await storage.open(key, version, size);
      assert.equal(Buffer.from(await object.read(0, 3)).toString(), 'abc');
      assert.equal((await storage.stat(key))?.size, 3);
      assert.deepEqual(asked, [`p/${key}`, `p/${key}`]);
    }
  });

  it('of ten million keys is read page by page in bounded memory', async () => {
    const total = 10_000_000;
    const pages = storageOver((command) => {
      const { ContinuationToken, MaxKeys = 0 } = (command as { readonly input: ListObjectsV2CommandInput })
        .input;
      const first = Number(ContinuationToken ?? 0);
      const last = Math.min(total, first + MaxKeys);
      return {
        Contents: Array.from({ length: last - first }, (_, index) => ({
          Key: `p/${String(first + index).padStart(8, '0')}`,
          Size: 1,
          ETag: '"e"',
        })),
        EncodingType: 'url',
        IsTruncated: last < total,
        ...(last < total ? { NextContinuationToken: String(last) } : {}),
      };
    });
    let count = 0;
    let last = '';
    let mostBytes = 0;
    let continuation: string | undefined;
    const before = process.memoryUsage().heapUsed;
    do {
      const page = await pages.list('', continuation === undefined ? {} : { continuation });
      assert.ok(last < (page.objects[0]?.key ?? ''));
      last = page.objects.at(-1)?.key ?? '';
      count += page.objects.length;
      if (count % 100_000 === 0) mostBytes = Math.max(mostBytes, process.memoryUsage().heapUsed - before);
      continuation = page.continuation;
    } while (continuation !== undefined);
    assert.equal(count, total);
    assert.ok(mostBytes < 100 * 1024 * 1024, `${mostBytes} bytes`);
  });
});

describe('a store without a region', () => {
  const names = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_CONFIG_FILE'];

  it('is misconfigured in AWS, and is as it is elsewhere', async () => {
    const kept = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) delete process.env[name];
    process.env.AWS_CONFIG_FILE = '/nowhere/config';
    try {
      const retry = createRetry({ random: Math.random, pause: async () => {} });
      const storage = openS3Storage({ client: createS3Client(location), location, retry, writer: 'writer' });
      await assert.rejects(
        () => storage.list(''),
        (error) => error instanceof StorageError && error.code === 'Misconfigured',
      );
      const elsewhere = createS3Client({ ...location, endpoint: 'http://127.0.0.1:9' });
      assert.equal(await elsewhere.config.region(), 'us-east-1');
    } finally {
      for (const [name, value] of kept) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});
