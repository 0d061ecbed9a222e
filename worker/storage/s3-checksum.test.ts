import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAgainst, type StoredChecksums, verifyChecksum } from './s3-checksum.ts';
import { StorageError } from './storage-error.ts';

/** Check values of `123456789`: CRC-32/ISO-HDLC, CRC-32/ISCSI, CRC-64/NVME and SHA-256, big endian. */
const bytes = Buffer.from('123456789');
const inBase64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const sums: readonly StoredChecksums[] = [
  { ChecksumCRC32: inBase64('cbf43926') },
  { ChecksumCRC32C: inBase64('e3069283') },
  { ChecksumCRC64NVME: inBase64('ae8b14860a799888') },
  { ChecksumSHA256: inBase64('15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225') },
];

const isMismatch = (error: unknown) =>
  error instanceof StorageError && error.retryable && error.systemCode === 'ChecksumMismatch';

test('bytes are held against each checksum that stores keep, whole or in pieces', async () => {
  for (const sent of sums) {
    await verifyChecksum(bytes, sent);
    await assert.rejects(() => verifyChecksum(Buffer.from('123456780'), sent), isMismatch);
    const check = checkAgainst(sent);
    assert.ok(check !== undefined);
    for (const at of [0, 3, 6]) check.update(bytes.subarray(at, at + 3));
    await check.end();
  }
});

test('a checksum of parts, or none, says nothing of the whole', async () => {
  assert.equal(checkAgainst({ ChecksumCRC32: `${inBase64('cbf43926')}-2` }), undefined);
  assert.equal(checkAgainst({}), undefined);
  await verifyChecksum(bytes, {});
});
