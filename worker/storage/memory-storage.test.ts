import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, testStorage } from './conformance.ts';
import { createMemoryStorage } from './memory-storage.ts';
import { StorageError } from './storage-error.ts';

testStorage('memory', {
  open: async () => createMemoryStorage(),
  reopen: async (storage) => storage,
  overwrite: async (storage, key, bytes) => {
    await storage.remove(key);
    await storage.create(key, bodyOf(bytes));
  },
});

test('memory: a quota refuses what does not fit and stores nothing of it', async () => {
  const storage = createMemoryStorage({ quotaBytes: 10 });
  await storage.create('fits', bodyOf(new Uint8Array(8)));
  await assert.rejects(
    () => storage.create('too-much', bodyOf(new Uint8Array(3))),
    (error) => error instanceof StorageError && error.code === 'NoSpace' && !error.retryable,
  );
  assert.equal(await storage.stat('too-much'), undefined);
});
