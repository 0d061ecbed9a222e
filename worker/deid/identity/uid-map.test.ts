import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProjectKey } from './project-key.ts';
import { createUidMap, uidRootError } from './uid-map.ts';

const key = parseProjectKey(Uint8Array.from({ length: 32 }, (_, index) => index));
const validUid = /^[0-2](?:\.(?:0|[1-9]\d*))+$/;
const roots = ['2.25', '1.2.826.0.1.3680043.8', '1.3.6.1.4.1.12345.67.8', '1.2'];

test('every text maps to a valid UID of at most 64 characters under every root', () => {
  for (const root of roots) {
    const map = createUidMap(key, root);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (uid) => {
        const mapped = map(uid);
        assert.match(mapped, validUid);
        assert.ok(mapped.startsWith(`${root}.`) && mapped.length <= 64);
      }),
      { seed: 1 },
    );
  }
});

test('under 2.25 the number is a UUID of version 8', () => {
  const map = createUidMap(key);
  for (let index = 0; index < 50; index++) {
    const uuid = BigInt(map(`1.2.${index}`).slice('2.25.'.length))
      .toString(16)
      .padStart(32, '0');
    assert.match(uuid, /^.{12}8.{3}[89ab].{15}$/);
  }
});

test('padding makes no difference, anything else does', () => {
  const map = createUidMap(key);
  for (const padded of ['1.2.3\0', '1.2.3 ', ' 1.2.3', '1.2.3\0\0']) assert.equal(map(padded), map('1.2.3'));
  for (const other of ['1.2.30', '1.2.03', '1.2. 3', '1.2.3.', '']) assert.notEqual(map(other), map('1.2.3'));
});

test('a small cache changes nothing', () => {
  const uids = Array.from({ length: 40 }, (_, index) => `1.2.${index % 13}`);
  const mapped = uids.map(createUidMap(key));
  for (const size of [0, 1, 5]) assert.deepEqual(uids.map(createUidMap(key, '2.25', size)), mapped);
});

test('another key gives other UIDs', () => {
  const other = parseProjectKey(Uint8Array.from({ length: 32 }, (_, index) => index + 1));
  assert.notEqual(createUidMap(key)('1.2.3'), createUidMap(other)('1.2.3'));
});

test('roots that leave less than 112 bits, or are none, are refused', () => {
  assert.equal(uidRootError('1.2.3456789.123456789.1234567'), undefined);
  assert.equal(uidRootError('1.2.3456789.123456789.12345678'), 'TooLong');
  for (const root of ['', '2', '3.1', '1.2.', '1.02', '1.2.x']) assert.equal(uidRootError(root), 'NotAnOid');
  assert.throws(() => createUidMap(key, '1.02'), RangeError);
});
