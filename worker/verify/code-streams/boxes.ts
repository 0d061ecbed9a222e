/** Boxes of the ISO base media format (ISO/IEC 14496-12 section 4.2) as JP2 and JPEG XL have them. */

export interface StreamBox {
  readonly type: string;
  readonly start: number;
  readonly payload: number;
  readonly end: number;
}

/** The boxes of `[start, end)`; undefined where they do not fill it but for a few zeros. */
export function boxesOf(stream: Buffer, start: number, end: number): readonly StreamBox[] | undefined {
  const boxes: StreamBox[] = [];
  let at = start;
  while (end - at >= 8) {
    const size = stream.readUInt32BE(at);
    if (size === 1 && end - at < 16) return undefined;
    const length = size === 0 ? end - at : size === 1 ? Number(stream.readBigUInt64BE(at + 8)) : size;
    const payload = at + (size === 1 ? 16 : 8);
    if (at + length < payload || at + length > end) return undefined;
    boxes.push({ type: stream.toString('latin1', at + 4, at + 8), start: at, payload, end: at + length });
    at += length;
  }
  return stream.subarray(at, end).some((byte) => byte !== 0) ? undefined : boxes;
}
