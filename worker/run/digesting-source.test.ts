import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { residentSource } from '../bytes/byte-source.ts';
import { digestingSource } from './digesting-source.ts';

const bytes = Uint8Array.from({ length: 400 }, (_, index) => index * 31);
const sha256 = createHash('sha256').update(bytes).digest('hex');

test('the digest is that of the whole object, whatever was read before and after it began, in any order', async () => {
  const reads = fc.array(fc.tuple(fc.nat(400), fc.nat(400)));
  await fc.assert(
    fc.asyncProperty(reads, reads, async (before, after) => {
      const source = digestingSource(residentSource(bytes));
      const read = async ([a, b]: readonly [number, number]) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        assert.deepEqual(await source.read(from, to - from), bytes.subarray(from, to));
      };
      for (const range of before) await read(range);
      source.startDigest();
      for (const range of after) await read(range);
      assert.equal(await source.digest(), sha256);
    }),
    { seed: 1 },
  );
});
