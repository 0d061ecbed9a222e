/**
 * A byte source that computes the SHA-256 of the whole object while somebody else reads it, and checks it against what
 * the store keeps, so that a large object need not be read once more for either. Bytes that are skipped are read when a
 * later place is asked for.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ByteSource } from '../bytes/byte-source.ts';
import { rangeChunks } from '../storage/chunks.ts';
import type { ContentCheck } from '../storage/storage.ts';
import { contentMismatch } from '../storage/storage-error.ts';

export interface DigestingSource extends ByteSource {
  /** Begins at the first byte. Call it where reading turns sequential; what was read before is read again and compared. */
  startDigest(): void;
  /**
   * SHA-256 of all bytes, lower-case hex. Reads those that nobody asked for. Throws a retryable `Fault` where the store
   * keeps other bytes, or gave others before.
   */
  digest(): Promise<string>;
  /**
   * The same bytes for a second reader. What was read in the last two reads it gets from copies that were taken before the
   * first reader had it, so that the store need not send it twice; all else from the store. Two, since the first reader
   * may have asked for the next range before it hands this one on.
   */
  readonly again: ByteSource;
}

/** What was read before the digest began, by its CRC-32, and the CRC-32 of as much of it as has been read again. */
interface EarlyRead {
  readonly start: number;
  readonly end: number;
  readonly crc: number;
  again: number;
}

interface Copy {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

const noCopy: Copy = { buffer: Buffer.alloc(0), start: 0, end: 0 };

export function digestingSource(source: ByteSource, check?: ContentCheck): DigestingSource {
  const hash = createHash('sha256');
  const early: EarlyRead[] = [];
  let started = false;
  /** Bytes `[0, hashed)` are in the digest. */
  let hashed = 0;

  const take = (bytes: Uint8Array): void => {
    const end = hashed + bytes.length;
    hash.update(bytes);
    check?.update(bytes);
    for (const read of early) {
      if (read.start >= end || read.end <= hashed) continue;
      const same = bytes.subarray(Math.max(0, read.start - hashed), read.end - hashed);
      read.again = crc32(same, read.again);
    }
    hashed = end;
  };
  let [older, newer]: readonly [Copy, Copy] = [noCopy, noCopy];
  const remember = (offset: number, bytes: Uint8Array): void => {
    const buffer = older.buffer.length < bytes.length ? Buffer.allocUnsafeSlow(bytes.length) : older.buffer;
    buffer.set(bytes);
    [older, newer] = [newer, { buffer, start: offset, end: offset + bytes.length }];
  };
  const hashUpTo = async (end: number): Promise<void> => {
    for await (const chunk of rangeChunks(source, hashed, end)) take(chunk);
  };
  const note = async (offset: number, bytes: Uint8Array): Promise<void> => {
    const end = offset + bytes.length;
    if (!started) {
      early.push({ start: offset, end, crc: crc32(bytes), again: 0 });
      return;
    }
    remember(offset, bytes);
    if (end > hashed) {
      await hashUpTo(offset);
      take(bytes.subarray(hashed - offset));
    }
  };
  return {
    size: source.size,
    read: async (offset, length) => {
      const bytes = await source.read(offset, length);
      await note(offset, bytes);
      return bytes;
    },
    ...(source.readInto === undefined
      ? {}
      : {
          readInto: async (offset: number, target: Uint8Array) => {
            await source.readInto?.(offset, target);
            await note(offset, target);
          },
        }),
    again: {
      size: source.size,
      read: async (offset, length) => {
        const copy = [newer, older].find(({ start, end }) => offset >= start && offset + length <= end);
        return (
          copy?.buffer.subarray(offset - copy.start, offset - copy.start + length) ??
          source.read(offset, length)
        );
      },
    },
    startDigest: () => {
      started = true;
    },
    digest: async () => {
      await hashUpTo(source.size);
      await check?.end();
      if (early.some(({ crc, again }) => crc !== again)) throw contentMismatch();
      return hash.digest('hex');
    },
  };
}
