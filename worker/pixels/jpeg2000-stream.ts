/**
 * Text in JPEG 2000 and HTJ2K streams (ISO/IEC 15444-1 Annex A): comments in main and tile-part headers, boxes around the
 * code stream, bytes behind its end.
 */
import { readBoxes } from './boxes.ts';
import { endsInText, fill, isEncoderComment, type Patches, zeroSlack } from './patch.ts';

const startOfCodestream = 0xff4f;
const startOfTilePart = 0xff90;
const startOfData = 0xff93;
const endOfCodestream = 0xffd9;
const commentMarker = 0xff64;

/** Boxes of a JP2 file that describe the image; all others may hold anything (ISO/IEC 15444-1 Annex I). */
const imageBoxes: ReadonlySet<string> = new Set(['jP  ', 'ftyp']);
const headerBoxes: ReadonlySet<string> = new Set(['ihdr', 'bpcc', 'colr', 'pclr', 'cmap', 'cdef', 'res ']);

export function cleanJpeg2000(stream: Uint8Array): Patches | undefined {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  if (bytes.length >= 2 && bytes.readUInt16BE(0) === startOfCodestream)
    return cleanCodestream(bytes, 0, bytes.length);
  const boxes = readBoxes(stream, 0, stream.length);
  if (boxes === undefined || boxes[0]?.type !== 'jP  ') return undefined;
  const patches: Patches[number][] = [];
  for (const { type, payloadStart, end } of boxes) {
    if (type === 'jp2c' || type === 'jp2h') {
      const clean = type === 'jp2c' ? cleanCodestream : cleanHeaderBox;
      const inner = clean(bytes, payloadStart, end);
      if (inner === undefined) return undefined;
      patches.push(...inner);
    } else if (!imageBoxes.has(type)) patches.push(...fill(stream, payloadStart, end, 0));
  }
  return boxes.some(({ type }) => type === 'jp2c') ? patches : undefined;
}

/** The JP2 header is a box of boxes (section I.5.3). */
function cleanHeaderBox(bytes: Buffer, start: number, end: number): Patches | undefined {
  return readBoxes(bytes, start, end)?.flatMap((inner) =>
    headerBoxes.has(inner.type) ? [] : fill(bytes, inner.payloadStart, inner.end, 0),
  );
}

/** Bits of a sample of the first component, as the SIZ segment says; undefined for streams within boxes. */
export function jpeg2000Precision(stream: Uint8Array): number | undefined {
  const ssiz = stream[42];
  const begins = stream[0] === 0xff && stream[1] === 0x4f && stream[2] === 0xff && stream[3] === 0x51;
  return begins && ssiz !== undefined ? (ssiz & 0x7f) + 1 : undefined;
}

/** Where a tile-part ends: Psot bytes from its first, or with Psot 0 before the end marker. */
function tilePartEnd(bytes: Buffer, start: number, end: number): number | undefined {
  if (start + 12 > end) return undefined;
  const length = bytes.readUInt32BE(start + 6);
  if (length === 0) {
    const last = bytes.subarray(0, end).lastIndexOf(Buffer.from([0xff, 0xd9]));
    return last < start ? end : last;
  }
  return start + length > end ? undefined : start + length;
}

function cleanCodestream(bytes: Buffer, start: number, end: number): Patches | undefined {
  if (start + 2 > end || bytes.readUInt16BE(start) !== startOfCodestream) return undefined;
  const patches: Patches[number][] = [];
  let at = start + 2;
  let sawTilePart = false;
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
      sawTilePart = true;
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
  // Without the end marker the last tile-part goes on to the end of the stream.
  const isWhole = tileEnd === undefined && sawTilePart && !endsInText(bytes.subarray(start, end));
  return isWhole ? patches : undefined;
}
