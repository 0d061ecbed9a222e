/** How pixels are stored (PS3.3 section C.7.6.3), as the data set says that holds them. */
import type { FrameSize } from './code-streams/walk.ts';
import { bytesOf, elementIn, type ReadDataSet } from './read-element.ts';
import { textIn } from './values.ts';

export interface PixelGeometry {
  readonly frames: number;
  readonly bitsAllocated: number;
  readonly frame: FrameSize;
  /** Bytes of all frames; one-bit pixels are packed across frames. */
  readonly bytes: number;
  /** Bits of a sample that hold planes of overlays, which go (PS3.3 section C.9.2, retired use). */
  readonly overlayBits: number;
}

function short(root: ReadDataSet, tag: number): number | undefined {
  const element = elementIn(root, tag);
  if (element === undefined || element.end - element.start < 2) return undefined;
  return root.littleEndian ? bytesOf(element).readUInt16LE() : bytesOf(element).readUInt16BE();
}

/** The mask of the overlay planes that lie outside the stored bits and have no data of their own. */
function overlayBits(root: ReadDataSet, bitsAllocated: number): number {
  const bitsStored = short(root, 0x00280101) ?? bitsAllocated;
  const highBit = short(root, 0x00280102) ?? bitsStored - 1;
  let mask = 0;
  for (const { tag } of root.elements) {
    if ((tag & 0xff01ffff) >>> 0 !== 0x60000102) continue;
    const bit = short(root, tag);
    const hasData = elementIn(root, ((tag & 0xffff0000) | 0x3000) >>> 0) !== undefined;
    const isOutside = bit !== undefined && (bit > highBit || bit <= highBit - bitsStored);
    if (isOutside && !hasData && bit < bitsAllocated) mask |= 1 << bit;
  }
  return mask;
}

export function pixelGeometry(root: ReadDataSet): PixelGeometry {
  const bitsAllocated = short(root, 0x00280100) ?? 8;
  const samples = short(root, 0x00280002) ?? 1;
  const pixels = (short(root, 0x00280010) ?? 0) * (short(root, 0x00280011) ?? 0);
  const frames = Number.parseInt(textIn(root, 0x00280008), 10) || 1;
  // 4:2:2 stores two samples a pixel (PS3.3 section C.7.6.3.1.2).
  const samplesStored = textIn(root, 0x00280004).endsWith('_422') ? 2 : samples;
  const bits = pixels * samplesStored * bitsAllocated;
  return {
    frames,
    bitsAllocated,
    frame: {
      bytes: Math.ceil(bits / 8),
      planes:
        bitsAllocated === 1
          ? { count: samples, bytesEach: Math.ceil(pixels / 8) }
          : { count: samples * Math.ceil(bitsAllocated / 8), bytesEach: pixels },
    },
    bytes: Math.ceil((bits * frames) / 8),
    overlayBits: overlayBits(root, bitsAllocated),
  };
}

/** True where samples of the output are those of the source, but that planes of overlays and slack have become zeros. */
export function areSamplesKept(
  output: Uint8Array,
  source: Uint8Array,
  at: number,
  { bytes, bitsAllocated, overlayBits: mask }: PixelGeometry,
  littleEndian: boolean,
): boolean {
  const isWide = bitsAllocated === 16;
  for (let index = 0; index < output.length; index++) {
    const place = at + index;
    const one = output[index] ?? 0;
    if (place >= bytes) {
      // One byte behind the samples is padding.
      if (one !== 0 && place > bytes) return false;
      continue;
    }
    const isHigh = isWide && (place % 2 === 1) === littleEndian;
    const cleared = (isHigh ? mask >>> 8 : mask) & 0xff;
    if (one !== ((source[index] ?? 0) & ~cleared)) return false;
  }
  return true;
}
