/** Finds out before any work whether each area allows what the run will ask of it. */
import { areaNames } from '../../crds/v1alpha1/area.ts';
import type { Storage } from '../storage/storage.ts';
import { StorageError, type StorageErrorCode } from '../storage/storage-error.ts';
import { createText, holds } from '../storage/whole-object.ts';
import { type AreaName, blaming, RunError } from './run-error.ts';

export interface Areas {
  readonly source: Storage;
  readonly destination: Storage;
  readonly quarantine: Storage;
  readonly workArea: Storage;
}

/** Areas that a run writes to. */
export const writtenAreas = ['destination', 'quarantine', 'workArea'] as const satisfies readonly AreaName[];

type WrittenArea = (typeof writtenAreas)[number];

/** Keys of the probes of a run. */
function probePrefix(run: string): string {
  return `.deid-probe-${run}-`;
}

export interface ProbeOptions {
  readonly areas: Areas;
  /** Where each area lies, as a path within a bucket or a machine; areas that go by other names have the same ends of it. */
  readonly paths: Readonly<Record<AreaName, string>>;
  readonly written: readonly WrittenArea[];
  /** Whether the run lists its source; one that is told what to take need not be allowed to. */
  readonly isListed: boolean;
  readonly run: string;
  /** A new name for this probe. */
  readonly probe: string;
}

/**
 * Lists and reads the source, where the run lists it; lists, writes, reads and deletes in `written`; and looks in every area for what was written
 * in another, since one store may go by several names. Throws `RunError`.
 */
export async function probeAreas({
  areas,
  paths,
  written,
  isListed,
  run,
  probe,
}: ProbeOptions): Promise<void> {
  if (isListed) await blaming('source', () => probeReadable(areas.source));
  const keyIn = (area: AreaName) => `${probePrefix(run)}${probe}-${area}`;
  const remove = (area: WrittenArea) => blaming(area, () => areas[area].remove(keyIn(area)));
  try {
    for (const area of written) await blaming(area, () => probeWritable(area, areas[area], keyIn(area)));
    for (const area of written) {
      for (const other of areaNames.filter((name) => name !== area)) {
        const keys = keysFrom(paths[area], keyIn(area));
        await blaming(other, () => refuseOverlap([area, other], areas[other], keys));
      }
    }
  } catch (error) {
    await Promise.allSettled(written.map(remove));
    throw error;
  }
  for (const area of written) await remove(area);
}

/** Keys under which an area that holds the path, or a part of it, would have an object of the path's folder. */
function keysFrom(path: string, key: string): readonly string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  return [...segments.keys(), segments.length].map((from) => [...segments.slice(from), key].join('/'));
}

async function refuseOverlap(
  [area, other]: readonly [AreaName, AreaName],
  storage: Storage,
  keys: readonly string[],
): Promise<void> {
  const seen = await Promise.all(keys.map((key) => isVisible(storage, key)));
  if (!seen.includes(true)) return;
  throw new RunError(
    'OverlappingAreas',
    `spec.${area} and spec.${other} lie in the same place or one within the other; give each its own`,
  );
}

async function isVisible(storage: Storage, key: string): Promise<boolean> {
  try {
    return (await storage.stat(key)) !== undefined;
  } catch (error) {
    // What may not be looked at, or cannot be there, is nothing that the area gives away.
    if (error instanceof StorageError && !error.retryable) return false;
    throw error;
  }
}

/** Removes what a run has left unfinished in areas: probes and half-written objects of processes that died. */
export async function discardLeftovers(
  areas: Readonly<Partial<Pick<Areas, WrittenArea>>>,
  run: string,
): Promise<void> {
  for (const area of writtenAreas) {
    const storage = areas[area];
    if (storage === undefined) continue;
    await blaming(area, async () => {
      for (const { key } of (await storage.list(probePrefix(run))).objects) await storage.remove(key);
      await storage.discardUnfinished(run);
    });
  }
}

/** Objects that are tried before a source counts as unreadable: a few unreadable ones are each their own outcome. */
const readTrials = 10;

/** Errors that are about an object and not about the area. */
const ofObject: ReadonlySet<StorageErrorCode> = new Set(['NotFound', 'SourceChanged', 'InvalidKey']);

async function probeReadable(storage: Storage): Promise<void> {
  let denied: StorageError | undefined;
  for (const { key, version } of (await storage.list('')).objects.slice(0, readTrials)) {
    try {
      const object = await storage.open(key, version);
      await object.read(0, Math.min(1, object.size)).finally(() => object.close());
      return;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      // Nothing is said about the store by an object that is gone, or that has a key of which it has its own outcome.
      if (!ofObject.has(error.code)) denied = error;
    }
  }
  if (denied !== undefined) throw denied;
}

async function probeWritable(area: AreaName, storage: Storage, key: string): Promise<void> {
  await createText(storage, key, key);
  const listed = (await storage.list(key)).objects.some((object) => object.key === key);
  if (!listed || !(await holds(storage, key, Buffer.from(key)))) {
    throw new RunError('TransientFault', `spec.${area}: what is written does not come back`);
  }
}
