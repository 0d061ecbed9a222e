import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPlanCipher } from './plan-cipher.ts';
import { parseProjectKey } from './project-key.ts';

const key = parseProjectKey(Uint8Array.from({ length: 32 }, (_, index) => index));
const cipher = createPlanCipher(key);

test('every text opens again, and sealing twice gives the same bytes', () => {
  fc.assert(
    fc.property(fc.nat(), fc.string({ unit: 'grapheme' }), (ordinal, text) => {
      const sealed = cipher.seal(ordinal, text);
      assert.equal(createPlanCipher(key).seal(ordinal, text), sealed);
      assert.equal(cipher.open(ordinal, sealed), text);
    }),
    { seed: 1 },
  );
});

test('what was changed, belongs elsewhere or has another key does not open', () => {
  const sealed = cipher.seal(3, 'a/b/c');
  const other = createPlanCipher(parseProjectKey(Uint8Array.from({ length: 32 }, (_, index) => index + 1)));
  assert.equal(cipher.open(4, sealed), undefined);
  assert.equal(other.open(3, sealed), undefined);
  assert.equal(cipher.open(3, 'AAAA'), undefined);
  const bytes = Buffer.from(sealed, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8((changed.readUInt8(at) ^ 1) & 0xff, at);
    assert.equal(cipher.open(3, changed.toString('base64url')), undefined);
  }
});
