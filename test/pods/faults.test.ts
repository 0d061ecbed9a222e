import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Counters, validateCounters } from '../../crds/records/counters.ts';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import type { FinishSummary } from '../../crds/records/finish-summary.ts';
import { secret } from '../run/support/fake-engine.ts';
import { contents } from '../run/support/run-fixture.ts';
import { makePodDesk, type PodDesk } from './support/pods.ts';

const program = fileURLToPath(new URL('./support/fake-pod.ts', import.meta.url));

/** A desk with an object for each verb of the fake engine. */
function filled(verbs: readonly string[], targetBytes = '4Gi'): PodDesk {
  const desk = makePodDesk({ shards: { targetBytes } });
  for (const [index, verb] of verbs.entries()) {
    const name = `volumes/in/${secret}/scan-${String(index).padStart(5, '0')}`;
    desk.put(name, `${verb} 1.2.${index} ${secret}\n`.padEnd(300, 'x'));
  }
  return desk;
}

interface FakePod {
  readonly index?: number;
  readonly workers?: number;
  readonly lanes?: number;
  readonly attempt?: number;
  readonly leftBy?: number;
}

function started(desk: PodDesk, pod: FakePod = {}): ChildProcess {
  const { index = 0, workers = 2, lanes = 1, attempt = 0, leftBy } = pod;
  const args = [index, workers, lanes, attempt, ...(leftBy === undefined ? [] : [leftBy])].map(String);
  return spawn(process.execPath, [program, desk.folder, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
}

async function ended(child: ChildProcess): Promise<number | null> {
  child.stdout?.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

/** The port that a pod says its counters are served on. */
async function portOf(child: ChildProcess): Promise<number> {
  const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return Number(chunk.toString('utf8'));
}

async function finished(desk: PodDesk, attempt = 0): Promise<FinishSummary> {
  const { code, stderr, message } = await desk.run({ step: 'finish', attempt });
  assert.equal(code, 0, stderr);
  return message as unknown as FinishSummary;
}

/** What pods leave for the user. The ledger's root is of files that each desk has of its own. */
function left(desk: PodDesk, { outcomes, reasons, bytesIn, bytesOut, ledger }: FinishSummary) {
  return {
    outcomes,
    reasons,
    bytesIn,
    bytesOut,
    entries: ledger?.entries,
    out: contents(join(desk.folder, 'volumes/out')),
    held: contents(join(desk.folder, 'volumes/held')),
  };
}

const sound = Array.from(
  { length: 120 },
  (_, index) => ['slow', 'ok', 'review', 'reject'][index % 4] ?? 'ok',
);

let ofSound: ReturnType<typeof undisturbedBy> | undefined;

/** What a pod leaves of sound objects that nothing disturbs. */
async function undisturbed(): ReturnType<typeof undisturbedBy> {
  ofSound ??= undisturbedBy(sound);
  return ofSound;
}

async function undisturbedBy(verbs: readonly string[]) {
  const desk = filled(verbs);
  await desk.run({ step: 'plan' });
  await ended(started(desk));
  const expected = left(desk, await finished(desk));
  desk.remove();
  return expected;
}

describe('a pod', () => {
  it('ends with the bytes and counts of one worker, however many it has and however many objects each has in hand', async () => {
    const expected = await undisturbed();
    for (const pod of [{ workers: 1 }, { workers: 3, lanes: 4 }]) {
      const desk = filled(sound);
      await desk.run({ step: 'plan' });
      assert.equal(await ended(started(desk, pod)), 0);
      assert.deepEqual(left(desk, await finished(desk)), expected);
      desk.remove();
    }
  });

  it('lives on where an object brings workers down, by any means, and fails that object alone', async () => {
    const verbs = sound.map(
      (verb, index) => ({ 5: 'crash', 20: 'hang', 40: 'hoard', 60: 'sleep' })[index] ?? verb,
    );
    for (const lanes of [1, 4]) {
      const desk = filled(verbs);
      await desk.run({ step: 'plan' });
      assert.equal(await ended(started(desk, { lanes })), exitCodes.ObjectsFailed.code);
      const { outcomes, reasons } = await finished(desk);
      assert.equal(outcomes.failed, 4);
      // A worker that takes all memory dies of that, or on a busy machine of the time that it takes.
      const failures = reasons.filter(({ code }) => code === 'TimeLimit' || code === 'EngineFault');
      assert.equal(
        failures.reduce((sum, { objects }) => sum + objects, 0),
        4,
        `lanes ${lanes}`,
      );
      desk.remove();
    }
  });

  it('that is killed at random moments, again and again, leaves the same in the end', async () => {
    const expected = await undisturbed();
    const desk = filled(sound);
    await desk.run({ step: 'plan' });
    let kills = 0;
    for (const span of [600, 800, 1000, 1200, 1500, 2500]) {
      const child = started(desk, { workers: 1 + (kills % 3), lanes: 1 + (kills % 2) });
      const end = ended(child);
      await Promise.race([pause(300 + Math.random() * span), end]);
      child.kill('SIGKILL');
      if ((await end) === null) kills += 1;
    }
    assert.ok(kills > 1, 'the pod lives long enough to be killed');
    assert.equal(await ended(started(desk)), 0);
    assert.deepEqual(left(desk, await finished(desk)), expected);
    desk.remove();
  });

  it('that an object brings down whole is followed by ones that find out which object it is, and fail it', async () => {
    const desk = filled(sound.map((verb, index) => (index === 50 ? 'kill-parent' : verb)));
    await desk.run({ step: 'plan' });
    const codes: (number | null)[] = [];
    // As many pods as a shard may have where nothing else is said: the first one, and three more.
    for (let pod = 0; pod < 4 && codes.at(-1) !== exitCodes.ObjectsFailed.code; pod += 1) {
      codes.push(await ended(started(desk, { lanes: 2 })));
    }
    assert.deepEqual(codes, [null, null, null, exitCodes.ObjectsFailed.code]);
    const { outcomes, reasons } = await finished(desk);
    assert.equal(outcomes.failed, 1);
    assert.ok(reasons.some(({ code, objects }) => code === 'EngineFault' && objects === 1));
    desk.remove();
  });

  it('that several objects bring down whole finds out about one after the other, over attempts', async () => {
    const desk = filled(sound.map((verb, index) => (index === 10 || index === 50 ? 'kill-parent' : verb)));
    await desk.run({ step: 'plan' });
    const pods = async (attempt: FakePod) => {
      const codes: (number | null)[] = [];
      while (codes.length < 4 && codes.at(-1) !== exitCodes.ObjectsFailed.code) {
        codes.push(await ended(started(desk, { lanes: 2, ...attempt })));
      }
      return codes.at(-1);
    };
    assert.equal(await pods({}), null);
    assert.equal((await finished(desk)).result, 'ShardsUndone');
    assert.equal(await pods({ attempt: 1, leftBy: 0 }), exitCodes.ObjectsFailed.code);
    const { result, outcomes } = await finished(desk, 1);
    assert.deepEqual([result, outcomes.failed], ['ObjectsFailed', 2]);
    desk.remove();
  });

  it('that is told to stop keeps what is done and says that it was interrupted, within seconds', async () => {
    const expected = await undisturbed();
    const desk = filled(sound);
    await desk.run({ step: 'plan' });
    const child = started(desk);
    const port = await portOf(child);
    const end = ended(child);
    while ((await progressOf(port)).outcomes.deidentified === 0) await pause(10);
    const before = performance.now();
    child.kill('SIGTERM');
    assert.equal(await end, exitCodes.Interrupted.code);
    assert.ok(performance.now() - before < 5000);
    assert.equal(await ended(started(desk)), 0);
    assert.deepEqual(left(desk, await finished(desk)), expected);
    desk.remove();
  });

  it('that is told to stop does not wait for an object that takes long', async () => {
    const desk = filled(['ok', 'sleep', 'ok', 'ok']);
    await desk.run({ step: 'plan' });
    const child = spawn(process.execPath, [program, desk.folder, '0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, DEID_TEST_TIME_LIMIT_MS: '60000' },
    });
    const port = await portOf(child);
    const end = ended(child);
    for (let trial = 0; trial < 100; trial += 1) {
      if ((await progressOf(port)).outcomes.deidentified === 3) break;
      await pause(20);
    }
    const before = performance.now();
    child.kill('SIGTERM');
    assert.equal(await end, exitCodes.Interrupted.code);
    assert.ok(performance.now() - before < 4500);
    // What was done in the meantime is not done again.
    const sealed = await finished(desk);
    assert.equal(sealed.result, 'ShardsUndone');
    assert.equal(sealed.outcomes.deidentified, 3);
    desk.remove();
  });

  it('is overtaken by a second one of the same shard, and stores nothing more', async () => {
    const verbs = Array.from({ length: 160 }, () => 'slow');
    const expected = await undisturbedBy(verbs);
    const desk = filled(verbs);
    await desk.run({ step: 'plan' });
    const first = started(desk, { workers: 1 });
    const firstEnd = ended(first);
    await portOf(first);
    await pause(500);
    const second = started(desk, { workers: 1 });
    assert.equal(await ended(second), 0);
    assert.equal(await firstEnd, exitCodes.ShardTaken.code);
    assert.deepEqual(left(desk, await finished(desk)), expected);
    desk.remove();
  });

  it('serves counters that only grow, and closes the port at the end', async () => {
    const desk = filled(sound);
    await desk.run({ step: 'plan' });
    const child = started(desk, { workers: 1 });
    const port = await portOf(child);
    const end = ended(child);
    const seen: Counters[] = [];
    for (;;) {
      const counters = await progressOf(port).catch(() => undefined);
      if (counters === undefined) break;
      seen.push(counters);
      await pause(30);
    }
    assert.equal(await end, 0);
    const objects = seen.map(({ outcomes }) =>
      Object.values(outcomes).reduce((sum, count) => sum + count, 0),
    );
    assert.ok(seen.length > 2);
    assert.deepEqual(
      objects,
      objects.toSorted((a, b) => a - b),
    );
    assert.ok((objects.at(-1) ?? 0) > 0);
    assert.ok(seen.every((counters) => counters.objects === 120 && counters.bytes === 120 * 300));
    desk.remove();
  });
});

async function progressOf(port: number): Promise<Counters> {
  const response = await fetch(`http://127.0.0.1:${port}/progress`);
  const validated = validateCounters(await response.json());
  assert.ok(validated.ok);
  return validated.document;
}

describe('the pods of a next attempt', () => {
  it('take the shards of the list in order, and do again what failed alone', async () => {
    const verbs = Array.from({ length: 60 }, (_, index) => (index === 20 || index === 50 ? 'flaky' : 'ok'));
    const expected = await undisturbedBy(verbs);
    // A cell holds 16 objects: four shards, of which the second and the last have an object that fails.
    const desk = filled(verbs, '1Mi');
    const plan = await desk.run({ step: 'plan' });
    const { shards } = plan.message as { shards: number };
    assert.ok(shards >= 4);
    process.env.DEID_TEST_FLAKY = 'fails';
    try {
      for (let index = 0; index < shards; index += 1) await ended(started(desk, { index }));
    } finally {
      delete process.env.DEID_TEST_FLAKY;
    }
    const first = await finished(desk);
    assert.equal(first.result, 'ObjectsFailed');
    assert.deepEqual(first.shards, { total: shards, done: shards, retryable: 2 });
    for (const index of [0, 1]) assert.equal(await ended(started(desk, { index, attempt: 1, leftBy: 0 })), 0);
    assert.equal(
      await ended(
        spawn(process.execPath, [program, desk.folder, '2', '1', '1', '1', '0'], { stdio: 'ignore' }),
      ),
      exitCodes.NoSuchRun.code,
    );
    const second = await finished(desk, 1);
    assert.equal(second.result, 'Success');
    assert.equal(second.attempt, 1);
    assert.deepEqual(left(desk, second), expected);
    desk.remove();
  });

  it('are refused where they do not follow the last attempt', async () => {
    const desk = filled(['ok', 'throw']);
    await desk.run({ step: 'plan' });
    await desk.run({ step: 'process', index: 0 });
    const early = await desk.run({ step: 'process', index: 0, attempt: 1, leftBy: 0 });
    assert.equal(early.code, exitCodes.RunMismatch.code);
    await finished(desk);
    for (const order of [{ attempt: 1 }, { attempt: 2, leftBy: 1 }]) {
      const wrong = await desk.run({ step: 'process', index: 0, ...order });
      assert.equal(wrong.code, exitCodes.RunMismatch.code);
      assert.equal(wrong.message?.exit, 'RunMismatch');
    }
    desk.remove();
  });
});
