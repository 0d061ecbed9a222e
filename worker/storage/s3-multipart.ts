/**
 * Multipart uploads in an S3 store. A marker in the area names the key of every upload that is under way, by its writer,
 * since the store itself does not tell whose an upload is. Markers are hidden from listings.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { rangeChunks } from './chunks.ts';
import { crc32Base64, crc32Of, joinCrc32 } from './crc32.ts';
import { bucketFields, encryptionFields } from './s3-location.ts';
import type { S3Access } from './s3-object.ts';
import type { Body, MultipartVerb, Storage, UploadedPart } from './storage.ts';
import { StorageError } from './storage-error.ts';

/** Folder at the root of an area where the markers lie. It is never listed. */
export const uploadsFolder = '.deid-uploads';

export interface S3Uploads extends Pick<Storage, MultipartVerb> {
  discardUnfinished(writer: string): Promise<void>;
}

/** What the area's verbs lend to uploads. */
export interface UploadSurroundings extends S3Access {
  readonly writer: string;
  /** The key in the bucket; throws `InvalidKey`. */
  fullKey(key: string): string;
  /** Size and CRC-32 of what lies at a full key; undefined where nothing does. */
  lookAt(fullKey: string): Promise<{ readonly size: number; readonly crc32: string | undefined } | undefined>;
}

/** Exactly the body's bytes in one piece: in `bytes`, which are as many. */
export async function collected(
  body: Body,
  bytes = Buffer.allocUnsafe(body.size),
): Promise<Buffer<ArrayBuffer>> {
  let at = 0;
  for await (const chunk of body.chunks) {
    if (at + chunk.length > body.size) throw new StorageError('Fault');
    bytes.set(chunk, at);
    at += chunk.length;
  }
  if (at !== body.size) throw new StorageError('Fault');
  return bytes;
}

/** A part's tag holds its ETag and the CRC-32 of its bytes, which the store compares and this process joins. */
function tagOf(etag: string | undefined, crc: string | undefined): string {
  if (etag === undefined || crc === undefined) throw new StorageError('Unsupported');
  return `${etag} ${crc}`;
}

function readTag(tag: string): { readonly etag: string; readonly crc: string } {
  const [etag, crc] = tag.split(' ');
  if (etag === undefined || crc === undefined) throw new StorageError('NotFound');
  return { etag, crc };
}

export function s3Multipart(surroundings: UploadSurroundings): S3Uploads {
  const { client, location, retry, writer, fullKey } = surroundings;
  const bucket = bucketFields(location);
  const markers = `${location.prefix}${uploadsFolder}/`;
  const markerOf = (full: string) =>
    `${markers}${writer}/${createHash('sha256').update(full).digest('hex').slice(0, 32)}`;

  const putMarker = (full: string) =>
    retry(() =>
      client.send(
        new PutObjectCommand({
          ...bucket,
          ...encryptionFields(location),
          Key: markerOf(full),
          Body: Buffer.from(full, 'utf8'),
        }),
      ),
    );
  const removeFull = (full: string) =>
    retry(() => client.send(new DeleteObjectCommand({ ...bucket, Key: full })));

  const abort = async (full: string, uploadId: string): Promise<void> => {
    try {
      await retry(() =>
        client.send(new AbortMultipartUploadCommand({ ...bucket, Key: full, UploadId: uploadId })),
      );
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'NotFound') throw error;
    }
  };

  const uploadPart = async (key: string, uploadId: string, partNumber: number, body: Body) => {
    const bytes = await collected(body);
    const crc = crc32Base64(crc32(bytes));
    const { ETag } = await retry(() =>
      client.send(
        new UploadPartCommand({
          ...bucket,
          Key: fullKey(key),
          UploadId: uploadId,
          PartNumber: partNumber,
          Body: bytes,
          ChecksumCRC32: crc,
        }),
      ),
    );
    return { partNumber, size: bytes.length, tag: tagOf(ETag, crc) };
  };

  const listParts = async (key: string, uploadId: string): Promise<readonly UploadedPart[]> => {
    const parts: UploadedPart[] = [];
    let after: string | undefined;
    do {
      const page = await retry(() =>
        client.send(
          new ListPartsCommand({
            ...bucket,
            Key: fullKey(key),
            UploadId: uploadId,
            ...(after === undefined ? {} : { PartNumberMarker: after }),
          }),
        ),
      );
      for (const { PartNumber = 0, Size = 0, ETag, ChecksumCRC32 } of page.Parts ?? []) {
        parts.push({ partNumber: PartNumber, size: Size, tag: tagOf(ETag, ChecksumCRC32) });
      }
      after = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
    } while (after !== undefined);
    return parts;
  };

  /** Uploads of one key that nobody has completed are aborted; whoever still sends parts finds it gone and begins anew. */
  const abortUploadsOf = async (full: string, except?: string): Promise<void> => {
    let keyMarker: string | undefined;
    let idMarker: string | undefined;
    do {
      const page = await retry(() =>
        client.send(
          new ListMultipartUploadsCommand({
            ...bucket,
            Prefix: full,
            ...(keyMarker === undefined ? {} : { KeyMarker: keyMarker }),
            ...(idMarker === undefined ? {} : { UploadIdMarker: idMarker }),
          }),
        ),
      );
      for (const { Key, UploadId } of page.Uploads ?? []) {
        if (Key === full && UploadId !== undefined && UploadId !== except) await abort(full, UploadId);
      }
      keyMarker = page.IsTruncated === true ? page.NextKeyMarker : undefined;
      idMarker = page.NextUploadIdMarker;
    } while (keyMarker !== undefined);
  };

  return {
    createMultipartUpload: async (key) => {
      const full = fullKey(key);
      await putMarker(full);
      let attempts = 0;
      const { UploadId, ServerSideEncryption } = await retry(() => {
        attempts += 1;
        return client.send(
          new CreateMultipartUploadCommand({
            ...bucket,
            ...encryptionFields(location),
            Key: full,
            ChecksumAlgorithm: 'CRC32',
            ChecksumType: 'FULL_OBJECT',
          }),
        );
      });
      if (UploadId === undefined) throw new StorageError('Unsupported');
      // An answer that was lost may have been that of an upload, whose id nobody knows.
      if (attempts > 1) await abortUploadsOf(full, UploadId);
      if (location.kmsKeyId !== undefined && ServerSideEncryption !== 'aws:kms') {
        await abort(full, UploadId);
        await removeFull(markerOf(full));
        throw new StorageError('Unencrypted');
      }
      return UploadId;
    },
    uploadPart,
    uploadPartCopy: async (key, uploadId, partNumber, source) => {
      const object = await source.storage.open(source.key, source.version);
      try {
        const size = source.end - source.start;
        return await uploadPart(key, uploadId, partNumber, {
          size,
          chunks: rangeChunks(object, source.start, source.end),
        });
      } finally {
        await object.close();
      }
    },
    listParts,
    completeMultipartUpload: async (key, uploadId, parts) => {
      const full = fullKey(key);
      const sorted = [...parts].sort((a, b) => a.partNumber - b.partNumber);
      const size = sorted.reduce((sum, part) => sum + part.size, 0);
      const crc = crc32Base64(
        sorted.reduce((joined, part) => joinCrc32(joined, crc32Of(readTag(part.tag).crc), part.size), 0),
      );
      let unanswered = false;
      const complete = async (): Promise<'created' | 'exists'> => {
        try {
          await client.send(
            new CompleteMultipartUploadCommand({
              ...bucket,
              Key: full,
              UploadId: uploadId,
              IfNoneMatch: '*',
              ChecksumCRC32: crc,
              ChecksumType: 'FULL_OBJECT',
              MpuObjectSize: size,
              MultipartUpload: {
                Parts: sorted.map(({ partNumber, tag }) => ({
                  PartNumber: partNumber,
                  ETag: readTag(tag).etag,
                  ChecksumCRC32: readTag(tag).crc,
                })),
              },
            }),
          );
          return 'created';
        } catch (error) {
          const name = error instanceof Error ? error.name : '';
          if (name === 'PreconditionFailed' || (unanswered && name === 'NoSuchUpload')) {
            // An answer that was lost may have been that of this very upload.
            const present = await surroundings.lookAt(full);
            if (unanswered && present?.size === size && present.crc32 === crc) return 'created';
            if (present !== undefined) return 'exists';
          }
          if (name === 'InvalidPart') throw new StorageError('NotFound');
          unanswered = true;
          throw error;
        }
      };
      const result = await retry(complete);
      if (result === 'created') await removeFull(markerOf(full));
      return result;
    },
    abortMultipartUpload: async (key, uploadId) => {
      const full = fullKey(key);
      await abort(full, uploadId);
      await removeFull(markerOf(full));
    },
    discardUnfinished: async (of) => {
      for (;;) {
        const page = await retry(() =>
          client.send(new ListObjectsV2Command({ ...bucket, Prefix: `${markers}${of}` })),
        );
        const found = (page.Contents ?? []).flatMap(({ Key }) =>
          Key?.startsWith(`${markers}${of}/`) || Key?.startsWith(`${markers}${of}.`) ? [Key] : [],
        );
        for (const marker of found) {
          const full = await readMarker(marker);
          if (full !== undefined) await abortUploadsOf(full);
          await removeFull(marker);
        }
        if (found.length === 0 || page.IsTruncated !== true) return;
      }
    },
  };

  async function readMarker(marker: string): Promise<string | undefined> {
    try {
      return await retry(async () => {
        const { Body: body } = await client.send(new GetObjectCommand({ ...bucket, Key: marker }));
        return body?.transformToString('utf-8');
      });
    } catch (error) {
      if (error instanceof StorageError && error.code === 'NotFound') return undefined;
      throw error;
    }
  }
}
