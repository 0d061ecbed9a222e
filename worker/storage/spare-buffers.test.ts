import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpareBuffers } from './spare-buffers.ts';

const mebibyte = 1024 * 1024;

test('what is given back is used again where it is large enough', () => {
  const spares = createSpareBuffers(4 * mebibyte);
  const first = spares.take(1000);
  assert.equal(first.length, 1000);
  const other = spares.take(1000);
  assert.notEqual(other.buffer, first.buffer);
  spares.giveBack(first);
  assert.notEqual(spares.take(2 * mebibyte).buffer, first.buffer);
  const again = spares.take(2000);
  assert.equal(again.length, 2000);
  assert.equal(again.buffer, first.buffer);
  assert.notEqual(spares.take(10).buffer, first.buffer);
});

test('no more is kept than may be', () => {
  const spares = createSpareBuffers(2 * mebibyte);
  const taken = [1, 2, 3].map(() => spares.take(mebibyte));
  for (const bytes of taken) spares.giveBack(bytes);
  const again = new Set([1, 2, 3].map(() => spares.take(mebibyte).buffer));
  assert.equal(taken.filter(({ buffer }) => again.has(buffer)).length, 2);
  assert.equal(spares.take(0).length, 0);
});
