/** Boxes of the ISO base media format as JP2, JPEG XL and MP4 use them: length, four-letter type, payload. */

export interface Box {
  readonly type: string;
  /** First byte of the box. */
  readonly start: number;
  readonly payloadStart: number;
  readonly end: number;
}

const headerLength = 8;
const longHeaderLength = 16;

/** The boxes of `[start, end)`, up to fewer zeros than a box needs; undefined where their lengths do not add up. */
export function readBoxes(stream: Uint8Array, start: number, end: number): readonly Box[] | undefined {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  const boxes: Box[] = [];
  let at = start;
  while (at < end) {
    if (at + headerLength > end) {
      // Padding to even length, or of a fragment.
      if (bytes.subarray(at, end).every((byte) => byte === 0)) break;
      return undefined;
    }
    const short = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const isLong = short === 1;
    if (isLong && at + longHeaderLength > end) return undefined;
    const length = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? end - at : short;
    const payloadStart = at + (isLong ? longHeaderLength : headerLength);
    if (at + length < payloadStart || at + length > end) return undefined;
    boxes.push({ type, start: at, payloadStart, end: at + length });
    at += length;
  }
  return boxes;
}
