/** Walks JPEG 2000 and HTJ2K streams (ISO/IEC 15444-1 Annexes A and I), bare or in the boxes of JP2. */
import { boxesOf } from './boxes.ts';
import type { FreeRange, FreeRanges } from './free-range.ts';

const soc = 0xff4f;
const sot = 0xff90;
const sod = 0xff93;
const eoc = 0xffd9;
const com = 0xff64;

/** Boxes that describe the image: of the file, and of its header box. */
const fileBoxes = new Set(['jP  ', 'ftyp']);
const headerBoxes = new Set(['ihdr', 'bpcc', 'colr', 'pclr', 'cmap', 'cdef', 'res ']);

function walkCodestream(stream: Buffer, start: number, end: number): FreeRanges {
  if (end - start < 2 || stream.readUInt16BE(start) !== soc) return undefined;
  const free: FreeRange[] = [];
  let at = start + 2;
  let tileEnd = 0;
  let hasTile = false;
  while (at + 2 <= end) {
    const marker = stream.readUInt16BE(at);
    if (marker === eoc) return [...free, { start: at + 2, end, mayHold: 'blank' }];
    if (marker === sod) {
      if (tileEnd <= at) return undefined;
      at = tileEnd;
      tileEnd = 0;
      hasTile = true;
      continue;
    }
    if (marker < 0xff00 || at + 4 > end) return undefined;
    const next = at + 2 + stream.readUInt16BE(at + 2);
    if (next < at + 4 || next > end) return undefined;
    if (marker === sot) {
      if (at + 12 > end) return undefined;
      const length = stream.readUInt32BE(at + 6);
      // Zero: the last tile-part, which goes on to the end of the code stream.
      const last = stream.lastIndexOf('\xff\xd9', end - 2, 'latin1');
      tileEnd = length === 0 ? (last > at ? last : end) : at + length;
      if (tileEnd > end) return undefined;
    } else if (marker === com) free.push({ start: Math.min(next, at + 6), end: next, mayHold: 'blank' });
    at = next;
  }
  return hasTile && tileEnd === 0 ? free : undefined;
}

export function walkJpeg2000(stream: Buffer): FreeRanges {
  if (stream.readUInt16BE(0) === soc) return walkCodestream(stream, 0, stream.length);
  const boxes = boxesOf(stream, 0, stream.length);
  if (boxes === undefined || boxes[0]?.type !== 'jP  ' || !boxes.some(({ type }) => type === 'jp2c'))
    return undefined;
  const free: FreeRange[] = [];
  for (const { type, payload, end } of boxes) {
    if (fileBoxes.has(type)) continue;
    if (type === 'jp2c') {
      const inner = walkCodestream(stream, payload, end);
      if (inner === undefined) return undefined;
      free.push(...inner);
    } else if (type === 'jp2h') {
      const inner = boxesOf(stream, payload, end);
      if (inner === undefined) return undefined;
      for (const box of inner)
        if (!headerBoxes.has(box.type)) free.push({ start: box.payload, end: box.end, mayHold: 'blank' });
    } else free.push({ start: payload, end, mayHold: 'blank' });
  }
  return free;
}
