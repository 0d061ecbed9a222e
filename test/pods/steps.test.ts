import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import { validateFinishSummary } from '../../crds/records/finish-summary.ts';
import { validatePlanSummary } from '../../crds/records/plan-summary.ts';
import { validateStepFailure } from '../../crds/records/step-failure.ts';
import { silentLog } from '../../worker/log/log.ts';
import { runLocal } from '../../worker/run/local.ts';
import { studySet } from '../builders/study.ts';
import { contents, keyBytes } from '../run/support/run-fixture.ts';
import { makePodDesk, type PodDesk } from './support/pods.ts';

/** A desk with the study set in its source, cut into a few shards. */
function studyDesk(): PodDesk {
  const desk = makePodDesk({ shards: { targetBytes: '400Ki' } });
  for (const { path, bytes } of studySet()) desk.put(`volumes/in/${path}`, bytes);
  return desk;
}

describe('the steps of a job in pods', () => {
  it('give the same outputs under the same keys as a run on one machine', async () => {
    const desk = studyDesk();
    const plan = await desk.run({ step: 'plan' });
    assert.equal(plan.code, 0, plan.stderr);
    const planned = validatePlanSummary(plan.message);
    assert.ok(planned.ok);
    const { shards, objects } = planned.document;
    assert.ok(shards > 1);
    for (let index = 0; index < shards; index += 1) {
      const { code, stderr, message } = await desk.run({ step: 'process', index });
      assert.equal(code, 0, stderr);
      assert.equal(message, undefined);
    }
    const finish = await desk.run({ step: 'finish' });
    assert.equal(finish.code, 0, finish.stderr);
    const finished = validateFinishSummary(finish.message);
    assert.ok(finished.ok);
    assert.equal(finished.document.result, 'Success');
    assert.deepEqual(finished.document.shards, { total: shards, done: shards, retryable: 0 });
    assert.equal(finished.document.objects, objects);

    const { summary } = await runLocal(
      {
        job: desk.job,
        profile: builtinProfiles.research,
        volumes: new Map(
          ['in', 'out', 'held', 'work'].map((name) => [
            name,
            join(desk.folder, name === 'in' ? 'volumes/in' : `local/${name}`),
          ]),
        ),
        keyBytes,
        dryRun: false,
        workers: 1,
        logLevel: 'error',
      },
      { log: silentLog, signal: new AbortController().signal },
    );
    assert.deepEqual(summary.outcomes, finished.document.outcomes);
    assert.equal(summary.ledger.root, finished.document.ledger?.root);
    for (const area of ['out', 'held']) {
      assert.deepEqual(
        contents(join(desk.folder, 'volumes', area)),
        contents(join(desk.folder, 'local', area)),
      );
    }
    desk.remove();
  });

  it('say again what they have sealed, without touching anything', async () => {
    const desk = studyDesk();
    const plan = await desk.run({ step: 'plan' });
    const { shards } = plan.message as { shards: number };
    for (let index = 0; index < shards; index += 1) await desk.run({ step: 'process', index });
    const finish = await desk.run({ step: 'finish' });
    const before = contents(join(desk.folder, 'volumes'));
    assert.deepEqual((await desk.run({ step: 'plan' })).message, plan.message);
    assert.equal((await desk.run({ step: 'process', index: 0 })).code, 0);
    assert.deepEqual((await desk.run({ step: 'finish' })).message, finish.message);
    assert.deepEqual(contents(join(desk.folder, 'volumes')), before);
    desk.remove();
  });
});

describe('a step that stops', () => {
  it('leaves why, and no value, in its termination message', async () => {
    const desk = studyDesk();
    const unplanned = await desk.run({ step: 'process', index: 0 });
    assert.equal(unplanned.code, exitCodes.NoSuchRun.code);
    const failure = validateStepFailure(unplanned.message);
    assert.ok(failure.ok);
    assert.equal(failure.document.exit, 'NoSuchRun');

    await desk.run({ step: 'plan' });
    const beyond = await desk.run({ step: 'process', index: 4711 });
    assert.equal(beyond.code, exitCodes.NoSuchRun.code);
    assert.equal(beyond.message?.message, 'attempt 0 has 2 shards; none is for index 4711');

    writeFileSync(join(desk.folder, 'key/project.key'), 'too short');
    const keyless = await desk.run({ step: 'plan' });
    assert.equal(keyless.code, exitCodes.KeyUnusable.code);
    assert.equal(keyless.message?.exit, 'KeyUnusable');
    desk.remove();
  });

  it('refuses a run spec that was altered', async () => {
    const desk = studyDesk();
    const path = join(desk.folder, 'run-spec/run.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"test"', '"tost"'));
    const { code, message } = await desk.run({ step: 'plan' });
    assert.equal(code, exitCodes.BadConfiguration.code);
    assert.equal(message?.message, 'run spec: digest is not the digest of the run spec');
    desk.remove();
  });

  it('ends with ObjectsFailed where its shard holds objects that failed', async () => {
    const desk = makePodDesk();
    for (const { path, bytes } of studySet().slice(0, 3)) desk.put(`volumes/in/${path}`, bytes);
    desk.put('volumes/in/0', 'WALDKAUZ^OTHMAR');
    await desk.run({ step: 'plan' });
    // Another size than was planned: the object is not the one of the plan.
    desk.put('volumes/in/0', 'WALDKAUZ^OTHMAR, later');
    const { code, message } = await desk.run({ step: 'process', index: 0 });
    assert.equal(code, exitCodes.ObjectsFailed.code);
    assert.equal(message?.message, 'shard 0: 1 of 4 objects failed');
    const finish = await desk.run({ step: 'finish' });
    assert.equal(finish.code, 0);
    const { result, shards, reasons } = finish.message as Record<string, unknown>;
    assert.equal(result, 'ObjectsFailed');
    assert.deepEqual(shards, { total: 1, done: 1, retryable: 1 });
    assert.deepEqual(reasons, [{ code: 'SourceChanged', objects: 1 }]);
    desk.remove();
  });
});
