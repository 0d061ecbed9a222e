/**
 * Compares encapsulated pixel data (PS3.5 section A.4) with those of the source: each code stream is walked, and no byte
 * may differ outside the ranges of which no decoder makes a pixel; in these nothing may stand that could be text.
 */
import { isFreeOfText } from './code-streams/free-range.ts';
import type { CodeStreamKind } from './code-streams/walk.ts';
import type { PixelGeometry } from './pixel-geometry.ts';
import type { Bulk } from './read-element.ts';

/** Places in a code stream at which the output differs from the source. */
interface Difference {
  readonly start: number;
  readonly end: number;
}

/** A code stream of which bytes have come. */
interface Stream {
  readonly parts: Uint8Array[];
  length: number;
  readonly differences: Difference[];
}

/** Where bytes that were taken stand: in which stream, and at what place in it. */
export interface TakenBytes {
  readonly stream: Stream;
  readonly at: number;
}

const mostDifferences = 100_000;
const longestBegin = 8;

/** Runs of bytes, counted from `base`, in which two pieces of the same length differ. */
function differencesOf(one: Uint8Array, other: Uint8Array, base: number): readonly Difference[] {
  const found: { start: number; end: number }[] = [];
  for (let at = 0; at < one.length; at++) {
    if (one[at] === other[at]) continue;
    const last = found.at(-1);
    if (last !== undefined && last.end === base + at) last.end += 1;
    else if (found.length < mostDifferences) found.push({ start: base + at, end: base + at + 1 });
  }
  return found;
}

/** Whether each difference lies within free ranges, which may touch; both are in order. */
function areCovered(differences: readonly Difference[], free: readonly Difference[]): boolean {
  let index = 0;
  for (const { start, end } of differences) {
    let covered = start;
    while (covered < end) {
      while (index < free.length && (free[index]?.end ?? 0) <= covered) index += 1;
      const range = free[index];
      if (range === undefined || range.start > covered) return false;
      covered = range.end;
    }
  }
  return true;
}

/** The offsets of a Basic Offset Table. */
export function offsetsIn(table: Buffer, littleEndian: boolean): readonly number[] {
  return Array.from({ length: Math.floor(table.length / 4) }, (_, index) =>
    littleEndian ? table.readUInt32LE(index * 4) : table.readUInt32BE(index * 4),
  );
}

/** Whether offsets say where fragments begin, each behind the one before. */
export function isTrueOffsetTable(offsets: readonly number[], fragments: readonly Bulk[]): boolean {
  const first = fragments[0]?.start ?? 0;
  const starts = new Set(fragments.map(({ start }) => start - first));
  return offsets.every(
    (offset, index) => starts.has(offset) && (index === 0 || offset > (offsets[index - 1] ?? 0)),
  );
}

export interface EncapsulatedPixels {
  /** Takes bytes of the fragment with this index, counted from 0 behind the offset table, of which `at` have come. */
  take(fragment: number, at: number, bytes: Uint8Array): TakenBytes;
  /** The source has other bytes in place of those that were taken. */
  differ(taken: TakenBytes, bytes: Uint8Array, source: Uint8Array): void;
  /** All bytes so far have been compared: judges the streams that have ended. The bytes taken last are still borrowed. */
  settle(): void;
  /** Whether anything was wrong, all bytes having come. */
  isWrong(): boolean;
}

/** `fragments` are those of the source; `offsets` stand in the output's offset table. */
export function encapsulatedPixels(
  kind: CodeStreamKind,
  geometry: PixelGeometry,
  fragments: readonly Bulk[],
  offsets: readonly number[],
): EncapsulatedPixels {
  let isWrong = false;
  let current: Stream = { parts: [], length: 0, differences: [] };
  let ended: Stream[] = [];
  const isOneStream = kind.isVideo || geometry.frames === 1;
  const isStreamEach = !isOneStream && fragments.length === geometry.frames;
  const starts = new Set(offsets);
  const firstStart = fragments[0]?.start ?? 0;

  /** Whether a fragment begins a frame: told by the offset table, or by how it begins. */
  const beginsStream = (fragment: number, bytes: Uint8Array): boolean => {
    if (isOneStream) return fragment === 0;
    if (isStreamEach) return true;
    if (starts.size === geometry.frames) return starts.has((fragments[fragment]?.start ?? 0) - firstStart);
    const begin = Buffer.from(bytes.subarray(0, longestBegin)).toString('latin1');
    return kind.begins.some((signature) => begin.startsWith(signature));
  };
  const end = (): void => {
    if (current.length > 0) ended.push(current);
    current = { parts: [], length: 0, differences: [] };
  };
  const isRight = ({ parts, length, differences }: Stream): boolean => {
    const [only = new Uint8Array(0)] = parts;
    const stream =
      parts.length === 1
        ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
        : Buffer.concat(parts, length);
    const free = length < 2 ? undefined : kind.walk(stream, geometry.frame);
    if (free === undefined || !areCovered(differences, free)) return false;
    return free.every((range) => isFreeOfText(stream, range));
  };
  const judge = (): void => {
    isWrong ||= !ended.every(isRight);
    ended = [];
  };
  let inFragment = -1;
  return {
    take: (fragment, at, bytes) => {
      const isLast = at + bytes.length === fragments[fragment]?.length;
      if (fragment !== inFragment) {
        inFragment = fragment;
        if (fragment > 0 && beginsStream(fragment, bytes)) end();
      }
      const endsStream = isLast && (isStreamEach || fragment === fragments.length - 1);
      // What is judged before the bytes are given back need not be copied.
      const stream = current;
      stream.parts.push(endsStream && stream.length === 0 ? bytes : Uint8Array.from(bytes));
      const taken = { stream, at: stream.length };
      stream.length += bytes.length;
      if (endsStream) end();
      return taken;
    },
    differ: ({ stream, at }, bytes, source) => stream.differences.push(...differencesOf(bytes, source, at)),
    settle: judge,
    isWrong: () => {
      end();
      judge();
      return isWrong;
    },
  };
}
