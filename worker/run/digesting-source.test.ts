import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { residentSource } from '../bytes/byte-source.ts';
import { StorageError } from '../storage/storage-error.ts';
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

test('every byte is checked once and in order against what the store keeps', async () => {
  const checked: number[] = [];
  const source = digestingSource(residentSource(bytes), {
    update: (chunk) => void checked.push(...chunk),
    end: async () => assert.deepEqual(checked, [...bytes]),
  });
  source.startDigest();
  await source.read(100, 50);
  await source.read(20, 100);
  assert.equal(await source.digest(), sha256);
  assert.equal(checked.length, bytes.length);
});

test('a range that was read otherwise before the digest began is noticed', async () => {
  for (const [from, length] of [
    [0, 400],
    [37, 1],
    [399, 1],
  ] as const) {
    const resident = residentSource(bytes);
    let isWrong = true;
    const source = digestingSource({
      ...resident,
      read: async (offset, count) => {
        const read = Uint8Array.from(await resident.read(offset, count));
        if (isWrong) read[count - 1] = (read[count - 1] ?? 0) ^ 1;
        return read;
      },
    });
    await source.read(from, length);
    isWrong = false;
    source.startDigest();
    await assert.rejects(
      () => source.digest(),
      (error) => error instanceof StorageError && error.retryable,
    );
  }
});

test('a second reader gets the bytes read last without the store, whatever became of them', async () => {
  const asked: number[] = [];
  const source = digestingSource({
    size: bytes.length,
    read: async (offset, length) => {
      asked.push(offset);
      return Uint8Array.from(bytes.subarray(offset, offset + length));
    },
  });
  source.startDigest();
  (await source.read(0, 100)).fill(0);
  assert.deepEqual(Uint8Array.from(await source.again.read(20, 50)), bytes.subarray(20, 70));
  assert.deepEqual(asked, [0]);
  assert.deepEqual(Uint8Array.from(await source.again.read(90, 20)), bytes.subarray(90, 110));
  assert.deepEqual(asked, [0, 90]);
});
