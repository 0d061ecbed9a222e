/** Compares what was read with the checksum that the store keeps of the whole object. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { crc32Base64 } from './crc32.ts';
import type { ContentCheck } from './storage.ts';
import { contentMismatch } from './storage-error.ts';

/** The checksums of an answer that are understood, in base64. */
export interface StoredChecksums {
  readonly ChecksumSHA256?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumCRC32C?: string | undefined;
}

/** A checksum that is being computed. */
interface Running {
  update(bytes: Uint8Array): void;
  /** In base64. */
  digest(): string | Promise<string>;
}

function runningSha256(): Running {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
}

function runningCrc32(): Running {
  let crc = 0;
  return {
    update: (bytes) => {
      crc = crc32(bytes, crc);
    },
    digest: () => crc32Base64(crc),
  };
}

function runningOf(checksum: Crc32c | Crc64Nvme): Running {
  return {
    update: (bytes) => checksum.update(bytes),
    digest: async () => Buffer.from(await checksum.digest()).toString('base64'),
  };
}

/** What is compared where a store has several: the fastest first, of which the last two cost ten times the others. */
const algorithms: readonly (readonly [name: keyof StoredChecksums, begin: () => Running])[] = [
  ['ChecksumCRC32', runningCrc32],
  ['ChecksumSHA256', runningSha256],
  ['ChecksumCRC64NVME', () => runningOf(new Crc64Nvme())],
  ['ChecksumCRC32C', () => runningOf(new Crc32c())],
];

/** Of parts and not of the whole is what ends in a dash and their number. */
function isOfWhole(text: string | undefined): text is string {
  return text !== undefined && !text.includes('-');
}

/** A comparison with the checksum of the whole object; undefined where the store has sent none that is understood. */
export function checkAgainst(sent: StoredChecksums): ContentCheck | undefined {
  for (const [name, begin] of algorithms) {
    const expected = sent[name];
    if (!isOfWhole(expected)) continue;
    const running = begin();
    return {
      update: (bytes) => running.update(bytes),
      end: async () => {
        if ((await running.digest()) !== expected) {
          throw contentMismatch();
        }
      },
    };
  }
  return undefined;
}

/** Throws a retryable `Fault` where the bytes of a whole object are not those that the store has. */
export async function verifyChecksum(bytes: Uint8Array, sent: StoredChecksums): Promise<void> {
  const check = checkAgainst(sent);
  check?.update(bytes);
  await check?.end();
}
