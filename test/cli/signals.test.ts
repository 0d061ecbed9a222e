import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import { studySet } from '../builders/study.ts';
import { contents } from '../run/support/run-fixture.ts';
import { type Desk, deid, makeDesk, spawnDeid } from './support/deid.ts';

function putStudy(desk: Desk): void {
  for (const { path, bytes } of studySet()) desk.put(`in/${path}`, bytes);
}

/** The exit code and what was printed; `onText` hears standard error as it comes. */
async function ended(child: ChildProcess, onText: (text: string) => void = () => {}) {
  let stderr = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
    onText(stderr);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, stderr };
}

test('a run that is sent SIGTERM says so in one line and goes on when it is run again, to the same bytes', async () => {
  const undisturbed = await makeDesk();
  putStudy(undisturbed);
  await deid(['run', ...undisturbed.job, ...undisturbed.key], { cwd: undisturbed.folder });

  const desk = await makeDesk();
  putStudy(desk);
  desk.put('key2', readFileSync(join(undisturbed.folder, 'key')));
  const args = ['run', ...desk.job, '--key-file', 'key2'];
  const child = spawnDeid([...args, '--log-level', 'info'], desk.folder);
  let isSent = false;
  const { code, stderr } = await ended(child, (text) => {
    if (isSent || !text.includes('"planned"')) return;
    isSent = child.kill('SIGTERM');
  });
  assert.equal(code, exitCodes.Interrupted.code);
  assert.match(stderr, /\ndeid: stopped by a signal; what was done is kept, run again to go on\n$/);
  const again = await deid(args, { cwd: desk.folder });
  assert.equal(again.code, 0);
  assert.ok(!again.stdout.includes('finished before'));
  for (const area of ['out', 'held']) {
    assert.deepEqual(contents(join(desk.folder, area)), contents(join(undisturbed.folder, area)));
  }
  desk.remove();
  undisturbed.remove();
});

test('a command that waits for its input ends at SIGTERM', async () => {
  const desk = await makeDesk();
  const child = spawnDeid(['map', ...desk.key], desk.folder);
  child.stdin?.write('A-1\n');
  child.stdout?.once('data', () => child.kill('SIGTERM'));
  const { code } = await ended(child);
  assert.equal(code, exitCodes.Interrupted.code);
  desk.remove();
});

test('a reader that has seen enough is no fault', async () => {
  const child = spawnDeid(['help', 'exit-codes']);
  child.stdout?.destroy();
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0);
});
