import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { manualClock } from './manual-clock.ts';
import { TokenFile } from './token-file.ts';

let folder: string;
const clock = manualClock();
/** Passes the time for which a look at the file holds. */
const pass = () => clock.advance(1000);
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-'));
});
after(() => rm(folder, { recursive: true }));

test('the token is trimmed, and read again soon after another file was put in its place', async () => {
  const path = join(folder, 'renewed');
  await writeFile(path, 'first\n');
  const file = new TokenFile(path, clock);
  assert.equal(await file.token(), 'first');
  await writeFile(`${path}.new`, 'other\n');
  await rename(`${path}.new`, path);
  assert.equal(await file.token(), 'first');
  pass();
  assert.equal(await file.token(), 'other');
});

test('a token that was refused is read again though the file looks the same', async () => {
  const path = join(folder, 'same');
  const time = new Date('2026-01-01');
  await writeFile(path, 'first');
  await utimes(path, time, time);
  const file = new TokenFile(path, clock);
  assert.equal(await file.token(), 'first');
  await writeFile(path, 'other');
  await utimes(path, time, time);
  pass();
  assert.equal(await file.token(), 'first');
  file.refused();
  assert.equal(await file.token(), 'other');
});

test('while the file is away the last token holds; without any there is an error', async () => {
  const path = join(folder, 'away');
  await writeFile(path, 'first');
  const file = new TokenFile(path, clock);
  await file.token();
  await rm(path);
  pass();
  assert.equal(await file.token(), 'first');
  await assert.rejects(new TokenFile(path, clock).token());
});
