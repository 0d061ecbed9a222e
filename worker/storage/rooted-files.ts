/**
 * Files below one folder that is never left: no `..`, no symbolic link on the way. Objects are written under a hidden
 * name and given their own by link(2), so that they appear whole or not at all and never over another.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeSync,
  writevSync,
} from 'node:fs';
import { partialFolder, pathOfLatin1 } from './file-listing.ts';
import { bytesOfKey, isPlainKey } from './key-bytes.ts';
import { createReachedFolders, type ReachedFolders, realFolder } from './reached-folders.ts';
import type { Body } from './storage.ts';
import { StorageError, storageErrorFrom, systemCodeOf } from './storage-error.ts';

/** Where an object lies. */
export interface FilePath {
  readonly target: string | Buffer;
  /** The folder that it stands in, one character a byte. */
  readonly folder: string;
}

export interface RootedFiles {
  /** Absolute real path of the root, one character a byte. */
  readonly root: string;
  /** Throws `InvalidKey` for a key that cannot name a file below the root. */
  pathOf(key: string): FilePath;
  /** Whether the path's folder exists and is reached without links. */
  isReached(path: FilePath): boolean;
  /** Creates the object whole or not at all. */
  create(key: string, body: Body): Promise<'created' | 'exists'>;
  /** The folder of unfinished objects, made if need be; one character a byte. */
  partial(): string;
  /** Does something in that folder, and once more where another writer has removed it meanwhile, as all do when it is empty. */
  inPartial<T>(act: (folder: string) => T): T;
  /** A new name in that folder, of this writer. */
  partialName(): string;
  /** Removes the unfinished objects of the writers whose name is `writer` or starts with it and a dot. */
  discard(writer: string): void;
}

/** Runs an edge of the file system, so that only storage errors leave it. */
export function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toStorageError(error);
  }
}

/** The storage error that an error amounts to; errors that are not the system's come back as they are. */
export function toStorageError(error: unknown): unknown {
  return systemCodeOf(error) === undefined ? error : storageErrorFrom(error);
}

/** Opens the folder; `NotFound` where there is none. */
export function rootedFiles(folder: string, writer: string): RootedFiles {
  const root = attempt(() => {
    const real = realpathSync.native(folder, 'latin1');
    if (!lstatSync(pathOfLatin1(real)).isDirectory()) throw new StorageError('NotFound');
    return real === '/' ? '' : real;
  });
  const partialPath = `${root}/${partialFolder}`;
  const reached = createReachedFolders();
  const opened = randomUUID();
  let names = 0;

  const files: RootedFiles = {
    root,
    pathOf: (key) => {
      if (!isPlainKey(key) || key === partialFolder || key.startsWith(`${partialFolder}/`)) {
        throw new StorageError('InvalidKey');
      }
      const latin1 = `${root}/${bytesOfKey(key).toString('latin1')}`;
      return { target: pathOfLatin1(latin1), folder: latin1.slice(0, latin1.lastIndexOf('/')) };
    },
    isReached: (path) => reached.has(path.folder),
    partial: () => {
      makeFolder(root, partialPath, reached);
      return partialPath;
    },
    inPartial: (act) => {
      for (let trial = 1; ; trial += 1) {
        try {
          return act(files.partial());
        } catch (error) {
          if (systemCodeOf(error) !== 'ENOENT' || trial === partialTrials) throw error;
        }
      }
    },
    partialName: () => {
      names += 1;
      return `${writer}~${opened}-${names}`;
    },
    create: async (key, body) => {
      try {
        const path = files.pathOf(key);
        makeFolder(root, path.folder, reached);
        if (lstatSync(path.target, { throwIfNoEntry: false }) !== undefined) return 'exists';
        const { hidden, file } = files.inPartial((folder) => {
          const name = pathOfLatin1(`${folder}/${files.partialName()}`);
          return { hidden: name, file: openSync(name, 'wx', 0o666) };
        });
        try {
          await writeBody(file, body);
          return linkNew(hidden, path.target);
        } finally {
          unlink(hidden);
        }
      } catch (error) {
        throw toStorageError(error);
      }
    },
    discard: (of) => {
      if (!reached.has(partialPath)) return;
      for (const name of namesIn(partialPath)) {
        if (!name.startsWith(`${of}~`) && !name.startsWith(`${of}.`)) continue;
        rmSync(pathOfLatin1(`${partialPath}/${name}`), { force: true, recursive: true });
      }
      removeIfEmpty(partialPath);
    },
  };
  return files;
}

/** Times that the folder of unfinished objects may vanish under a writer. */
const partialTrials = 20;

/** Gives a file its second name unless that is taken. */
function linkNew(hidden: string | Buffer, target: string | Buffer): 'created' | 'exists' {
  try {
    linkSync(hidden, target);
    return 'created';
  } catch (error) {
    const systemCode = systemCodeOf(error);
    if (systemCode === 'EEXIST') return 'exists';
    // Who took over from this writer has discarded the file; written once more, it is there or stands already.
    if (systemCode === 'ENOENT') throw new StorageError('Fault', { retryable: true, systemCode });
    // link(2) answers EPERM where the file system has no hard links; the folder itself was just written to.
    throw systemCode === 'EPERM' ? new StorageError('Unsupported', { systemCode }) : error;
  }
}

/** Writes a new file of exactly the body's size. */
export async function writeWhole(path: string | Buffer, body: Body): Promise<void> {
  await writeBody(openSync(path, 'wx', 0o666), body);
}

/** Writes exactly the body's size and closes the file. */
async function writeBody(file: number, body: Body): Promise<void> {
  try {
    let size = 0;
    if (Array.isArray(body.chunks)) size = writeChunks(file, body.chunks);
    else for await (const chunk of body.chunks) size += writeChunk(file, chunk, 0);
    if (size !== body.size) throw new StorageError('Fault');
  } finally {
    closeSync(file);
  }
}

function writeChunk(file: number, chunk: Uint8Array, from: number): number {
  for (let at = from; at < chunk.length; ) at += writeSync(file, chunk, at, chunk.length - at);
  return chunk.length;
}

/** Writes chunks that are in memory with one call, and what that left with others. */
function writeChunks(file: number, chunks: readonly Uint8Array[]): number {
  let written = writevSync(file, chunks);
  let size = 0;
  for (const chunk of chunks) {
    if (written < chunk.length) writeChunk(file, chunk, written);
    written = Math.max(0, written - chunk.length);
    size += chunk.length;
  }
  return size;
}

/** Removes a file that another writer may have removed. */
function unlink(file: string | Buffer): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
  }
}

/** Makes the folder and those between it and the root, following no link on the way. */
function makeFolder(root: string, folder: string, reached: ReachedFolders): void {
  if (reached.has(folder)) return;
  if (
    folder === root ||
    lstatSync(pathOfLatin1(folder), { throwIfNoEntry: false })?.isSymbolicLink() === true
  ) {
    throw new StorageError('InvalidKey');
  }
  makeFolder(root, folder.slice(0, folder.lastIndexOf('/')), reached);
  try {
    mkdirSync(pathOfLatin1(folder));
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error;
  }
  // Where it has vanished again, whoever writes into it will see.
  if ((realFolder(folder) ?? folder) !== folder) throw new StorageError('InvalidKey');
}

/** Names in a folder; none where it has vanished. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(pathOfLatin1(folder), 'latin1');
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(pathOfLatin1(folder));
  } catch (error) {
    const code = systemCodeOf(error) ?? '';
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(code)) throw error;
  }
}
