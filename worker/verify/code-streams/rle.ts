/** Walks RLE frames (PS3.5 Annex G): the runs of each segment are followed to the end of its plane. */
import type { FreeRange, FreeRanges } from './free-range.ts';

const headerBytes = 64;

/** Segments of a frame: one for each byte of a composite pixel, of as many bytes as the frame has pixels. */
export interface Planes {
  readonly count: number;
  readonly bytesEach: number;
}

export function walkRle(stream: Buffer, { count, bytesEach }: Planes): FreeRanges {
  if (stream.length < headerBytes || count < 1 || count > 15 || stream.readUInt32LE(0) !== count)
    return undefined;
  const free: FreeRange[] = [{ start: 4 + 4 * count, end: headerBytes, mayHold: 'blank' }];
  let behind = headerBytes;
  for (let segment = 1; segment <= count; segment++) {
    const start = stream.readUInt32LE(4 * segment);
    const end = segment < count ? stream.readUInt32LE(4 * (segment + 1)) : stream.length;
    if (start < behind || end < start || end > stream.length) return undefined;
    free.push({ start: behind, end: start, mayHold: 'blank' });
    let at = start;
    let made = 0;
    let literalsEnd = 0;
    while (made < bytesEach) {
      if (at >= end) return undefined;
      const run = stream.readInt8(at);
      if (run >= 0) {
        made += run + 1;
        at += run + 2;
        literalsEnd = at;
      } else if (run === -128) at += 1;
      else {
        made += 1 - run;
        at += 2;
      }
    }
    if (at > end) return undefined;
    // What the last literal run writes beyond the plane, and what stands behind it.
    free.push({ start: literalsEnd === at ? at - (made - bytesEach) : at, end, mayHold: 'blank' });
    behind = end;
  }
  return free;
}
