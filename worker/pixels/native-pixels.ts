/** What may hide in native pixel data: bytes behind the last frame, and overlay planes in unused bits. */

/** How native pixels are stored (PS3.3 section C.7.6.3). */
export interface PixelFacts {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly frames: number;
  readonly photometricInterpretation: string;
}

/** Bytes of one frame; 4:2:2 formats store two chroma samples for two pixels (PS3.3 section C.7.6.3.1.2). */
export function frameBytes(facts: PixelFacts): number {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation } = facts;
  const samples = photometricInterpretation.endsWith('_422') ? 2 : samplesPerPixel;
  return (rows * columns * samples * bitsAllocated) / 8;
}

/** Bytes that the pixels of all frames take, without padding; one-bit pixels are packed across frames. */
export function pixelBytes(facts: PixelFacts): number {
  return Math.ceil(frameBytes(facts) * facts.frames);
}

/** A mask with the given overlay bits cleared; undefined where none of them lies outside the stored bits. */
export function overlayMask(facts: PixelFacts, bitPositions: readonly number[]): number | undefined {
  const lowest = facts.highBit - facts.bitsStored + 1;
  const outside = bitPositions.filter(
    (bit) => bit < facts.bitsAllocated && (bit > facts.highBit || bit < lowest),
  );
  if (outside.length === 0) return undefined;
  return outside.reduce((mask, bit) => mask & ~(1 << bit), 0xffff);
}

/** A copy of 8- or 16-bit samples with the mask applied; undefined where it changes nothing. */
export function maskSamples(
  bytes: Uint8Array,
  mask: number,
  bitsAllocated: 8 | 16,
  littleEndian: boolean,
): Uint8Array | undefined {
  const low = mask & 0xff;
  const high = (mask >>> 8) & 0xff;
  const evenMask = bitsAllocated === 8 || littleEndian ? low : high;
  const oddMask = bitsAllocated === 8 ? low : littleEndian ? high : low;
  const masked = Uint8Array.from(bytes);
  let changed = false;
  for (let at = 0; at < masked.length; at++) {
    const value = bytes[at] ?? 0;
    const kept = value & (at % 2 === 0 ? evenMask : oddMask);
    if (kept !== value) changed = true;
    masked[at] = kept;
  }
  return changed ? masked : undefined;
}
