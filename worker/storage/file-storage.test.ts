import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bodyOf, readAll, testStorage } from './conformance.ts';
import { openFileStorage } from './file-storage.ts';
import type { Storage } from './storage.ts';
import { StorageError } from './storage-error.ts';

const scratch = mkdtempSync(join(tmpdir(), 'deid-storage-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const roots = new WeakMap<Storage, string>();
let count = 0;

function newRoot(): string {
  count += 1;
  const root = join(scratch, String(count));
  mkdirSync(root);
  return root;
}

function opened(root: string): Storage {
  const storage = openFileStorage({ root, writer: 'run.1', listingWindow: 3 });
  roots.set(storage, root);
  return storage;
}

function rootOf(storage: Storage): string {
  return roots.get(storage) ?? '';
}

testStorage('file', {
  open: async () => opened(newRoot()),
  reopen: async (storage) => opened(rootOf(storage)),
  overwrite: async (storage, key, bytes) => {
    writeFileSync(join(rootOf(storage), key), bytes);
    utimesSync(join(rootOf(storage), key), 1, 2);
  },
});

const bytes = new TextEncoder().encode('bytes');

test('file: symbolic links are neither listed nor followed, for reading and for writing', async () => {
  const outside = newRoot();
  writeFileSync(join(outside, 'secret'), 'secret');
  const root = newRoot();
  symlinkSync(outside, join(root, 'folder'));
  symlinkSync(join(outside, 'secret'), join(root, 'file'));
  const storage = opened(root);
  assert.deepEqual((await storage.list('')).objects, []);
  assert.deepEqual((await storage.list('folder/')).objects, []);
  for (const key of ['file', 'folder/secret']) {
    assert.equal(await storage.stat(key), undefined);
    await assert.rejects(() => storage.open(key), { code: 'NotFound' });
  }
  await assert.rejects(() => storage.create('folder/new', bodyOf(bytes)), { code: 'InvalidKey' });
  await assert.rejects(() => storage.create('folder/sub/new', bodyOf(bytes)), { code: 'InvalidKey' });
  await storage.remove('folder/secret');
  assert.deepEqual(readdirSync(outside), ['secret']);
});

test('file: a name that is not UTF-8 has a key and comes back exactly', async () => {
  const root = newRoot();
  const name = Buffer.from([0x61, 0xe4, 0x2e, 0xc3, 0xa4, 0xff]);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), bytes);
  const storage = opened(root);
  const listed = (await storage.list('')).objects[0];
  assert.ok(listed !== undefined);
  assert.equal(listed.key, 'a\udce4.ä\udcff');
  assert.deepEqual(await storage.stat(listed.key), listed);
  assert.deepEqual(Buffer.from(await readAll(storage, listed.key)), Buffer.from(bytes));
});

test('file: what a killed writer left is hidden, and discarded by the name of the writer', async () => {
  const root = newRoot();
  const storage = opened(root);
  const upload = await storage.createMultipartUpload('a/b');
  await storage.uploadPart('a/b', upload, 1, bodyOf(bytes));
  const partial = join(root, '.deid-partial');
  writeFileSync(join(partial, 'run.1~x'), bytes);
  writeFileSync(join(partial, 'run.10~x'), bytes);
  writeFileSync(join(partial, 'other.1~x'), bytes);
  assert.deepEqual((await storage.list('')).objects, []);
  assert.deepEqual((await storage.list('.deid')).objects, []);
  await assert.rejects(() => storage.open('.deid-partial/run.1~x'), { code: 'InvalidKey' });
  await storage.discardUnfinished('run.1');
  assert.deepEqual(readdirSync(partial).sort(), ['other.1~x', 'run.10~x']);
  await storage.discardUnfinished('run');
  await storage.discardUnfinished('other');
  assert.equal(existsSync(partial), false);
  await storage.discardUnfinished('other');
});

test('file: creating leaves nothing hidden behind', async () => {
  const root = newRoot();
  const storage = opened(root);
  await storage.create('a', bodyOf(bytes));
  await storage.create('a', bodyOf(bytes));
  assert.deepEqual(readdirSync(join(root, '.deid-partial')), []);
});

test('file: an unreadable or unwritable folder is Denied, not empty', {
  skip: process.getuid?.() === 0 && 'root is denied nothing',
}, async () => {
  const root = newRoot();
  mkdirSync(join(root, 'closed'));
  chmodSync(join(root, 'closed'), 0);
  const storage = opened(root);
  await assert.rejects(() => storage.list(''), { code: 'Denied', retryable: false });
  await assert.rejects(() => storage.create('closed/new', bodyOf(bytes)), { code: 'Denied' });
  chmodSync(join(root, 'closed'), 0o700);
});

test('file: errors carry codes and no path', async () => {
  const root = newRoot();
  for (const act of [
    async () => opened(join(root, 'missing')),
    async () => opened(root).open('some/secret'),
    async () => opened(root).create(`x/${'y'.repeat(300)}`, bodyOf(bytes)),
  ]) {
    await assert.rejects(act, (error) => {
      assert.ok(error instanceof StorageError);
      assert.ok(
        !`${error.stack} ${JSON.stringify(error)}`.replaceAll(import.meta.filename, '').includes(root),
      );
      assert.equal(error.cause, undefined);
      return true;
    });
  }
});

test('file: a folder larger than the window is listed whole and in order', async () => {
  const root = newRoot();
  const names = Array.from({ length: 50 }, (_, index) => `n${(index * 37) % 50}`);
  for (const name of names) writeFileSync(join(root, name), '');
  mkdirSync(join(root, 'n1x'));
  writeFileSync(join(root, 'n1x', 'inside'), '');
  const storage = opened(root);
  const keys: string[] = [];
  let continuation: string | undefined;
  do {
    const page = await storage.list('', {
      limit: 7,
      ...(continuation === undefined ? {} : { continuation }),
    });
    keys.push(...page.objects.map((object) => object.key));
    continuation = page.continuation;
  } while (continuation !== undefined);
  assert.deepEqual(keys, [...names, 'n1x/inside'].sort());
});

/** A process that runs the statement with a `storage` over the folder; resolves to what went wrong. */
async function otherProcess(root: string, writer: string, statement: string): Promise<string> {
  const module = new URL('./file-storage.ts', import.meta.url).href;
  const program = `import { openFileStorage } from ${JSON.stringify(module)};
    const storage = openFileStorage(${JSON.stringify({ root, writer })});
    ${statement}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0 ? '' : `${code} ${said}`;
}

test('file: who writes and who clears up after writers that are gone do not disturb each other', async () => {
  const root = newRoot();
  const writing = (writer: string) =>
    otherProcess(
      root,
      writer,
      `for (let n = 0; n < 1500; n += 1) await storage.create('${writer}/' + n, { size: 1, chunks: [Buffer.from('x')] });`,
    );
  const clearing = otherProcess(
    root,
    'c',
    `for (let n = 0; n < 8000; n += 1) await storage.discardUnfinished('gone');`,
  );
  assert.deepEqual(await Promise.all([writing('a'), writing('b'), clearing]), ['', '', '']);
});
