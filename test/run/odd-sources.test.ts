/** What a source folder may hold besides files, and what may happen to it and to the other folders under a run. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunError } from '../../worker/run/run-error.ts';
import { makeFixture, outcomeOf, type RunFixture } from './support/run-fixture.ts';

const inSource = (fixture: RunFixture, name: string): string => join(fixture.root, 'in', name);

/** Whether an output stands in the folder; folders of unfinished ones come and go while one looks. */
function holdsOutput(folder: string): boolean {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.dcm'));
  } catch {
    return false;
  }
}

/** Waits until the run has written its first output. */
async function firstOutput(fixture: RunFixture): Promise<void> {
  while (!holdsOutput(join(fixture.root, 'out'))) await pause(5);
}

test('links, pipes, sockets and empty folders are no objects; names of any bytes are', async () => {
  const fixture = makeFixture();
  fixture.add('ok');
  fixture.add('ok', { key: 'line\nbreak \\ and "quotes"' });
  writeFileSync(Buffer.from(`${inSource(fixture, '')}/M\xfcller\xff`, 'latin1'), 'ok 1.2.100 x\n');
  mkdirSync(Buffer.from(`${inSource(fixture, '')}/\xfc\xfe`, 'latin1'));
  writeFileSync(Buffer.from(`${inSource(fixture, '')}/\xfc\xfe/a`, 'latin1'), 'ok 1.2.101 x\n');
  mkdirSync(join(fixture.root, 'elsewhere'));
  writeFileSync(join(fixture.root, 'elsewhere', 'file'), 'ok 1.2.102 x\n');
  symlinkSync(join(fixture.root, 'elsewhere', 'file'), inSource(fixture, 'link'));
  symlinkSync(join(fixture.root, 'elsewhere'), inSource(fixture, 'folder-link'));
  symlinkSync('.', inSource(fixture, 'loop'));
  symlinkSync('nowhere', inSource(fixture, 'dangling'));
  mkdirSync(inSource(fixture, 'empty'));
  execFileSync('mkfifo', [inSource(fixture, 'pipe')]);
  const server = createServer().listen(inSource(fixture, 'socket'));
  const { summary } = await fixture.run();
  server.close();
  assert.equal(summary.objects, 4);
  assert.equal(summary.outcomes.deidentified, 4);
  fixture.remove();
});

test('a file that is changed, removed or put in the place of another fails alone', async () => {
  const fixture = makeFixture();
  for (let count = 0; count < 40; count += 1) {
    fixture.add('slow', { key: `scan-${String(count).padStart(2, '0')}` });
  }
  const running = fixture.run({ workers: 1 });
  await firstOutput(fixture);
  const last = (back: number): string => inSource(fixture, `scan-${40 - back}`);
  writeFileSync(last(1), 'ok 1.2.999 another\n');
  rmSync(last(2));
  renameSync(last(4), last(3));
  rmSync(last(5));
  execFileSync('mkfifo', [last(5)]);
  rmSync(last(6));
  symlinkSync(inSource(fixture, 'scan-00'), last(6));
  rmSync(last(7));
  mkdirSync(last(7));
  const { summary } = await running;
  assert.deepEqual(summary.outcomes, { deidentified: 33, review: 0, rejected: 0, skipped: 0, failed: 7 });
  assert.deepEqual(summary.reasons, { SourceChanged: 7 });
  fixture.remove();
});

test('a destination that is taken away is no success', async () => {
  const fixture = makeFixture();
  for (let count = 0; count < 40; count += 1) fixture.add('slow');
  const running = fixture.run({ workers: 1 }).then(
    ({ summary }) => summary.result,
    (error: RunError) => error.exit,
  );
  await firstOutput(fixture);
  renameSync(join(fixture.root, 'out'), join(fixture.root, 'away'));
  assert.notEqual(await running, 'Success');
  fixture.remove();
});

test('two runs at once in one work area give what one gives', async () => {
  const fixture = makeFixture();
  for (let count = 0; count < 30; count += 1) fixture.add(count % 5 === 0 ? 'review' : 'slow');
  const both = await Promise.allSettled([fixture.run({ workers: 1 }), fixture.run({ workers: 2 })]);
  const refusals = both.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as RunError] : [],
  );
  assert.ok(refusals.every(({ exit }) => exit === 'ShardTaken'));
  const together = outcomeOf(fixture, await fixture.run());
  for (const name of ['out', 'held', 'work']) rmSync(join(fixture.root, name), { recursive: true });
  const alone = outcomeOf(fixture, await fixture.run());
  assert.deepEqual(together, alone);
  assert.equal(together.out.length, 24);
  fixture.remove();
});
