/** Bytes behind a deflated frame (PS3.5 section A.4.13): the stream itself says where it ends. */
import { inflateRawSync } from 'node:zlib';
import { type Patches, zeroSlack } from './patch.ts';

/** What zlib gives when asked for its `info`. */
interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** Patches of one frame; undefined where it does not inflate to `frameBytes`, a pad byte aside. */
export function cleanDeflatedFrame(stream: Uint8Array, frameBytes: number): Patches | undefined {
  try {
    const options = { maxOutputLength: Math.max(frameBytes, 1) + 1, info: true } as const;
    const { buffer, engine } = inflateRawSync(stream, options) as unknown as Inflated;
    return buffer.length < frameBytes ? undefined : zeroSlack(stream, engine.bytesWritten);
  } catch {
    return undefined;
  }
}
