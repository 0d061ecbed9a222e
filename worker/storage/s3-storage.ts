/**
 * Storage in a bucket: the verbs over its objects. Objects are created under `If-None-Match: *`, so that of two writers
 * one wins; small ones with one request that carries their SHA-256, larger ones by parts under one CRC-32.
 */
import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { isKeyWithoutDots, isPlainKey } from './key-bytes.ts';
import { s3Listing } from './s3-listing.ts';
import { bucketFields, encryptionFields, type S3Location } from './s3-location.ts';
import { collected, s3Multipart, uploadsFolder } from './s3-multipart.ts';
import { openS3Object } from './s3-object.ts';
import { pinFields, pinOf, pinText, readPin } from './s3-pin.ts';
import type { Retry } from './s3-retry.ts';
import { createSpareBuffers } from './spare-buffers.ts';
import type { Body, Storage } from './storage.ts';
import { contentMismatch, StorageError } from './storage-error.ts';

export interface S3StorageOptions {
  readonly client: S3Client;
  readonly location: S3Location;
  readonly retry: Retry;
  /** Names this writer's unfinished uploads: see {@link Storage.discardUnfinished}. */
  readonly writer: string;
  /** Whether objects are pinned by the ids of their versions, where the bucket keeps versions. Default: by ETags alone. */
  readonly pinsVersions?: boolean;
}

/** Objects up to this many bytes are sent with one request. */
const singlePutBytes = 16 * 1024 * 1024;
const partBytes = 8 * 1024 * 1024;
const maximumParts = 10_000;
/** Memory for bodies that is kept between objects. */
const spareBytes = 32 * 1024 * 1024;
/** Bytes of the longest key that S3 takes. */
const longestKey = 1024;

/** The bucket and prefix as a store. Nothing is asked yet. */
export function openS3Storage(options: S3StorageOptions): Storage {
  const { client, location, retry } = options;
  const bucket = bucketFields(location);
  const { prefix: area } = location;

  const spares = createSpareBuffers(spareBytes);

  const fullKey = (key: string): string => {
    const full = `${area}${key}`;
    const isOurs = !key.startsWith(`${uploadsFolder}/`) && key !== uploadsFolder;
    if (!isPlainKey(key) || !isOurs || !full.isWellFormed() || Buffer.byteLength(full) > longestKey) {
      throw new StorageError('InvalidKey');
    }
    return full;
  };
  /** Keys of others may have empty segments; what this product writes has none. */
  const foreignKey = (key: string): string => {
    const full = `${area}${key}`;
    if (!isKeyWithoutDots(key) || !full.isWellFormed() || Buffer.byteLength(full) > longestKey) {
      throw new StorageError('InvalidKey');
    }
    return full;
  };
  const head = async (full: string, version?: string) => {
    try {
      return await retry(() =>
        client.send(
          new HeadObjectCommand({
            ...bucket,
            Key: full,
            ...(version === undefined ? {} : pinFields(readPin(version))),
          }),
        ),
      );
    } catch (error) {
      if (error instanceof StorageError && error.code === 'NotFound') return undefined;
      throw error;
    }
  };
  const statOf = (answer: HeadObjectCommandOutput) => {
    if (answer.ContentLength === undefined) throw new StorageError('Unsupported');
    return { version: pinText(pinOf(answer)), size: answer.ContentLength };
  };
  const lookAt = async (full: string) => {
    const answer = await head(full);
    return answer === undefined ? undefined : { size: statOf(answer).size, crc32: answer.ChecksumCRC32 };
  };
  const listing = s3Listing(options, options.pinsVersions ?? false);
  const multipart = s3Multipart({ ...options, fullKey, lookAt });

  const putWhole = async (full: string, bytes: Uint8Array, hex: string | undefined) => {
    const sha256 = hex === undefined ? createHash('sha256').update(bytes).digest() : Buffer.from(hex, 'hex');
    const checksum = sha256.toString('base64');
    let unanswered = false;
    return retry(async (): Promise<'created' | 'exists'> => {
      try {
        const answer = await client.send(
          new PutObjectCommand({
            ...bucket,
            ...encryptionFields(location),
            Key: full,
            Body: bytes,
            IfNoneMatch: '*',
            ChecksumSHA256: checksum,
          }),
        );
        if (location.kmsKeyId !== undefined && answer.ServerSideEncryption !== 'aws:kms') {
          throw new StorageError('Unencrypted');
        }
        return 'created';
      } catch (error) {
        if (error instanceof Error && error.name === 'PreconditionFailed') {
          // After an answer that was lost, the object there may be the one that was sent.
          return unanswered && (await isSame(full, bytes, checksum)) ? 'created' : 'exists';
        }
        unanswered = true;
        throw error;
      }
    });
  };
  const isSame = async (full: string, bytes: Uint8Array, checksum: string): Promise<boolean> => {
    const answer = await head(full);
    if (answer?.ContentLength !== bytes.length) return false;
    if (answer.ChecksumSHA256 !== undefined) return answer.ChecksumSHA256 === checksum;
    const object = openS3Object(options, full, statOf(answer));
    return Buffer.compare(await object.read(0, object.size), bytes) === 0;
  };

  /** Sends the parts one after the other; whatever fails, no upload stays behind. */
  const createByParts = async (key: string, body: Body): Promise<'created' | 'exists'> => {
    if ((await head(fullKey(key))) !== undefined) return 'exists';
    const uploadId = await multipart.createMultipartUpload(key);
    try {
      const parts = [];
      let number = 0;
      const hash = body.sha256 === undefined ? undefined : createHash('sha256');
      for await (const bytes of partsOf(body)) {
        number += 1;
        hash?.update(bytes);
        parts.push(
          await multipart.uploadPart(key, uploadId, number, { size: bytes.length, chunks: [bytes] }),
        );
      }
      // What is read a second time over the network may come differently: then the body is asked for once more.
      if (hash?.digest('hex') !== body.sha256) {
        throw contentMismatch();
      }
      const result = await multipart.completeMultipartUpload(key, uploadId, parts);
      if (result === 'exists') await multipart.abortMultipartUpload(key, uploadId);
      return result;
    } catch (error) {
      await multipart.abortMultipartUpload(key, uploadId).catch(() => {});
      // Whoever took over from this writer has aborted the upload; begun anew, it is there or stands already.
      if (error instanceof StorageError && error.code === 'NotFound') {
        throw new StorageError('Fault', { retryable: true, systemCode: 'NoSuchUpload' });
      }
      throw error;
    }
  };

  return {
    capabilities: { serverSideCopy: false, minimumPartSize: 5 * 1024 * 1024, maximumParts },

    list: async (prefix, { continuation, limit = 1000 } = {}) => {
      if (prefix.startsWith('/') || !prefix.isWellFormed()) throw new StorageError('InvalidKey');
      return listing.page({ fullPrefix: `${area}${prefix}`, limit: Math.min(limit, 1000), continuation });
    },

    stat: async (key) => {
      const answer = await head(foreignKey(key));
      return answer === undefined ? undefined : { key, ...statOf(answer) };
    },

    statVersion: async (key, versionId) => {
      const full = foreignKey(key);
      const command = new HeadObjectCommand({ ...bucket, Key: full, VersionId: versionId });
      try {
        return { key, ...statOf(await retry(() => client.send(command))) };
      } catch (error) {
        // Neither an id that is none nor that of a deletion has bytes.
        if (error instanceof StorageError && isNoVersion(error)) return undefined;
        throw error;
      }
    },

    open: async (key, version, size) => {
      const full = foreignKey(key);
      if (version !== undefined && size !== undefined) return openS3Object(options, full, { version, size });
      const answer = await head(full, version);
      if (answer === undefined) throw new StorageError('NotFound');
      return openS3Object(options, full, statOf(answer));
    },

    create: async (key, body) => {
      const full = fullKey(key);
      if (body.size > singlePutBytes) return createByParts(key, body);
      const bytes = await collected(body, spares.take(body.size));
      const result = await putWhole(full, bytes, body.sha256);
      // A store that refuses may do so before it has read all: then the connection still does.
      if (result === 'created') spares.giveBack(bytes);
      return result;
    },

    remove: async (key) => {
      const full = fullKey(key);
      await retry(() => client.send(new DeleteObjectCommand({ ...bucket, Key: full })));
    },

    ...multipart,
  };
}

function isNoVersion({ code, systemCode = '' }: StorageError): boolean {
  return code === 'NotFound' || ['HTTP 400', 'HTTP 405', 'MethodNotAllowed'].includes(systemCode);
}

/** The body in parts of equal size but the last; each is valid until the next is asked for. */
async function* partsOf(body: Body): AsyncGenerator<Uint8Array> {
  const size = Math.max(partBytes, Math.ceil(body.size / maximumParts));
  const part = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  let sent = 0;
  for await (const chunk of body.chunks) {
    for (let at = 0; at < chunk.length; ) {
      const count = Math.min(size - filled, chunk.length - at);
      part.set(chunk.subarray(at, at + count), filled);
      filled += count;
      at += count;
      if (filled < size) continue;
      sent += filled;
      yield part;
      filled = 0;
    }
  }
  sent += filled;
  if (sent !== body.size) throw new StorageError('Fault');
  if (filled > 0) yield part.subarray(0, filled);
}
