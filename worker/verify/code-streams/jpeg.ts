/** Walks JPEG (ISO/IEC 10918-1 Annex B) and JPEG-LS (ISO/IEC 14495-1 Annex C) streams, marker by marker. */
import type { FreeRange, FreeRanges } from './free-range.ts';

/** Application data that decoders ask for, by marker and beginning: so many bytes of the payload are no free ones. */
const applicationData: readonly (readonly [marker: number, begins: string, bytes: number])[] = [
  [0xe0, 'JFIF\0', 14],
  [0xee, 'Adobe', 12],
  [0xe8, 'mrfx', 5],
  [0xe8, 'SPIFF\0', 30],
  [0xe8, '\0\0\0\x01', 6],
];

function freeFrom(stream: Buffer, marker: number, start: number, end: number): number {
  const row = applicationData.find(
    ([own, begins]) => own === marker && stream.toString('latin1', start, start + begins.length) === begins,
  );
  return Math.min(end, start + (row?.[2] ?? 0));
}

/** COM, APPn, and markers that mean nothing: all but C0 to DF, JPEG-LS's F7 and F8, and those of hierarchies and tables. */
function isFree(marker: number): boolean {
  return (marker >= 0xe0 && marker !== 0xf7 && marker !== 0xf8) || marker < 0xc0;
}

/** The marker that ends the entropy-coded data behind `from`. */
function nextMarker(stream: Buffer, from: number, bitStuffed: boolean): number {
  for (
    let at = stream.indexOf(0xff, from);
    at >= 0 && at + 1 < stream.length;
    at = stream.indexOf(0xff, at)
  ) {
    const next = stream[at + 1] ?? 0;
    if (next === 0xff) at += 1;
    else if (next === 0 || (bitStuffed && next < 0x80) || (next >= 0xd0 && next <= 0xd7)) at += 2;
    else return at;
  }
  return stream.length;
}

/** One image or several in a row. */
export function walkJpeg(stream: Buffer, isJpegLs: boolean): FreeRanges {
  const free: FreeRange[] = [];
  let hasScan = false;
  let at = 0;
  if (stream.readUInt16BE(0) !== 0xffd8) return undefined;
  while (at + 2 <= stream.length) {
    if (stream[at] !== 0xff) return undefined;
    const marker = stream[at + 1] ?? 0;
    if (marker === 0xff) at += 1;
    else if (marker === 0xd8 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else if (marker === 0xd9) {
      at += 2;
      const next = stream[at] === 0 ? at + 1 : at;
      if (stream[next] === 0xff && stream[next + 1] === 0xd8) at = next;
      else return hasScan ? [...free, { start: at, end: stream.length, mayHold: 'blank' }] : undefined;
    } else {
      if (at + 4 > stream.length) return undefined;
      const end = at + 2 + stream.readUInt16BE(at + 2);
      if (end < at + 4 || end > stream.length) return undefined;
      if (isFree(marker)) free.push({ start: freeFrom(stream, marker, at + 4, end), end, mayHold: 'blank' });
      const isScan = marker === 0xda;
      hasScan ||= isScan;
      at = isScan ? nextMarker(stream, end, isJpegLs) : end;
    }
  }
  return hasScan ? free : undefined;
}
