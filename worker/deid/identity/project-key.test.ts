import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { hmacInput } from './hmac-input.ts';
import { KeyError, type KeyErrorCode } from './key-error.ts';
import { keyFingerprint, newProjectKey, parseProjectKey, purposes } from './project-key.ts';

const material = Uint8Array.from({ length: 32 }, (_, index) => index * 7);

function assertRefused(file: Uint8Array, code: KeyErrorCode): void {
  assert.throws(
    () => parseProjectKey(file),
    (error) => error instanceof KeyError && error.code === code,
  );
}

test('a new key file is read as the bytes that were drawn', () => {
  const text = newProjectKey((length) => material.slice(0, length));
  const fingerprint = keyFingerprint(parseProjectKey(material));
  assert.equal(keyFingerprint(parseProjectKey(Buffer.from(text))), fingerprint);
  assert.equal(keyFingerprint(parseProjectKey(Buffer.from(`${text}\r\n \n`))), fingerprint);
});

test('white space at the end belongs to a binary key and not to a printable one', () => {
  const printable = Buffer.from('correct horse battery staple, correct horse');
  const fingerprint = keyFingerprint(parseProjectKey(printable));
  assert.equal(keyFingerprint(parseProjectKey(Buffer.concat([printable, Buffer.from('\n')]))), fingerprint);
  const binary = Buffer.concat([material, Buffer.from('\n')]);
  assert.notEqual(keyFingerprint(parseProjectKey(binary)), keyFingerprint(parseProjectKey(material)));
});

test('short, weak and damaged keys are refused by code', () => {
  assertRefused(new Uint8Array(), 'TooShort');
  assertRefused(material.slice(0, 31), 'TooShort');
  assertRefused(Buffer.from(`${'x7K'.repeat(10)}y${'\n'.repeat(20)}`), 'TooShort');
  assertRefused(new Uint8Array(64).fill(0x5a), 'Weak');
  assertRefused(Buffer.from('abc'.repeat(20)), 'Weak');
  assertRefused(Buffer.from(`deid-key-v1:${'!'.repeat(44)}`), 'Malformed');
  assertRefused(Buffer.from(`deid-key-v1:${Buffer.from(material).toString('base64')}`), 'Malformed');
});

test('a key shows nothing of itself', () => {
  const key = parseProjectKey(material);
  const shown = [
    String(key),
    JSON.stringify({ key }),
    inspect(key, { depth: 9, showHidden: true }),
    Object.keys(key).join(),
  ];
  const secrets = ['hex', 'base64', 'base64url', 'latin1'].map((encoding) =>
    Buffer.from(material)
      .toString(encoding as BufferEncoding)
      .slice(0, 6),
  );
  for (const text of shown) {
    for (const secret of secrets) assert.ok(!text.includes(secret));
  }
  assert.deepEqual(shown, ['[ProjectKey]', '{"key":"[ProjectKey]"}', '[ProjectKey]', '']);
});

test('no purpose begins like another, so no two share an HMAC input', () => {
  const inputs = Object.values(purposes).map((purpose) => Buffer.from(hmacInput([purpose])).toString('hex'));
  assert.equal(new Set(inputs).size, inputs.length);
  for (const one of inputs) {
    for (const other of inputs) assert.ok(one === other || !one.startsWith(other));
  }
});

test('fields do not flow into each other', () => {
  const lists = [
    ['a', 'b'],
    ['ab', ''],
    ['', 'ab'],
    ['ab'],
    ['a', 'b', ''],
    ['a\u0000', 'b'],
    ['a', '\u0000b'],
  ];
  const encoded = lists.map((fields) => Buffer.from(hmacInput(fields)).toString('hex'));
  assert.equal(new Set(encoded).size, lists.length);
});

test('derived keys differ by use and by key', () => {
  const key = parseProjectKey(material);
  const other = parseProjectKey(Buffer.from(material).reverse());
  const derived = [key.deriveKey('plan', 32), key.deriveKey('vault', 32), other.deriveKey('plan', 32)];
  assert.equal(new Set(derived.map((bytes) => bytes.toString('hex'))).size, 3);
});
