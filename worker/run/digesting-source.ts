/**
 * A byte source that computes the SHA-256 of the whole object while somebody else reads it, so that a large object need
 * not be read once more for its digest. Bytes that are skipped are read when a later place is asked for.
 */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../bytes/byte-source.ts';
import { rangeChunks } from '../storage/chunks.ts';

export interface DigestingSource extends ByteSource {
  /** Begins at the first byte; reads before this are not looked at. Call it where reading turns sequential. */
  startDigest(): void;
  /** SHA-256 of all bytes, lower-case hex. Reads those that nobody asked for. */
  digest(): Promise<string>;
}

export function digestingSource(source: ByteSource): DigestingSource {
  const hash = createHash('sha256');
  let started = false;
  /** Bytes `[0, hashed)` are in the digest. */
  let hashed = 0;

  const hashUpTo = async (end: number): Promise<void> => {
    for await (const chunk of rangeChunks(source, hashed, end)) hash.update(chunk);
    hashed = Math.max(hashed, end);
  };
  return {
    size: source.size,
    read: async (offset, length) => {
      const bytes = await source.read(offset, length);
      if (started && offset + length > hashed) {
        await hashUpTo(offset);
        hash.update(bytes.subarray(hashed - offset));
        hashed = offset + length;
      }
      return bytes;
    },
    startDigest: () => {
      started = true;
    },
    digest: async () => {
      await hashUpTo(source.size);
      return hash.digest('hex');
    },
  };
}
