/**
 * Text in JPEG and JPEG-LS streams (ISO/IEC 10918-1 Annex B, 14495-1 Annex C): comments, application segments and bytes
 * behind the end of the image. What decoding needs of application segments stays.
 */
import { endsInText, fill, isEncoderComment, type Patches, zeroSlack } from './patch.ts';

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const comment = 0xfe;

/** Application segments that decoders read: marker, how the payload begins, and how many bytes of it stay. */
const keptApplicationData: readonly {
  readonly marker: number;
  readonly begins: string;
  readonly bytes: number;
}[] = [
  { marker: 0xe0, begins: 'JFIF\0', bytes: 14 },
  { marker: 0xee, begins: 'Adobe', bytes: 12 },
  { marker: 0xe8, begins: 'mrfx', bytes: 5 },
  { marker: 0xe8, begins: 'SPIFF\0', bytes: 30 },
  // The end of a SPIFF directory, without which it has none (ISO/IEC 10918-3 section F.2.2.3).
  { marker: 0xe8, begins: '\0\0\0\x01', bytes: 6 },
];

/** Markers without a meaning for images; F7 and F8 have one in JPEG-LS (ISO/IEC 10918-1 table B.1, 14495-1 table C.1). */
function isReserved(marker: number): boolean {
  return marker < 0xc0 || (marker >= 0xf0 && marker !== 0xf7 && marker !== 0xf8);
}

function keptBytes(marker: number, payload: Uint8Array): number {
  const kept = keptApplicationData.find(
    (entry) =>
      entry.marker === marker &&
      Buffer.from(payload.subarray(0, entry.begins.length)).toString('latin1') === entry.begins,
  );
  return kept?.bytes ?? 0;
}

/** First byte of the marker that ends the entropy-coded data at `at`; the end of the stream where none does. */
function endOfScan(stream: Uint8Array, at: number, isJpegLs: boolean): number {
  let position = at;
  for (;;) {
    position = stream.indexOf(0xff, position);
    if (position < 0 || position + 1 >= stream.length) return stream.length;
    const next = stream[position + 1] ?? 0;
    // JPEG stuffs a zero byte after FF, JPEG-LS a zero bit; restart markers belong to the scan in both.
    const isStuffed = isJpegLs ? next < 0x80 : next === 0;
    const isRestart = next >= 0xd0 && next <= 0xd7;
    if (next === 0xff) position += 1;
    else if (isStuffed || isRestart) position += 2;
    else return position;
  }
}

function cleanSegment(stream: Uint8Array, marker: number, start: number, end: number): Patches {
  const payload = stream.subarray(start, end);
  if (marker === comment) return isEncoderComment(payload) ? [] : fill(stream, start, end, 0);
  const isApplicationData = marker >= 0xe0 && marker <= 0xef;
  if (!isApplicationData) return isReserved(marker) ? fill(stream, start, end, 0) : [];
  return fill(stream, Math.min(end, start + keptBytes(marker, payload)), end, 0);
}

/** Where another image begins behind the end of one, at once or behind a pad byte. */
function nextImage(stream: Uint8Array, end: number): number | undefined {
  const start = stream[end] === 0 ? end + 1 : end;
  return stream[start] === 0xff && stream[start + 1] === startOfImage ? start : undefined;
}

/** Bits of a sample as the first frame header says; undefined where none is found. */
export function jpegPrecision(stream: Uint8Array): number | undefined {
  for (let at = 2; at + 4 < stream.length; ) {
    const marker = stream[at + 1] ?? 0;
    if (marker === 0xff) at += 1;
    else if (isFrameHeader(marker)) return stream[at + 4];
    else if (marker === startOfScan) return undefined;
    else at += 2 + (stream[at + 2] ?? 0) * 256 + (stream[at + 3] ?? 0);
  }
  return undefined;
}

/** SOF0 to SOF15 but the tables that stand between them, and SOF55 of JPEG-LS. */
function isFrameHeader(marker: number): boolean {
  const isTable = marker === 0xc4 || marker === 0xc8 || marker === 0xcc;
  return (marker >= 0xc0 && marker <= 0xcf && !isTable) || marker === 0xf7;
}

/** Patches of one or several images in a row; undefined where the stream breaks the syntax. */
export function cleanJpeg(stream: Uint8Array, isJpegLs: boolean): Patches | undefined {
  const patches: Patches[number][] = [];
  let at = 0;
  let sawScan = false;
  while (at + 1 < stream.length) {
    if (stream[at] !== 0xff) return undefined;
    const marker = stream[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
    } else if (marker === startOfImage || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
    } else if (marker === endOfImage) {
      at += 2;
      const next = nextImage(stream, at);
      if (next === undefined) return [...patches, ...zeroSlack(stream, at)];
      at = next;
    } else {
      const length = (stream[at + 2] ?? 0) * 256 + (stream[at + 3] ?? 0);
      const end = at + 2 + length;
      if (length < 2 || end > stream.length) return undefined;
      patches.push(...cleanSegment(stream, marker, at + 4, end));
      sawScan ||= marker === startOfScan;
      at = marker === startOfScan ? endOfScan(stream, end, isJpegLs) : end;
    }
  }
  // Encoders that leave out the end marker are common; without a scan there is no image.
  return sawScan && !endsInText(stream) ? patches : undefined;
}
