/** From an edit list to output: runs of source bytes that pass through uncopied, and the new bytes between them. */
import type { ByteSource } from './byte-source.ts';
import type { Edit, EditList, OutputRun } from './edit.ts';

/** Edits in the order in which they apply; insertions at one place keep the order in which they were made. */
export function sortEdits(edits: readonly Edit[]): EditList {
  return edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index)
    .map(({ edit }) => edit);
}

/**
 * The runs of `[start, end)` under `edits`, which are sorted and lie within it.
 * @throws RangeError where two edits overlap: then no output can be right.
 */
export function outputRuns(edits: EditList, start: number, end: number): readonly OutputRun[] {
  const runs: OutputRun[] = [];
  let position = start;
  for (const edit of edits) {
    if (edit.start < position || edit.end < edit.start || edit.end > end)
      throw new RangeError('edits overlap');
    if (edit.start > position) runs.push({ kind: 'source', start: position, end: edit.start });
    if (edit.bytes.length > 0) runs.push({ kind: 'bytes', bytes: edit.bytes });
    position = edit.end;
  }
  if (end > position) runs.push({ kind: 'source', start: position, end });
  return runs;
}

/** Bytes that the runs come to. */
export function runsSize(runs: readonly OutputRun[]): number {
  return runs.reduce(
    (size, run) => size + (run.kind === 'bytes' ? run.bytes.length : run.end - run.start),
    0,
  );
}

/** Runs up to this many bytes are copied together: a copy costs less than a chunk of its own, to hash and to write. */
const joinedBytes = 16 * 1024;

/** The runs over a source that is in memory, as few chunks: long ones are views, short ones stand together in a copy. */
export function residentChunks(runs: readonly OutputRun[], resident: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let short: Uint8Array[] = [];
  const closeShort = (): void => {
    const [only] = short;
    if (only !== undefined) chunks.push(short.length === 1 ? only : Buffer.concat(short));
    short = [];
  };
  for (const run of runs) {
    const bytes = run.kind === 'bytes' ? run.bytes : resident.subarray(run.start, run.end);
    if (bytes.length <= joinedBytes) {
      short.push(bytes);
      continue;
    }
    closeShort();
    chunks.push(bytes);
  }
  closeShort();
  return chunks;
}

/** Bytes read of a source at a time. */
const readBytes = 2 * 1024 * 1024;

/** The runs over any source, read in pieces of bounded size. */
export async function* streamedChunks(
  runs: readonly OutputRun[],
  source: ByteSource,
): AsyncGenerator<Uint8Array> {
  for (const run of runs) {
    if (run.kind === 'bytes') {
      yield run.bytes;
      continue;
    }
    yield* source.readInto === undefined
      ? ownedPieces(run, source)
      : borrowedPieces(run, (at, target) => source.readInto?.(at, target));
  }
}

type Range = Pick<Extract<OutputRun, { kind: 'source' }>, 'start' | 'end'>;

async function* ownedPieces({ start, end }: Range, source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += readBytes) yield await source.read(at, Math.min(readBytes, end - at));
}

/** Pieces in two buffers by turns: one is filled while the other is looked at. */
async function* borrowedPieces(
  { start, end }: Range,
  readInto: (at: number, target: Uint8Array) => Promise<void> | undefined,
): AsyncGenerator<Uint8Array> {
  const size = Math.min(readBytes, end - start);
  let [free, taken] = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)];
  const fill = async (at: number, buffer: Uint8Array): Promise<Uint8Array> => {
    const target = buffer.subarray(0, Math.min(size, end - at));
    await readInto(at, target);
    return target;
  };
  let next = fill(start, free);
  for (let at = start + size; ; at += size) {
    const piece = await next;
    [free, taken] = [taken, free];
    if (at < end) {
      next = fill(at, free);
      // Who stops taking pieces hears of no error.
      next.catch(() => {});
    }
    yield piece;
    if (at >= end) return;
  }
}
