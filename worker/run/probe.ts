/** Finds out before any work whether each area allows what the run will ask of it. */
import type { Storage } from '../storage/storage.ts';
import { StorageError } from '../storage/storage-error.ts';
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

/** Lists and reads the source, and lists, writes, reads and deletes in `written`. Throws `RunError`. */
export async function probeAreas(
  areas: Areas,
  written: readonly WrittenArea[],
  run: string,
  probe: string,
): Promise<void> {
  await blaming('source', () => probeReadable(areas.source));
  for (const area of written) {
    await blaming(area, () => probeWritable(area, areas[area], `${probePrefix(run)}${probe}`));
  }
}

/** Removes what a run has left unfinished: probes and half-written objects of processes that died. */
export async function discardLeftovers(areas: Areas, run: string): Promise<void> {
  for (const area of writtenAreas) {
    await blaming(area, async () => {
      for (const { key } of (await areas[area].list(probePrefix(run))).objects) await areas[area].remove(key);
      await areas[area].discardUnfinished(run);
    });
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

async function probeWritable(area: AreaName, storage: Storage, key: string): Promise<void> {
  try {
    await createText(storage, key, key);
    const listed = (await storage.list(key)).objects.some((object) => object.key === key);
    if (!listed || !(await holds(storage, key, Buffer.from(key)))) {
      throw new RunError('TransientFault', `spec.${area}: what is written does not come back`);
    }
  } finally {
    await storage.remove(key);
  }
}
