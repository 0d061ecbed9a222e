/** Bytes of an open object in pieces, for bodies that are too large to hold. */
import type { ByteSource } from '../bytes/byte-source.ts';

/** Bytes read at once. */
export const chunkBytes = 4 * 1024 * 1024;

/** The bytes `[start, end)` of a source in chunks, owned by the caller. */
export async function* rangeChunks(
  source: ByteSource,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += chunkBytes) {
    yield await source.read(at, Math.min(chunkBytes, end - at));
  }
}
