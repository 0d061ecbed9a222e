/** Compares what was read with the checksum that the store sent along. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32Of } from './crc32.ts';
import { StorageError } from './storage-error.ts';

/** The checksums of an answer that this version computes; those of parts end in a dash and their number. */
export interface StoredChecksums {
  readonly ChecksumSHA256?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
}

function ofWholeObject(text: string | undefined): string | undefined {
  return text === undefined || text.includes('-') ? undefined : text;
}

/** Throws a retryable `Fault` where the bytes of a whole object are not those that the store has. */
export function verifyChecksum(bytes: Uint8Array, sent: StoredChecksums): void {
  const sha256 = ofWholeObject(sent.ChecksumSHA256);
  const crc = ofWholeObject(sent.ChecksumCRC32);
  const same =
    sha256 !== undefined
      ? createHash('sha256').update(bytes).digest('base64') === sha256
      : crc === undefined || crc32(bytes) === crc32Of(crc);
  if (!same) throw new StorageError('Fault', { retryable: true, systemCode: 'ChecksumMismatch' });
}
