/** One open file, pinned: a read fails as soon as the file's inode, size or modification time is another. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { fileVersion } from './file-listing.ts';
import { attempt, type RootedFiles } from './rooted-files.ts';
import type { OpenObject } from './storage.ts';
import { StorageError, systemCodeOf } from './storage-error.ts';

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

  const readInto = (offset: number, target: Uint8Array): void => {
    if (offset < 0 || offset + target.length > size) throw new RangeError('read outside the object');
    for (let at = 0; at < target.length; ) {
      const count = readSync(file, target, at, target.length - at, offset + at);
      if (count === 0) throw new StorageError('SourceChanged');
      at += count;
    }
    if (fileVersion(fstatSync(file, { bigint: true })) !== present) throw new StorageError('SourceChanged');
  };
  return {
    size,
    version: present,
    readInto: async (offset, target) => attempt(() => readInto(offset, target)),
    read: async (offset, length) =>
      attempt(() => {
        const target = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, size)));
        if (target.length !== length) throw new RangeError('read outside the object');
        readInto(offset, target);
        return target;
      }),
    close: async () => {
      if (open) closeSync(file);
      open = false;
    },
  };
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
