/** What may hide in native pixel data: bytes behind the last frame, and overlay planes in unused bits. */

import type { RlePlanes } from './rle-frame.ts';

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

/** The planes of bytes that RLE cuts a frame into (PS3.5 section G.2); one-bit pixels are packed (section 8.2.2). */
export function rlePlanes({ rows, columns, samplesPerPixel, bitsAllocated }: PixelFacts): RlePlanes {
  const pixels = rows * columns;
  return bitsAllocated === 1
    ? { count: samplesPerPixel, bytesEach: Math.ceil(pixels / 8) }
    : { count: samplesPerPixel * Math.ceil(bitsAllocated / 8), bytesEach: pixels };
}

/** Those of the bit positions that lie outside the stored bits of a sample. */
export function bitsOutside(facts: PixelFacts, bitPositions: readonly number[]): readonly number[] {
  const lowest = facts.highBit - facts.bitsStored + 1;
  return bitPositions.filter((bit) => bit < facts.bitsAllocated && (bit > facts.highBit || bit < lowest));
}

/** A mask of 16 bits with the given ones cleared. */
export function maskOf(bits: readonly number[]): number {
  return bits.reduce((mask, bit) => mask & ~(1 << bit), 0xffff);
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
