/** One open file, pinned: a read fails as soon as the file's inode, size or modification time is another. */
import { type BigIntStats, closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { fileVersion } from './file-listing.ts';
import { type RootedFiles, toStorageError } from './rooted-files.ts';
import type { OpenObject } from './storage.ts';
import { StorageError, systemCodeOf } from './storage-error.ts';

/** Bytes from which a read is left to another thread, so that this one goes on with what it has read before. */
const largeRead = 1024 * 1024;
const readElsewhere = promisify(read);

/** Opens the version of the object; the present one where none is given. */
export function openFileObject(files: RootedFiles, key: string, version: string | undefined): OpenObject {
  const path = files.pathOf(key);
  if (!files.isReached(path)) throw new StorageError('NotFound');
  return openFile(path.target, version);
}

/** Opens a file whose path is known to be safe. */
export function openFile(path: string | Buffer, version: string | undefined): OpenObject {
  const file = openRegular(path);
  const pinned = fstatSync(file, { bigint: true });
  const present = fileVersion(pinned);
  const refusal = refusalOf(pinned.isFile(), version, present);
  if (refusal !== undefined) {
    closeSync(file);
    throw refusal;
  }
  const size = Number(pinned.size);
  let open = true;
  /** Reads of large ranges that are under way. */
  const reading = new Set<Promise<void>>();

  const fill = async (offset: number, target: Uint8Array): Promise<void> => {
    for (let at = 0; at < target.length; ) {
      const length = target.length - at;
      const count =
        target.length < largeRead
          ? readSync(file, target, at, length, offset + at)
          : (await readElsewhere(file, target, at, length, offset + at)).bytesRead;
      if (count === 0) throw new StorageError('SourceChanged');
      at += count;
    }
    if (!isSame(fstatSync(file, { bigint: true }), pinned)) throw new StorageError('SourceChanged');
  };
  const readInto = async (offset: number, target: Uint8Array): Promise<void> => {
    if (offset < 0 || offset + target.length > size) throw new RangeError('read outside the object');
    if (!open) throw new StorageError('Fault');
    const filled = fill(offset, target);
    reading.add(filled);
    try {
      await filled;
    } catch (error) {
      throw toStorageError(error);
    } finally {
      reading.delete(filled);
    }
  };
  return {
    size,
    version: present,
    readInto,
    read: async (offset, length) => {
      const target = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, size)));
      if (target.length !== length) throw new RangeError('read outside the object');
      await readInto(offset, target);
      return target;
    },
    close: async () => {
      if (!open) return;
      open = false;
      // The number of a closed file may be given to another one at once.
      await Promise.allSettled(reading);
      closeSync(file);
    },
  };
}

type Pin = Pick<BigIntStats, 'ino' | 'size' | 'mtimeNs'>;

/** See {@link fileVersion}. */
function isSame(a: Pin, b: Pin): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/** Opens without following a link and without waiting for the other end of a pipe. */
function openRegular(path: string | Buffer): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    // O_NOFOLLOW answers ELOOP for a link: to this store it is no object.
    if (['ELOOP', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) throw new StorageError('NotFound');
    throw error;
  }
}

function refusalOf(isFile: boolean, wanted: string | undefined, present: string): StorageError | undefined {
  if (!isFile) return new StorageError('NotFound');
  return wanted === undefined || wanted === present ? undefined : new StorageError('SourceChanged');
}
