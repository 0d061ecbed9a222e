/**
 * Builds code streams for tests: segments, boxes, runs and start codes in the right order around bytes that stand for
 * pixels. No stream decodes to a picture; what matters is where text can stand in it and what must not change.
 */
import assert from 'node:assert/strict';
import type { Patches } from '../../worker/pixels/patch.ts';

/** Bytes of characters of the same code. */
export function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** The stream under its patches, each of which must keep the length and lie within the stream. */
export function patched(stream: Uint8Array, patches: Patches | undefined): Buffer {
  assert.ok(patches !== undefined, 'the stream was not understood');
  const bytes = Buffer.from(stream);
  for (const { start, end, bytes: replacement } of patches) {
    assert.equal(replacement.length, end - start, 'a patch keeps the length');
    assert.ok(start >= 0 && end <= bytes.length, 'a patch lies within the stream');
    bytes.set(replacement, start);
  }
  return bytes;
}

const marker = (code: number): Buffer => Buffer.of(0xff, code);

/** A marker segment of JPEG or JPEG-LS: marker, length, payload (ISO/IEC 10918-1 section B.1.1.4). */
export function jpegSegment(code: number, payload: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length + 2);
  return Buffer.concat([marker(code), length, payload]);
}

/** A scan of one component: its header, then entropy-coded bytes. */
export function jpegScan(entropyCoded: Uint8Array): Buffer {
  return Buffer.concat([jpegSegment(0xda, Buffer.of(1, 1, 0, 0, 63, 0)), entropyCoded]);
}

export const jpegFrameHeader: Buffer = jpegSegment(0xc0, Buffer.of(8, 0, 1, 0, 1, 1, 1, 0x11, 0));
export const jpegTable: Buffer = jpegSegment(0xdb, Buffer.alloc(65, 1));
/** Entropy-coded bytes with a stuffed zero and restart markers in them. */
export const jpegEntropy: Buffer = Buffer.of(0x3f, 0xff, 0x00, 0x12, 0xff, 0xd0, 0x7a, 0xff, 0xd7, 0x01);

/** A JPEG image with extra segments behind its start and bytes behind its end. */
export function jpeg(extra: readonly Uint8Array[] = [], behind: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([
    marker(0xd8),
    ...extra,
    jpegTable,
    jpegFrameHeader,
    jpegScan(jpegEntropy),
    marker(0xd9),
    behind,
  ]);
}

/** A JPEG 2000 marker segment (ISO/IEC 15444-1 section A.1). */
export function j2kSegment(code: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(code, 0);
  header.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([header, payload]);
}

/** A comment: registration 1 says that it is Latin text (section A.9.2). */
export function j2kComment(text: string): Buffer {
  return j2kSegment(0xff64, Buffer.concat([Buffer.of(0, 1), ascii(text)]));
}

/** A tile-part; `psot` is its length unless another is given. */
export function j2kTilePart(headerSegments: readonly Uint8Array[], data: Uint8Array, psot?: number): Buffer {
  const rest = Buffer.concat([...headerSegments, Buffer.of(0xff, 0x93), data]);
  const start = Buffer.alloc(10);
  start.writeUInt16BE(0xff90, 0);
  start.writeUInt16BE(10, 2);
  start.writeUInt32BE(psot ?? rest.length + 12, 6);
  return Buffer.concat([start, Buffer.of(0, 1), rest]);
}

/** A code stream: main header, tile-parts, end. */
export function j2kCodestream(
  headerSegments: readonly Uint8Array[],
  tileParts: readonly Uint8Array[],
  behind: Uint8Array = Buffer.alloc(0),
): Buffer {
  const size = j2kSegment(0xff51, Buffer.alloc(39, 1));
  return Buffer.concat([
    Buffer.of(0xff, 0x4f),
    size,
    ...headerSegments,
    ...tileParts,
    Buffer.of(0xff, 0xd9),
    behind,
  ]);
}

/** A box: length, type, payload (ISO/IEC 15444-1 section I.4); `long` uses the 64-bit length, `open` length 0. */
export function box(type: string, payload: Uint8Array, form: 'short' | 'long' | 'open' = 'short'): Buffer {
  const header = Buffer.alloc(form === 'long' ? 16 : 8);
  header.write(type, 4, 'latin1');
  if (form === 'long') {
    header.writeUInt32BE(1, 0);
    header.writeBigUInt64BE(BigInt(payload.length + 16), 8);
  } else if (form === 'short') header.writeUInt32BE(payload.length + 8, 0);
  return Buffer.concat([header, payload]);
}

/** An RLE frame: header with the segments' offsets, then the segments (PS3.5 section G.5). */
export function rleFrame(segments: readonly Uint8Array[], gap: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(segments.length, 0);
  let offset = header.length + gap.length;
  segments.forEach((segment, index) => {
    header.writeUInt32LE(offset, 4 + index * 4);
    offset += segment.length;
  });
  return Buffer.concat([header, gap, ...segments]);
}

/** A unit of a video stream behind its start code. */
export function videoUnit(...bytes: readonly (number | Uint8Array)[]): Buffer {
  return Buffer.concat([
    Buffer.of(0, 0, 1),
    ...bytes.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)),
  ]);
}
