/** Small objects, read and written whole: plans, journals, results. */
import { createHash } from 'node:crypto';
import { rangeChunks } from './chunks.ts';
import type { OpenObject, Storage } from './storage.ts';
import { StorageError } from './storage-error.ts';

async function withObject<T>(
  storage: Storage,
  key: string,
  use: (object: OpenObject) => Promise<T>,
): Promise<T | undefined> {
  let object: OpenObject;
  try {
    object = await storage.open(key);
  } catch (error) {
    if (error instanceof StorageError && error.code === 'NotFound') return undefined;
    throw error;
  }
  try {
    return await use(object);
  } finally {
    await object.close();
  }
}

/** The bytes of an object; undefined where there is none. */
export async function readWhole(storage: Storage, key: string): Promise<Uint8Array | undefined> {
  return withObject(storage, key, (object) => object.read(0, object.size));
}

/** Whether the object exists and has exactly these bytes. */
export async function holds(storage: Storage, key: string, bytes: Uint8Array): Promise<boolean> {
  const present = await readWhole(storage, key);
  return present !== undefined && Buffer.compare(present, bytes) === 0;
}

/** Whether the object exists and has the size and SHA-256 (lower-case hex), read a chunk at a time. */
export async function hasDigest(
  storage: Storage,
  key: string,
  size: number,
  sha256: string,
): Promise<boolean> {
  const same = await withObject(storage, key, async (object) => {
    if (object.size !== size) return false;
    const hash = createHash('sha256');
    for await (const chunk of rangeChunks(object, 0, size)) hash.update(chunk);
    return hash.digest('hex') === sha256;
  });
  return same ?? false;
}

/** Creates an object of text in UTF-8. */
export async function createText(storage: Storage, key: string, text: string): Promise<'created' | 'exists'> {
  const bytes = Buffer.from(text, 'utf8');
  return storage.create(key, { size: bytes.length, chunks: [bytes] });
}

/** The text of an object; undefined where there is none. */
export async function readText(storage: Storage, key: string): Promise<string | undefined> {
  const bytes = await readWhole(storage, key);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}
