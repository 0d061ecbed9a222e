/** Storage in memory: the second implementation that keeps the suite honest, and the store of tests and dry runs. */
import { rangeChunks } from './chunks.ts';
import { bytesOfKey, compareKeys, isPlainKey } from './key-bytes.ts';
import type { Body, OpenObject, Storage, UploadedPart } from './storage.ts';
import { StorageError } from './storage-error.ts';

interface Stored {
  readonly bytes: Uint8Array;
  readonly version: string;
}

export interface MemoryStorageOptions {
  /** Bytes that all objects together may have; creating more throws `NoSpace`. */
  readonly quotaBytes?: number;
}

/** An empty store. */
export function createMemoryStorage(options: MemoryStorageOptions = {}): Storage {
  const objects = new Map<string, Stored>();
  const uploads = new Map<string, { readonly key: string; readonly parts: Map<number, Stored> }>();
  let clock = 0;
  let sortedKeys: readonly string[] | undefined;

  const store = (bytes: Uint8Array): Stored => {
    const used = objects.values().reduce((sum, object) => sum + object.bytes.length, 0);
    if (used + bytes.length > (options.quotaBytes ?? Number.POSITIVE_INFINITY))
      throw new StorageError('NoSpace');
    clock += 1;
    return { bytes, version: String(clock) };
  };
  const put = (key: string, stored: Stored): 'created' | 'exists' => {
    if (objects.has(key)) return 'exists';
    objects.set(key, stored);
    sortedKeys = undefined;
    return 'created';
  };
  const uploadOf = (key: string, uploadId: string) => {
    const upload = uploads.get(uploadId);
    if (upload === undefined || upload.key !== key) throw new StorageError('NotFound');
    return upload;
  };
  const partOf = (partNumber: number, part: Stored): UploadedPart => ({
    partNumber,
    size: part.bytes.length,
    tag: part.version,
  });
  const uploadPart: Storage['uploadPart'] = async (key, uploadId, partNumber, body) => {
    const part = store(await collected(body));
    uploadOf(key, uploadId).parts.set(partNumber, part);
    return partOf(partNumber, part);
  };

  return {
    capabilities: { serverSideCopy: true, minimumPartSize: 1, maximumParts: 10_000 },

    list: async (prefix, { continuation, limit = 1000 } = {}) => {
      bytesOfKey(prefix);
      sortedKeys ??= [...objects.keys()].sort(compareKeys);
      const found = sortedKeys
        .filter((key) => key.startsWith(prefix))
        .filter((key) => continuation === undefined || compareKeys(key, JSON.parse(continuation)) > 0)
        .slice(0, limit + 1);
      const page = found.slice(0, limit).flatMap((key) => {
        const stored = objects.get(key);
        return stored === undefined ? [] : [{ key, size: stored.bytes.length, version: stored.version }];
      });
      return found.length > limit
        ? { objects: page, continuation: JSON.stringify(page.at(-1)?.key) }
        : { objects: page };
    },

    stat: async (key) => {
      const stored = objects.get(checkedKey(key));
      return stored === undefined ? undefined : { key, size: stored.bytes.length, version: stored.version };
    },

    open: async (key, version) => {
      const stored = objects.get(checkedKey(key));
      if (stored === undefined) throw new StorageError('NotFound');
      if (version !== undefined && version !== stored.version) throw new StorageError('SourceChanged');
      return openStored(stored, () => objects.get(key)?.version === stored.version);
    },

    create: async (key, body) => {
      checkedKey(key);
      return put(key, store(await collected(body)));
    },

    remove: async (key) => {
      objects.delete(checkedKey(key));
      sortedKeys = undefined;
    },

    discardUnfinished: async () => {},

    createMultipartUpload: async (key) => {
      clock += 1;
      uploads.set(String(clock), { key: checkedKey(key), parts: new Map() });
      return String(clock);
    },
    uploadPart,
    uploadPartCopy: async (key, uploadId, partNumber, source) => {
      const object = await source.storage.open(source.key, source.version);
      const size = source.end - source.start;
      return uploadPart(key, uploadId, partNumber, {
        size,
        chunks: rangeChunks(object, source.start, source.end),
      });
    },
    listParts: async (key, uploadId) =>
      [...uploadOf(key, uploadId).parts]
        .sort(([a], [b]) => a - b)
        .map(([number, part]) => partOf(number, part)),
    completeMultipartUpload: async (key, uploadId, parts) => {
      const upload = uploadOf(key, uploadId);
      const chunks = [...parts]
        .sort((a, b) => a.partNumber - b.partNumber)
        .map((part) => {
          const stored = upload.parts.get(part.partNumber);
          if (stored?.version !== part.tag) throw new StorageError('NotFound');
          return stored.bytes;
        });
      const result = put(key, store(Buffer.concat(chunks)));
      if (result === 'created') uploads.delete(uploadId);
      return result;
    },
    abortMultipartUpload: async (_key, uploadId) => {
      uploads.delete(uploadId);
    },
  };
}

function checkedKey(key: string): string {
  if (!isPlainKey(key)) throw new StorageError('InvalidKey');
  bytesOfKey(key);
  return key;
}

async function collected(body: Body): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.chunks) chunks.push(Uint8Array.from(chunk));
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== body.size) throw new StorageError('Fault');
  return bytes;
}

function openStored(stored: Stored, isCurrent: () => boolean): OpenObject {
  const view = (offset: number, length: number): Uint8Array => {
    if (offset < 0 || length < 0 || offset + length > stored.bytes.length) {
      throw new RangeError('read outside the object');
    }
    if (!isCurrent()) throw new StorageError('SourceChanged');
    return stored.bytes.subarray(offset, offset + length);
  };
  return {
    size: stored.bytes.length,
    version: stored.version,
    read: async (offset, length) => Uint8Array.from(view(offset, length)),
    readInto: async (offset, target) => target.set(view(offset, target.length)),
    close: async () => {},
  };
}
