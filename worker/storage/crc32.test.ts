import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { crc32Base64, crc32Of, joinCrc32 } from './crc32.ts';

test('the CRC-32 of joined pieces is that of the whole', () => {
  const piece = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(piece, piece, (first, second) => {
      const whole = crc32(Buffer.concat([first, second]));
      assert.equal(joinCrc32(crc32(first), crc32(second), second.length), whole);
      assert.equal(crc32Of(crc32Base64(whole)), whole);
    }),
    { seed: 1 },
  );
});
