import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReadyKeys } from './ready-keys.ts';

function all(keys: ReadyKeys): readonly string[] {
  const taken: string[] = [];
  for (let key = keys.shift(); key !== undefined; key = keys.shift()) taken.push(key);
  return taken;
}

test('the two lines are served by turns, each in its order, and one alone without waiting', () => {
  const keys = new ReadyKeys();
  for (const key of ['a', 'b', 'c', 'd']) keys.add(key, 'regular');
  for (const key of ['x', 'y']) keys.add(key, 'express');
  assert.equal(keys.size, 6);
  assert.deepEqual(all(keys), ['x', 'a', 'y', 'b', 'c', 'd']);
});

test('a key stands in one line: it may change to the express line, and not back', () => {
  const keys = new ReadyKeys();
  for (const key of ['a', 'b', 'c']) keys.add(key, 'regular');
  keys.add('c', 'express');
  keys.add('c', 'regular');
  assert.equal(keys.size, 3);
  assert.deepEqual(all(keys), ['c', 'a', 'b']);
});
