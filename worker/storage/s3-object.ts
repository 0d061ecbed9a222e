/** One open object of an S3 store: every read asks for the pinned version and ETag and fails once there is another. */
import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { checkAgainst, verifyChecksum } from './s3-checksum.ts';
import { bucketFields, type S3Location } from './s3-location.ts';
import { pinFields, readPin, type S3Pin } from './s3-pin.ts';
import type { Retry } from './s3-retry.ts';
import type { OpenObject } from './storage.ts';
import { StorageError } from './storage-error.ts';

export interface S3Access {
  readonly client: S3Client;
  readonly location: S3Location;
  readonly retry: Retry;
}

/** The object at a full key. Nothing is asked before the first read. */
export function openS3Object(
  { client, location, retry }: S3Access,
  fullKey: string,
  pinned: { readonly version: string; readonly size: number },
): OpenObject {
  const { version, size } = pinned;
  const pin = readPin(version);
  const get = (range: string | undefined) =>
    client.send(
      new GetObjectCommand({
        ...bucketFields(location),
        Key: fullKey,
        ...pinFields(pin),
        ...(range === undefined ? {} : { Range: range }),
      }),
    );
  const readInto = (offset: number, target: Uint8Array): Promise<void> => {
    if (offset < 0 || offset + target.length > size) throw new RangeError('read outside the object');
    const whole = target.length === size;
    if (target.length === 0 && !whole) return Promise.resolve();
    const range = whole ? undefined : `bytes=${offset}-${offset + target.length - 1}`;
    return retry(async () => {
      const answer = await get(range);
      await fill(target, answer, pin);
      if (whole) await verifyChecksum(target, answer);
    });
  };
  return {
    size,
    version,
    readInto: async (offset, target) => readInto(offset, target),
    read: async (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > size) throw new RangeError('read outside the object');
      const target = Buffer.allocUnsafeSlow(length);
      await readInto(offset, target);
      return target;
    },
    contentCheck: async () =>
      checkAgainst(
        await retry(() =>
          client.send(new HeadObjectCommand({ ...bucketFields(location), Key: fullKey, ...pinFields(pin) })),
        ),
      ),
    close: async () => {},
  };
}

/** Fills the target with the answer's body, which must be of the pinned object and of exactly that length. */
async function fill(target: Uint8Array, answer: GetObjectCommandOutput, { etag }: S3Pin): Promise<void> {
  const body = answer.Body as Readable | undefined;
  if (body === undefined) throw new StorageError('Fault', { retryable: true });
  if (answer.ETag !== etag || answer.ContentLength !== target.length) {
    body.destroy();
    throw new StorageError('SourceChanged');
  }
  let at = 0;
  // Events cost a third of what an iteration over the stream does.
  await new Promise<void>((resolve, reject) => {
    body.on('data', (chunk: Uint8Array) => {
      if (at + chunk.length <= target.length) target.set(chunk, at);
      at += chunk.length;
    });
    body.on('error', reject);
    body.on('close', resolve);
  });
  if (at !== target.length)
    throw new StorageError('Fault', { retryable: true, systemCode: 'IncompleteBody' });
}
