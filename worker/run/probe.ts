/** Finds out before any work whether each area allows what the run will ask of it. */
import type { Storage } from '../storage/storage.ts';
import { StorageError } from '../storage/storage-error.ts';
import { createText, holds } from '../storage/whole-object.ts';
import { type AreaName, areaError, RunError } from './run-error.ts';

export interface Areas {
  readonly source: Storage;
  readonly destination: Storage;
  readonly quarantine: Storage;
  readonly workArea: Storage;
}

/** Lists and reads the source, and lists, writes, reads and deletes in `written`. Throws `RunError`. */
export async function probeAreas(areas: Areas, written: readonly AreaName[], probe: string): Promise<void> {
  await blaming('source', () => probeReadable(areas.source));
  for (const area of written) {
    await blaming(area, () => probeWritable(area, areas[area], probe));
  }
}

async function blaming(area: AreaName, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw error instanceof StorageError ? areaError(area, error) : error;
  }
}

/** Objects that are tried before a source counts as unreadable: a few unreadable ones are each their own outcome. */
const readTrials = 10;

async function probeReadable(storage: Storage): Promise<void> {
  let denied: StorageError | undefined;
  for (const { key } of (await storage.list('', { limit: readTrials })).objects) {
    try {
      const object = await storage.open(key);
      await object.read(0, Math.min(1, object.size)).finally(() => object.close());
      return;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      denied = error;
    }
  }
  if (denied !== undefined) throw denied;
}

async function probeWritable(area: AreaName, storage: Storage, probe: string): Promise<void> {
  const key = `.deid-probe-${probe}`;
  try {
    await createText(storage, key, probe);
    const listed = (await storage.list(key)).objects.some((object) => object.key === key);
    if (!listed || !(await holds(storage, key, Buffer.from(probe)))) {
      throw new RunError('TransientFault', `spec.${area}: what is written does not come back`);
    }
  } finally {
    await storage.remove(key);
  }
}
