import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { studySet } from '../builders/study.ts';
import { contents } from '../run/support/run-fixture.ts';
import { type Desk, deid, makeDesk, spawnDeid } from './support/deid.ts';

/** The study set several times over; no two files have the same bytes, since their last pixels differ. */
function putStudies(desk: Desk, times: number): void {
  for (let count = 0; count < times; count += 1) {
    for (const { path, bytes } of studySet()) {
      const file = Uint8Array.from(bytes);
      if (!path.endsWith('report.dcm')) file[file.length - 3] = count;
      desk.put(`in/${count}/${path}`, file);
    }
  }
}

test('a run of the real engine that is killed again and again ends with the bytes and counts of one that is not', async () => {
  const undisturbed = await makeDesk();
  putStudies(undisturbed, 8);
  const whole = await deid(['run', ...undisturbed.job, ...undisturbed.key, '--workers', '2', '--json'], {
    cwd: undisturbed.folder,
  });

  const desk = await makeDesk();
  putStudies(desk, 8);
  desk.put('key2', readFileSync(join(undisturbed.folder, 'key')));
  const args = ['run', ...desk.job, '--key-file', 'key2', '--json'];
  let kills = 0;
  for (const span of [400, 600, 800, 1000, 1000, 1200]) {
    const child = spawnDeid([...args, '--workers', '3'], desk.folder);
    const end = once(child, 'close');
    await Promise.race([pause(200 + Math.random() * span), end]);
    child.kill('SIGKILL');
    const [code] = (await end) as [number | null];
    if (code === null) kills += 1;
  }
  assert.ok(kills > 1, 'the run lives long enough to be killed');
  const last = await deid([...args, '--workers', '1'], { cwd: desk.folder });
  assert.equal(last.code, whole.code);
  const counts = ({ plan: _, ledger: __, shards: ___, ...rest }: Record<string, unknown>) => rest;
  assert.deepEqual(counts(JSON.parse(last.stdout)), counts(JSON.parse(whole.stdout)));
  for (const area of ['out', 'held']) {
    assert.deepEqual(contents(join(desk.folder, area)), contents(join(undisturbed.folder, area)));
  }
  desk.remove();
  undisturbed.remove();
});
