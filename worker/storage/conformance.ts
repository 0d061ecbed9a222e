/** The one suite that every store passes. An implementation's own test file opens a store and calls it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareKeys } from './key-bytes.ts';
import type { Body, Storage } from './storage.ts';
import { StorageError, type StorageErrorCode } from './storage-error.ts';

/** How a suite gets at a store. Every call of `open` with no argument gives an empty one of its own. */
export interface StorageFixture {
  open(): Promise<Storage>;
  /** A second handle on a store, as another process would have it. */
  reopen(storage: Storage): Promise<Storage>;
  /** Replaces the bytes of an object behind the store's back, as another program would. */
  overwrite(storage: Storage, key: string, bytes: Uint8Array): Promise<void>;
}

/** Keys that stores get wrong, all in one namespace: none is a folder of another. */
const oddKeys = [
  'a b',
  'a+b%20',
  'a.b',
  'a/b',
  'a0',
  'comma,colon;quote\'s"',
  'deep/er/and/deeper/still.dcm',
  'line\nbreak',
  'trailing ',
  '#?&=*[x]{y}',
  'back\\slash',
  'Ä',
  'ä',
  'ﬁ',
  '\u{1f9ec}',
  '日本/患者',
  `long/${'x'.repeat(200)}`,
];

export function bodyOf(bytes: Uint8Array, pieces = 1): Body {
  const step = Math.max(1, Math.ceil(bytes.length / pieces));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += step) chunks.push(bytes.subarray(at, at + step));
  return { size: bytes.length, chunks };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The whole object as bytes. */
export async function readAll(storage: Storage, key: string): Promise<Uint8Array> {
  const object = await storage.open(key);
  try {
    return await object.read(0, object.size);
  } finally {
    await object.close();
  }
}

async function listAll(storage: Storage, prefix: string, limit: number): Promise<string[]> {
  const keys: string[] = [];
  let continuation: string | undefined;
  do {
    const page = await storage.list(prefix, {
      limit,
      ...(continuation === undefined ? {} : { continuation }),
    });
    assert.ok(page.objects.length <= limit);
    keys.push(...page.objects.map((object) => object.key));
    continuation = page.continuation;
  } while (continuation !== undefined);
  return keys;
}

async function rejectsWith(code: StorageErrorCode, act: () => Promise<unknown>): Promise<void> {
  await assert.rejects(act, (error) => error instanceof StorageError && error.code === code);
}

export function testStorage(name: string, fixture: StorageFixture): void {
  const check = (title: string, act: (storage: Storage) => Promise<void>) =>
    test(`${name}: ${title}`, async () => act(await fixture.open()));

  check('what is created comes back whole and by range', async (storage) => {
    assert.equal(await storage.create('folder/object', bodyOf(bytesOf('0123456789'), 3)), 'created');
    assert.deepEqual(Buffer.from(await readAll(storage, 'folder/object')).toString(), '0123456789');
    const object = await storage.open('folder/object');
    const target = new Uint8Array(3);
    await object.readInto(4, target);
    assert.deepEqual([...target], [...bytesOf('456')]);
    await assert.rejects(() => object.read(8, 3), RangeError);
    await object.close();
  });

  check('an empty object is an object', async (storage) => {
    assert.equal(await storage.create('empty', bodyOf(new Uint8Array())), 'created');
    assert.equal((await storage.stat('empty'))?.size, 0);
    assert.equal((await readAll(storage, 'empty')).length, 0);
  });

  check('a body of another size than it says is stored nowhere', async (storage) => {
    await rejectsWith('Fault', () => storage.create('wrong', { size: 5, chunks: [bytesOf('1234')] }));
    assert.equal(await storage.stat('wrong'), undefined);
    assert.deepEqual(await listAll(storage, '', 10), []);
  });

  check('a body that fails half-way is stored nowhere', async (storage) => {
    const failing = async function* () {
      yield bytesOf('12');
      assert.deepEqual(await listAll(storage, '', 10), []);
      assert.equal(await storage.stat('half'), undefined);
      throw new RangeError('the source fails');
    };
    await assert.rejects(() => storage.create('half', { size: 4, chunks: failing() }), RangeError);
    assert.deepEqual(await listAll(storage, '', 10), []);
  });

  check('create never touches an object that is there', async (storage) => {
    await storage.create('key', bodyOf(bytesOf('first')));
    const before = await storage.stat('key');
    assert.equal(await storage.create('key', bodyOf(bytesOf('second'))), 'exists');
    assert.deepEqual(await storage.stat('key'), before);
    assert.equal(Buffer.from(await readAll(storage, 'key')).toString(), 'first');
  });

  check('of eight writers of one key exactly one wins', async (storage) => {
    const handles = await Promise.all(Array.from({ length: 8 }, () => fixture.reopen(storage)));
    const results = await Promise.all(
      handles.map((handle, index) =>
        handle.create('race/key', bodyOf(new Uint8Array(100_000).fill(index), 7)),
      ),
    );
    assert.equal(results.filter((result) => result === 'created').length, 1);
    const bytes = await readAll(storage, 'race/key');
    assert.ok(bytes.every((byte) => byte === results.indexOf('created')));
  });

  check('listing pages through keys in the order of their UTF-8 bytes', async (storage) => {
    for (const key of oddKeys) await storage.create(key, bodyOf(bytesOf(key)));
    const expected = [...oddKeys].sort(compareKeys);
    for (const limit of [1, 2, 3, 1000]) assert.deepEqual(await listAll(storage, '', limit), expected);
    for (const key of oddKeys) assert.equal(Buffer.from(await readAll(storage, key)).toString(), key);
  });

  check('listing a prefix gives the keys that start with it', async (storage) => {
    for (const key of ['ab', 'a/1', 'a/2', 'a/b/3', 'b/1', 'ac/1'])
      await storage.create(key, bodyOf(bytesOf('x')));
    assert.deepEqual(await listAll(storage, 'a/', 2), ['a/1', 'a/2', 'a/b/3']);
    assert.deepEqual(await listAll(storage, 'a', 2), ['a/1', 'a/2', 'a/b/3', 'ab', 'ac/1']);
    assert.deepEqual(await listAll(storage, 'a/b/3', 2), ['a/b/3']);
    assert.deepEqual(await listAll(storage, 'none/such', 2), []);
  });

  check('a listing goes on from its continuation in another process', async (storage) => {
    for (const key of ['1', '2/x', '2/y', '3']) await storage.create(key, bodyOf(bytesOf('x')));
    const first = await storage.list('', { limit: 2 });
    assert.ok(first.continuation !== undefined);
    const other = await fixture.reopen(storage);
    const second = await other.list('', { limit: 5, continuation: first.continuation });
    assert.deepEqual(
      second.objects.map((object) => object.key),
      ['2/y', '3'],
    );
  });

  check('stat and listing agree, and a version pins the bytes', async (storage) => {
    await storage.create('pinned', bodyOf(bytesOf('before')));
    const listed = (await storage.list('')).objects[0];
    assert.deepEqual(await storage.stat('pinned'), listed);
    const open = await storage.open('pinned', listed?.version);
    assert.equal(open.version, listed?.version);
    await fixture.overwrite(storage, 'pinned', bytesOf('behind'));
    await rejectsWith('SourceChanged', () => open.read(0, 6));
    await open.close();
    await rejectsWith('SourceChanged', () => storage.open('pinned', listed?.version));
    await storage.remove('pinned');
    await rejectsWith('NotFound', () => storage.open('pinned', listed?.version));
  });

  check('removing is idempotent', async (storage) => {
    await storage.create('gone/soon', bodyOf(bytesOf('x')));
    await storage.remove('gone/soon');
    await storage.remove('gone/soon');
    await storage.remove('never/there');
    assert.equal(await storage.stat('gone/soon'), undefined);
    assert.equal(await storage.create('gone/soon', bodyOf(bytesOf('y'))), 'created');
  });

  check('keys that lead elsewhere are refused', async (storage) => {
    for (const key of ['', '.', '..', '../a', 'a/../b', 'a/./b', 'a\0b', '\ud800']) {
      await rejectsWith('InvalidKey', () => storage.create(key, bodyOf(bytesOf('x'))));
      await rejectsWith('InvalidKey', () => storage.open(key));
      await rejectsWith('InvalidKey', () => storage.stat(key));
      await rejectsWith('InvalidKey', () => storage.remove(key));
    }
  });

  check(
    'keys with empty segments are not written, whether or not the store can read them',
    async (storage) => {
      for (const key of ['/a', 'a/', 'a//b']) {
        await rejectsWith('InvalidKey', () => storage.create(key, bodyOf(bytesOf('x'))));
        await rejectsWith('InvalidKey', () => storage.remove(key));
      }
    },
  );

  testMultipart(check);
}

function testMultipart(check: (title: string, act: (storage: Storage) => Promise<void>) => void): void {
  check('an object made of parts appears when it is completed', async (storage) => {
    const size = storage.capabilities.minimumPartSize;
    const upload = await storage.createMultipartUpload('parts/object');
    const second = await storage.uploadPart('parts/object', upload, 2, bodyOf(bytesOf('end')));
    const first = await storage.uploadPart('parts/object', upload, 1, bodyOf(new Uint8Array(size).fill(65)));
    assert.deepEqual(await storage.listParts('parts/object', upload), [first, second]);
    assert.equal(await storage.stat('parts/object'), undefined);
    assert.deepEqual(await listAll(storage, '', 10), []);
    assert.equal(await storage.completeMultipartUpload('parts/object', upload, [first, second]), 'created');
    const bytes = Buffer.from(await readAll(storage, 'parts/object'));
    assert.equal(bytes.length, size + 3);
    assert.equal(bytes.subarray(size).toString(), 'end');
  });

  check('a part can be sent again, and copied from a range of an object', async (storage) => {
    await storage.create('source', bodyOf(bytesOf('0123456789')));
    const version = (await storage.stat('source'))?.version ?? '';
    const upload = await storage.createMultipartUpload('target');
    await storage.uploadPart('target', upload, 1, bodyOf(bytesOf('first try')));
    const range = { storage, key: 'source', version, start: 2, end: 6 };
    const copied = await storage.uploadPartCopy('target', upload, 1, range);
    assert.equal(copied.size, 4);
    assert.equal(await storage.completeMultipartUpload('target', upload, [copied]), 'created');
    assert.equal(Buffer.from(await readAll(storage, 'target')).toString(), '2345');
    const stale = { ...range, version: `${version}0` };
    const next = await storage.createMultipartUpload('next');
    await rejectsWith('SourceChanged', () => storage.uploadPartCopy('next', next, 1, stale));
    await storage.abortMultipartUpload('next', next);
  });

  check('completing never touches an object that is there', async (storage) => {
    await storage.create('taken', bodyOf(bytesOf('first')));
    const upload = await storage.createMultipartUpload('taken');
    const part = await storage.uploadPart('taken', upload, 1, bodyOf(bytesOf('second')));
    assert.equal(await storage.completeMultipartUpload('taken', upload, [part]), 'exists');
    assert.equal(Buffer.from(await readAll(storage, 'taken')).toString(), 'first');
    await storage.abortMultipartUpload('taken', upload);
  });

  check('an aborted upload is gone, and aborting it again is no error', async (storage) => {
    const upload = await storage.createMultipartUpload('aborted');
    const part = await storage.uploadPart('aborted', upload, 1, bodyOf(bytesOf('x')));
    await storage.abortMultipartUpload('aborted', upload);
    await storage.abortMultipartUpload('aborted', upload);
    await rejectsWith('NotFound', () => storage.uploadPart('aborted', upload, 2, bodyOf(bytesOf('y'))));
    await rejectsWith('NotFound', () => storage.completeMultipartUpload('aborted', upload, [part]));
    assert.deepEqual(await listAll(storage, '', 10), []);
  });

  check('an upload belongs to its key', async (storage) => {
    const upload = await storage.createMultipartUpload('mine');
    await rejectsWith('NotFound', () => storage.uploadPart('other', upload, 1, bodyOf(bytesOf('x'))));
    await storage.abortMultipartUpload('mine', upload);
  });
}
