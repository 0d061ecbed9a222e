/** Chooses how the code stream of a frame is cleaned, by codec. */
import type { Codec } from '../standards/transfer-syntaxes.ts';
import { cleanDeflatedFrame } from './deflated-frame.ts';
import { cleanJpeg, jpegPrecision } from './jpeg-stream.ts';
import { cleanJpegXl } from './jpeg-xl-stream.ts';
import { cleanJpeg2000, jpeg2000Precision } from './jpeg2000-stream.ts';
import { type Patches, zeroSlack } from './patch.ts';
import { cleanRle, type RlePlanes } from './rle-frame.ts';
import { cleanH264, cleanHevc, cleanMpeg2 } from './video-stream.ts';

/** What a frame measures uncompressed. */
export interface FrameSize {
  readonly bytes: number;
  readonly planes: RlePlanes;
}

/** Patches of the stream of one frame, or of a whole video; undefined where it cannot be followed. */
export function cleanStream(stream: Uint8Array, codec: Codec, frame: FrameSize): Patches | undefined {
  switch (codec) {
    case 'jpeg':
      return cleanJpeg(stream, false);
    case 'jpegLs':
      return cleanJpeg(stream, true);
    case 'jpeg2000':
      return cleanJpeg2000(stream);
    case 'jpegXl':
      return cleanJpegXl(stream);
    case 'rle':
      return cleanRle(stream, frame.planes);
    case 'mpeg2':
      return cleanMpeg2(stream);
    case 'mpeg4':
      return cleanH264(stream);
    case 'hevc':
      return cleanHevc(stream);
    case 'deflatedFrame':
      return cleanDeflatedFrame(stream, frame.bytes);
    case 'uncompressed':
      return stream.length >= frame.bytes ? zeroSlack(stream, frame.bytes) : undefined;
    default:
      return codec satisfies never;
  }
}

/**
 * Bits that the stream of a frame stores of each sample; undefined where that cannot be told. Planes above them are in no
 * stream.
 */
export function storedBits(stream: Uint8Array, codec: Codec): number | undefined {
  switch (codec) {
    case 'jpeg':
    case 'jpegLs':
      return jpegPrecision(stream);
    case 'jpeg2000':
      return jpeg2000Precision(stream);
    default:
      return undefined;
  }
}
