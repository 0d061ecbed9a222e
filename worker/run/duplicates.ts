/** Finds objects that share an instance: equal bytes met in one key, different bytes under one identifier both stay. */
import type { InstanceEntry } from './instance-list.ts';

/** Objects that share an instance and differ in bytes. */
export interface DuplicateGroup {
  /** Ordinals, ascending; those with equal bytes side by side in one list. */
  readonly versions: readonly (readonly number[])[];
}

export interface DuplicateCounts {
  /** Objects whose output is byte for byte that of another one: written once. */
  readonly identical: number;
  /** Instances under which there are different bytes. */
  readonly conflictingInstances: number;
  /** Objects of these instances. */
  readonly conflictingObjects: number;
}

/** Counts over entries sorted by instance and digest; `onGroup` is told of each instance with different bytes. */
export async function countDuplicates(
  sorted: AsyncIterable<InstanceEntry>,
  onGroup: (group: DuplicateGroup) => Promise<void>,
): Promise<DuplicateCounts> {
  let identical = 0;
  let conflictingInstances = 0;
  let conflictingObjects = 0;
  let instance: string | undefined;
  let versions: { readonly digest: string; readonly ordinals: number[] }[] = [];

  const close = async (): Promise<void> => {
    const objects = versions.reduce((sum, version) => sum + version.ordinals.length, 0);
    identical += objects - versions.length;
    if (versions.length < 2) return;
    conflictingInstances += 1;
    conflictingObjects += objects;
    await onGroup({ versions: versions.map((version) => version.ordinals) });
  };
  for await (const entry of sorted) {
    if (entry.instance !== instance) {
      await close();
      instance = entry.instance;
      versions = [];
    }
    const last = versions.at(-1);
    if (last?.digest === entry.digest) last.ordinals.push(entry.ordinal);
    else versions.push({ digest: entry.digest, ordinals: [entry.ordinal] });
  }
  await close();
  return { identical, conflictingInstances, conflictingObjects };
}
