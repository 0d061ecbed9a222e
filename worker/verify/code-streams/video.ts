/** Walks elementary video streams by their start codes (ISO/IEC 13818-2 section 6.2; ITU-T H.264 and H.265 Annex B). */
import type { FreeRange, FreeRanges } from './free-range.ts';

/** `[start, end)` of each unit behind its start code; undefined where the stream does not begin with one. */
function unitsOf(stream: Buffer): readonly (readonly [start: number, end: number])[] | undefined {
  const code = Buffer.of(0, 0, 1);
  const units: [number, number][] = [];
  let at = stream.indexOf(code);
  if (at < 0 || stream.subarray(0, at).some((byte) => byte !== 0)) return undefined;
  while (at >= 0) {
    const next = stream.indexOf(code, at + 3);
    units.push([at + 3, next < 0 ? stream.length : next]);
    at = next;
  }
  return units;
}

/** The free part of a unit begins so many bytes behind its start; undefined where all of it is needed. */
function walkUnits(stream: Buffer, freeBehind: (start: number) => number | undefined): FreeRanges {
  return unitsOf(stream)?.flatMap(([start, end]): FreeRange[] => {
    const header = freeBehind(start);
    return header === undefined || start + header >= end
      ? []
      : [{ start: start + header, end, mayHold: 'noText' }];
  });
}

/** User data and what stands behind the end of a sequence. */
export function walkMpeg2(stream: Buffer): FreeRanges {
  return walkUnits(stream, (start) => (stream[start] === 0xb2 || stream[start] === 0xb7 ? 1 : undefined));
}

const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Units that decoders read: slices, parameter sets, delimiters and those of extensions. */
const h264Units = new Set([...from(1, 5), ...from(7, 9), ...from(13, 15), ...from(19, 21)]);
const hevcUnits = new Set([...from(0, 9), ...from(16, 21), ...from(32, 35)]);

export function walkH264(stream: Buffer): FreeRanges {
  return walkUnits(stream, (start) => (h264Units.has((stream[start] ?? 0) & 0x1f) ? undefined : 1));
}

export function walkHevc(stream: Buffer): FreeRanges {
  return walkUnits(stream, (start) => (hevcUnits.has(((stream[start] ?? 0) >> 1) & 0x3f) ? undefined : 2));
}
