/**
 * Bytes of an RLE frame that are no pixels (PS3.5 Annex G): gaps before segments, what follows the last run of a segment,
 * and what a last run writes beyond the plane. Each segment is followed to the end of its pixels.
 */
import { fill, type Patches } from './patch.ts';

const headerBytes = 64;
const mostSegments = 15;

/** What the runs of one frame decode to: composite pixels cut into planes of bytes (section G.2). */
export interface RlePlanes {
  /** Segments: samples per pixel times bytes per sample. */
  readonly count: number;
  readonly bytesEach: number;
}

/** The runs of a segment. */
interface Runs {
  /** First byte behind the runs that make the plane. */
  readonly end: number;
  /** First byte that the last run writes beyond the plane; `end` where it writes none, or repeats one byte. */
  readonly excess: number;
}

/** Follows runs until they make `wanted` bytes; undefined where the segment ends before. */
function followRuns(stream: Uint8Array, start: number, limit: number, wanted: number): Runs | undefined {
  let at = start;
  let made = 0;
  let excess = 0;
  while (made < wanted) {
    const control = stream[at];
    if (control === undefined || at >= limit) return undefined;
    if (control === 0x80) {
      at += 1;
    } else if (control < 0x80) {
      made += control + 1;
      at += control + 2;
      excess = Math.max(0, made - wanted);
    } else {
      made += 257 - control;
      at += 2;
    }
  }
  return at <= limit ? { end: at, excess: at - excess } : undefined;
}

/** Patches of one frame; undefined where its segments are not those of `planes`. */
export function cleanRle(stream: Uint8Array, planes: RlePlanes): Patches | undefined {
  if (stream.length < headerBytes || planes.bytesEach < 1) return undefined;
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  const count = bytes.readUInt32LE(0);
  if (count < 1 || count > mostSegments || count !== planes.count) return undefined;
  const offsets = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(4 + index * 4));
  const patches: Patches[number][] = [...fill(stream, 4 + count * 4, headerBytes, 0)];
  let filledTo = headerBytes;
  for (const [index, start] of offsets.entries()) {
    const end = offsets[index + 1] ?? stream.length;
    if (start < filledTo || end > stream.length || end < start) return undefined;
    const runs = followRuns(stream, start, end, planes.bytesEach);
    if (runs === undefined) return undefined;
    if (index === 0) patches.push(...fill(stream, filledTo, start, 0));
    patches.push(...fill(stream, runs.excess, runs.end, 0));
    if (end - runs.end > 1) patches.push(...fill(stream, runs.end, end, 0));
    filledTo = end;
  }
  return patches;
}
