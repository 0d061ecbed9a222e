/**
 * The outputs of a shard as a sorted list: new instance identifier, first digits of the digest, ordinal. Finish merges
 * the lists of all shards, so that objects that share an instance are found without holding a run in memory.
 */
import type { Storage } from '../storage/storage.ts';
import { createText, readText } from '../storage/whole-object.ts';
import type { AttemptLayout } from './layout.ts';

export interface InstanceEntry {
  readonly instance: string;
  /** First 12 digits of the SHA-256 of the output, lower-case hex. */
  readonly digest: string;
  readonly ordinal: number;
}

/** Characters of a piece of the list. */
const pieceLength = 256 * 1024;

export function compareInstances(a: InstanceEntry, b: InstanceEntry): number {
  if (a.instance !== b.instance) return a.instance < b.instance ? -1 : 1;
  if (a.digest !== b.digest) return a.digest < b.digest ? -1 : 1;
  return a.ordinal - b.ordinal;
}

/** Writes the list in pieces; doing it again writes the same. Gives the number of pieces. */
export async function writeInstances(
  work: Storage,
  layout: AttemptLayout,
  shard: number,
  entries: InstanceEntry[],
): Promise<number> {
  entries.sort(compareInstances);
  let pieces = 0;
  let text = '';
  const closePiece = async (): Promise<void> => {
    if (text === '') return;
    await createText(work, layout.shardInstances(shard, pieces), text);
    pieces += 1;
    text = '';
  };
  for (const { instance, digest, ordinal } of entries) {
    text += `${instance} ${digest} ${ordinal}\n`;
    if (text.length >= pieceLength) await closePiece();
  }
  await closePiece();
  return pieces;
}

/** The list of a shard in order, a piece in memory at a time. */
export async function* readInstances(
  work: Storage,
  layout: AttemptLayout,
  shard: number,
): AsyncGenerator<InstanceEntry> {
  for (let piece = 0; ; piece += 1) {
    const text = await readText(work, layout.shardInstances(shard, piece));
    if (text === undefined) return;
    for (const line of text.split('\n')) {
      const [instance, digest, ordinal] = line.split(' ');
      if (instance && digest && ordinal) yield { instance, digest, ordinal: Number(ordinal) };
    }
  }
}
