import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { studySet } from '../builders/study.ts';
import { makePodDesk } from './support/pods.ts';

const user = 65_532;
const program = fileURLToPath(new URL('../../worker/cli/deid.mjs', import.meta.url));

/** Whether other users reach the file: each folder above it lets them pass. */
function isReachedByOthers(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & 0o001) !== 0 && (parent === path || isReachedByOthers(parent));
}

/** Why the test cannot run here, as `skip` takes it. */
function skipReason(): string | false {
  if (process.getuid?.() !== 0) return 'only root may run pods as another user';
  return isReachedByOthers(dirname(program)) ? false : 'another user does not reach this checkout';
}

it('a job runs as the user of the image, who may write to its volumes and to /tmp alone', {
  skip: skipReason(),
}, async () => {
  const desk = makePodDesk();
  for (const { path, bytes } of studySet()) desk.put(`volumes/in/${path}`, bytes);
  desk.giveTo(user);
  const plan = await desk.run({ step: 'plan' });
  assert.equal(plan.code, 0, plan.stderr);
  for (const step of ['process', 'finish', 'cleanup'] as const) {
    const { code, stderr } = await desk.run({ step });
    assert.equal(code, 0, stderr);
  }
  desk.remove();
});
