/** Bytes behind the segments of an RLE frame (PS3.5 Annex G): each segment is followed to the end of its pixels. */
import { fill, type Patches } from './patch.ts';

const headerBytes = 64;
const mostSegments = 15;

/** First byte behind the runs that make `pixels` bytes; undefined where the segment ends before. */
function endOfRuns(stream: Uint8Array, start: number, end: number, pixels: number): number | undefined {
  let at = start;
  let made = 0;
  while (made < pixels) {
    const control = stream[at];
    if (control === undefined || at >= end) return undefined;
    if (control === 0x80) {
      at += 1;
    } else if (control < 0x80) {
      made += control + 1;
      at += control + 2;
    } else {
      made += 257 - control;
      at += 2;
    }
  }
  return at <= end ? at : undefined;
}

/** Patches of one frame whose planes have `pixels` bytes each. */
export function cleanRle(stream: Uint8Array, pixels: number): Patches | undefined {
  if (stream.length < headerBytes) return undefined;
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  const count = bytes.readUInt32LE(0);
  if (count < 1 || count > mostSegments) return undefined;
  const offsets = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(4 + index * 4));
  const patches: Patches[number][] = [...fill(stream, 4 + count * 4, headerBytes, 0)];
  for (const [index, start] of offsets.entries()) {
    const end = offsets[index + 1] ?? stream.length;
    if (start < headerBytes || end > stream.length || end < start) return undefined;
    const used = endOfRuns(stream, start, end, pixels);
    if (used === undefined) return undefined;
    if (end - used > 1) patches.push(...fill(stream, used, end, 0));
  }
  return patches;
}
