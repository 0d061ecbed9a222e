/**
 * Tells whether folders exist and are reached without links. What was found out once is remembered by the folder's inode
 * and time of birth, so that one look at it tells that the path still leads to the same folder.
 */
import { realpathSync, statSync } from 'node:fs';
import { pathOfLatin1 } from './file-listing.ts';
import { systemCodeOf } from './storage-error.ts';

export interface ReachedFolders {
  /** `folder` is an absolute path, one character a byte. */
  has(folder: string): boolean;
}

const mostFolders = 1000;

interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly birthtimeNs: bigint;
}

function unlessMissing<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The path of a folder with all links resolved; undefined where there is no such folder. */
export function realFolder(folder: string): string | undefined {
  return unlessMissing(() =>
    realpathSync.native(pathOfLatin1(folder === '' ? '/' : folder), 'latin1').replace(/^\/$/, ''),
  );
}

export function createReachedFolders(): ReachedFolders {
  const known = new Map<string, Identity>();
  return {
    has: (folder) => {
      const now: Identity | undefined = unlessMissing(() =>
        statSync(pathOfLatin1(folder === '' ? '/' : folder), { bigint: true }),
      );
      if (now === undefined) return false;
      const before = known.get(folder);
      if (before?.ino === now.ino && before.dev === now.dev && before.birthtimeNs === now.birthtimeNs)
        return true;
      known.delete(folder);
      if (realFolder(folder) !== folder) return false;
      // Without a time of birth another folder could have come by the number of one that has gone.
      if (now.birthtimeNs === 0n) return true;
      if (known.size >= mostFolders) known.clear();
      known.set(folder, now);
      return true;
    },
  };
}
