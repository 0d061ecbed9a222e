/**
 * Walks a folder in the order of the keys' bytes. Names are handled as Latin-1 strings, one character a byte, so that
 * comparing strings compares bytes and no name is lost in decoding. Symbolic links are not followed and not listed.
 */
import { type Dirent, lstatSync, opendirSync } from 'node:fs';
import { keyOfBytes } from './key-bytes.ts';
import type { ObjectStat } from './storage.ts';
import { StorageError, storageErrorFrom, systemCodeOf } from './storage-error.ts';

/** Folder at the root of an area where objects lie until they are whole. It is never listed. */
export const partialFolder = '.deid-partial';

/** Names of one folder held in memory at once: larger folders are read again for each window. */
export const defaultWindow = 200_000;

export interface FileWalk {
  /** Absolute path of the area, without a trailing `/`, one character a byte. */
  readonly root: string;
  /** Only keys that start with this, one character a byte. */
  readonly prefix: string;
  /** Only keys behind this one; '' for all. */
  readonly after: string;
  readonly window: number;
}

/** A path for the file system, from one character a byte. */
export function pathOfLatin1(path: string): string | Buffer {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of ASCII
  return /^[\x00-\x7f]*$/.test(path) ? path : Buffer.from(path, 'latin1');
}

/** What pins the bytes of a file: its inode, size and modification time in nanoseconds. */
export function fileVersion(stat: { ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return `${stat.ino.toString(36)}-${stat.size.toString(36)}-${stat.mtimeNs.toString(36)}`;
}

/** Files below the folder in order, with the key as one character a byte. */
export function* walkFiles(
  walk: FileWalk,
): Generator<{ readonly latin1Key: string; readonly stat: ObjectStat }> {
  const folder = walk.prefix.slice(0, walk.prefix.lastIndexOf('/') + 1);
  if (!isRealFolder(walk.root, folder)) return;
  yield* walkFolder(walk, folder);
}

/** Whether every step from the root to the folder is a folder and no link. */
function isRealFolder(root: string, folder: string): boolean {
  let path = root;
  for (const name of folder.split('/').slice(0, -1)) {
    path += `/${name}`;
    const stat = lstatSync(pathOfLatin1(path), { throwIfNoEntry: false });
    if (stat === undefined || !stat.isDirectory()) return false;
  }
  return true;
}

function* walkFolder(walk: FileWalk, folder: string): ReturnType<typeof walkFiles> {
  let last = '';
  for (;;) {
    const { names, more } = readWindow(walk, folder, last);
    for (const name of names) {
      const latin1Key = folder + name;
      if (name.endsWith('/')) {
        yield* walkFolder(walk, latin1Key);
        continue;
      }
      const stat = lstatSync(pathOfLatin1(`${walk.root}/${latin1Key}`), {
        bigint: true,
        throwIfNoEntry: false,
      });
      if (stat === undefined || !stat.isFile()) continue;
      const key = keyOfBytes(Buffer.from(latin1Key, 'latin1'));
      yield { latin1Key, stat: { key, size: Number(stat.size), version: fileVersion(stat) } };
    }
    if (!more) return;
    last = names.at(-1) ?? '';
  }
}

/**
 * The smallest names of a folder behind `last`, folders with a `/` at their end: with it they sort where their
 * contents belong, `a.b` before `a/x`.
 */
function readWindow(
  walk: FileWalk,
  folder: string,
  last: string,
): { readonly names: readonly string[]; readonly more: boolean } {
  let names: string[] = [];
  let more = false;
  const cut = () => {
    names.sort(byBytes);
    more ||= names.length > walk.window;
    names = names.slice(0, walk.window);
  };
  for (const name of folderEntries(walk, folder)) {
    if (name <= last || !isWanted(walk, folder + name)) continue;
    names.push(name);
    if (names.length >= 2 * walk.window) cut();
  }
  cut();
  return { names, more };
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function isWanted(walk: FileWalk, latin1Key: string): boolean {
  if (!latin1Key.endsWith('/')) return latin1Key.startsWith(walk.prefix) && latin1Key > walk.after;
  if (latin1Key === `${partialFolder}/`) return false;
  const mayMatch = latin1Key.startsWith(walk.prefix) || walk.prefix.startsWith(latin1Key);
  return mayMatch && (latin1Key > walk.after || walk.after.startsWith(latin1Key));
}

/** Entries as the system gives them: files, and folders with a `/` at their end. A folder that vanished has none. */
function* folderEntries(walk: FileWalk, folder: string): Generator<string> {
  const path = `${walk.root}/${folder}`;
  try {
    // The `latin1` encoding is missing from the option's type alone.
    const directory = opendirSync(pathOfLatin1(path), { encoding: 'latin1', bufferSize: 256 });
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        const name = namedEntry(entry);
        if (name !== undefined) yield name;
      }
    } finally {
      directory.closeSync();
    }
  } catch (error) {
    if (folder === '') throw storageErrorFrom(error);
    const code = systemCodeOf(error);
    if (code === undefined && !(error instanceof StorageError)) throw error;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw storageErrorFrom(error);
  }
}

function namedEntry(entry: Dirent): string | undefined {
  if (entry.isFile()) return entry.name;
  return entry.isDirectory() ? `${entry.name}/` : undefined;
}
