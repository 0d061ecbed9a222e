/**
 * Text in JPEG 2000 and HTJ2K streams (ISO/IEC 15444-1 Annex A): comments in main and tile-part headers, boxes around the
 * code stream, bytes behind its end.
 */
import { readBoxes } from './boxes.ts';
import { fill, isEncoderComment, type Patches, zeroSlack } from './patch.ts';

const startOfCodestream = 0xff4f;
const startOfTilePart = 0xff90;
const startOfData = 0xff93;
const endOfCodestream = 0xffd9;
const commentMarker = 0xff64;

/** Boxes of a JP2 file that describe the image; all others may hold anything (ISO/IEC 15444-1 Annex I). */
const imageBoxes: ReadonlySet<string> = new Set(['jP  ', 'ftyp', 'jp2h', 'jp2c']);

export function cleanJpeg2000(stream: Uint8Array): Patches | undefined {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  if (bytes.length >= 2 && bytes.readUInt16BE(0) === startOfCodestream)
    return cleanCodestream(bytes, 0, bytes.length);
  const boxes = readBoxes(stream, 0, stream.length);
  if (boxes === undefined || boxes[0]?.type !== 'jP  ') return undefined;
  const patches: Patches[number][] = [];
  for (const { type, payloadStart, end } of boxes) {
    if (type === 'jp2c') {
      const inner = cleanCodestream(bytes, payloadStart, end);
      if (inner === undefined) return undefined;
      patches.push(...inner);
    } else if (!imageBoxes.has(type)) patches.push(...fill(stream, payloadStart, end, 0));
  }
  return patches;
}

/** Where a tile-part ends: Psot bytes from its first, or with Psot 0 before the end marker. */
function tilePartEnd(bytes: Buffer, start: number, end: number): number | undefined {
  if (start + 12 > end) return undefined;
  const length = bytes.readUInt32BE(start + 6);
  if (length === 0) {
    const last = bytes.lastIndexOf(Buffer.from([0xff, 0xd9]), end);
    return last < start ? end : last;
  }
  return start + length > end ? undefined : start + length;
}

function cleanCodestream(bytes: Buffer, start: number, end: number): Patches | undefined {
  const patches: Patches[number][] = [];
  let at = start + 2;
  let tileEnd: number | undefined;
  while (at + 2 <= end) {
    const marker = bytes.readUInt16BE(at);
    if (marker === endOfCodestream) {
      const slack = zeroSlack(bytes.subarray(0, end), at + 2);
      return [...patches, ...slack];
    }
    if (marker === startOfData) {
      if (tileEnd === undefined) return undefined;
      at = tileEnd;
      tileEnd = undefined;
      continue;
    }
    if (marker < 0xff00 || at + 4 > end) return undefined;
    if (marker === startOfTilePart) {
      tileEnd = tilePartEnd(bytes, at, end);
      if (tileEnd === undefined) return undefined;
    }
    const segmentEnd = at + 2 + bytes.readUInt16BE(at + 2);
    if (segmentEnd > end || segmentEnd < at + 4) return undefined;
    // A comment's payload begins with two bytes that say whether it is text.
    if (marker === commentMarker && !isEncoderComment(bytes.subarray(at + 6, segmentEnd))) {
      patches.push(...fill(bytes, at + 6, segmentEnd, 0));
    }
    at = segmentEnd;
  }
  return tileEnd === undefined ? patches : undefined;
}
