/** Bytes behind a deflated frame (PS3.5 section A.4.13): the stream itself says where it ends. */
import { inflateRawSync } from 'node:zlib';
import { type Patches, zeroSlack } from './patch.ts';

/** Patches of one frame that inflates to at most `frameBytes`. */
export function cleanDeflatedFrame(stream: Uint8Array, frameBytes: number): Patches | undefined {
  try {
    const options = { maxOutputLength: Math.max(frameBytes, 1) + 1, info: true } as const;
    const { engine } = inflateRawSync(stream, options) as unknown as { engine: { bytesWritten: number } };
    return zeroSlack(stream, engine.bytesWritten);
  } catch {
    return undefined;
  }
}
