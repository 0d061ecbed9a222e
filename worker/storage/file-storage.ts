/** Storage in a folder: the verbs over its files. Calls are synchronous inside, which costs less than waiting for them. */
import { lstatSync, unlinkSync } from 'node:fs';
import { defaultWindow, fileVersion, walkFiles } from './file-listing.ts';
import { fileMultipart } from './file-multipart.ts';
import { openFileObject } from './file-object.ts';
import { bytesOfKey, isPlainKey } from './key-bytes.ts';
import { attempt, rootedFiles } from './rooted-files.ts';
import type { ObjectStat, Storage } from './storage.ts';
import { StorageError, systemCodeOf } from './storage-error.ts';

export interface FileStorageOptions {
  /** The folder. It may be reached by links; below it none is followed. */
  readonly root: string;
  /** Begins the hidden names of this writer's unfinished objects: see {@link Storage.discardUnfinished}. */
  readonly writer?: string;
  /** Names of one folder that a listing holds in memory. Default 200,000. */
  readonly listingWindow?: number;
}

/** Opens a folder as a store; throws `StorageError` `NotFound` where it is none. */
export function openFileStorage(options: FileStorageOptions): Storage {
  const files = rootedFiles(options.root, options.writer ?? 'writer');
  const window = options.listingWindow ?? defaultWindow;
  /** The walk that the last page came from: going on with it spares reading the folders above again. */
  let paused: { readonly continuation: string; readonly walk: ReturnType<typeof walkFiles> } | undefined;

  return {
    capabilities: { serverSideCopy: false, minimumPartSize: 1, maximumParts: 10_000 },

    list: async (prefix, { continuation, limit = 1000 } = {}) =>
      attempt(() => {
        const latin1Prefix = checkedPrefix(prefix);
        const walk =
          continuation !== undefined && paused?.continuation === continuation
            ? paused.walk
            : walkFiles({ root: files.root, prefix: latin1Prefix, after: lastKeyOf(continuation), window });
        paused = undefined;
        const objects: ObjectStat[] = [];
        for (let next = walk.next(); next.done !== true; next = walk.next()) {
          objects.push(next.value.stat);
          if (objects.length < limit) continue;
          const token = continuationAfter(latin1Prefix, next.value.latin1Key);
          paused = { continuation: token, walk };
          return { objects, continuation: token };
        }
        return { objects };
      }),

    stat: async (key) =>
      attempt(() => {
        const path = files.pathOf(key);
        if (!files.isReached(path)) return undefined;
        const stat = lstatSync(path.target, { bigint: true, throwIfNoEntry: false });
        if (stat === undefined || !stat.isFile()) return undefined;
        return { key, size: Number(stat.size), version: fileVersion(stat) };
      }),

    open: async (key, version) => attempt(() => openFileObject(files, key, version)),
    create: (key, body) => files.create(key, body),

    remove: async (key) =>
      attempt(() => {
        const path = files.pathOf(key);
        if (!files.isReached(path)) return;
        try {
          unlinkSync(path.target);
        } catch (error) {
          if (systemCodeOf(error) !== 'ENOENT') throw error;
        }
      }),

    discardUnfinished: async (writer) => attempt(() => files.discard(writer)),
    ...fileMultipart(files),
  };
}

/** A prefix as one character a byte; its folders must be ones that a key can have. */
function checkedPrefix(prefix: string): string {
  const folder = prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')));
  if (prefix.startsWith('/') || prefix.includes('\0') || (folder !== '' && !isPlainKey(folder))) {
    throw new StorageError('InvalidKey');
  }
  return bytesOfKey(prefix).toString('latin1');
}

/** The continuation holds the last key, and with the prefix so that no page can be asked for under another one. */
function continuationAfter(latin1Prefix: string, latin1Key: string): string {
  return Buffer.from(`${latin1Prefix}\0${latin1Key}`, 'latin1').toString('base64url');
}

function lastKeyOf(continuation: string | undefined): string {
  if (continuation === undefined) return '';
  const text = Buffer.from(continuation, 'base64url').toString('latin1');
  return text.slice(text.indexOf('\0') + 1);
}
