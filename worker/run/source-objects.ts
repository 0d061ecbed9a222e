/** The objects of a source that a run is to take, in the order of its plan: all that lie there, or those of a list. */
import { keyPrefix } from '../../crds/v1alpha1/area.ts';
import type { PinnedJobSpec } from '../../crds/v1alpha1/job.ts';
import type { ObjectStat, Storage } from '../storage/storage.ts';
import { StorageError } from '../storage/storage-error.ts';
import { type ManifestEntry, manifestEntries, manifestError } from './manifest.ts';
import { blaming } from './run-error.ts';

/** All objects of the source, a page in memory at a time. Throws `RunError`. */
export async function* listedObjects(source: Storage): AsyncGenerator<ObjectStat> {
  let continuation: string | undefined;
  do {
    const options = continuation === undefined ? {} : { continuation };
    const page = await blaming('source', () => source.list('', options));
    yield* page.objects;
    continuation = page.continuation;
  } while (continuation !== undefined);
}

/** Entries that are looked up at once. */
const lookUps = 32;

/** Pins no object: what a list names and nobody finds has its outcome when it is opened. */
const absent = { size: 0, version: 'absent' } as const;

/**
 * The objects that the list of the job names, in its order. `lists` is where the list lies, the whole bucket or claim of
 * the source or a place of its own. Throws `RunError`.
 */
export async function* manifestObjects(
  spec: PinnedJobSpec['source'],
  lists: Storage,
  source: Storage,
): AsyncGenerator<ObjectStat> {
  const { manifest, s3, volume } = spec;
  if (manifest === undefined) return;
  const prefix = keyPrefix(s3?.prefix ?? volume?.path ?? '');
  const list = await blaming('source', () => openList(lists, manifest.key));
  try {
    const waiting: Promise<ObjectStat>[] = [];
    for await (const entry of manifestEntries(list, manifest.format, s3?.bucket ?? volume?.claimName ?? '')) {
      const found = blaming('source', () => lookUp(source, prefix, entry));
      // Whoever waits for it hears of its failure, even where others fail before.
      found.catch(() => {});
      waiting.push(found);
      const [first] = waiting;
      if (first === undefined || waiting.length < lookUps) continue;
      yield await first;
      waiting.shift();
    }
    for (const found of waiting) yield await found;
  } finally {
    await list.close();
  }
}

async function openList(lists: Storage, key: string) {
  try {
    return await lists.open(key);
  } catch (error) {
    const isMissing = error instanceof StorageError && ['NotFound', 'InvalidKey'].includes(error.code);
    throw isMissing ? manifestError('there is no such object') : error;
  }
}

async function lookUp(
  source: Storage,
  prefix: string,
  { line, key, versionId }: ManifestEntry,
): Promise<ObjectStat> {
  if (!key.startsWith(prefix) || key.length === prefix.length) {
    throw manifestError('names an object outside the source', line);
  }
  const own = key.slice(prefix.length);
  if (versionId !== undefined && source.statVersion === undefined) {
    throw manifestError('names a version, and the source keeps none', line);
  }
  try {
    const found =
      versionId === undefined ? await source.stat(own) : await source.statVersion?.(own, versionId);
    return found ?? { key: own, ...absent };
  } catch (error) {
    if (error instanceof StorageError && error.code === 'InvalidKey') return { key: own, ...absent };
    throw error;
  }
}
