/** Parts of the controller, each by itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childSettings, jobUid, rawJob } from '../../test/builders/operator-job.ts';
import { childJobName } from '../build/names.ts';
import { ApiError } from '../kube/api-error.ts';
import { systemClock } from '../kube/clock.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Transport } from '../kube/transport.ts';
import { WorkQueue } from '../kube/work-queue.ts';
import { jobEvents } from './job-events.ts';
import { JobMemories } from './job-memory.ts';
import { JobReconciler } from './reconcile-job.ts';
import { type FinishedPass, type PassResult, workLoop } from './work-loop.ts';

function object(uid: string, resourceVersion: string) {
  return { metadata: { name: 'j', namespace: 'ns', uid, resourceVersion } };
}

describe('the memory of a job', () => {
  it('prefers what our own write left to a cache that lags, and the cache as soon as it has caught up', () => {
    const memory = new JobMemories().of('ns/j', 'u');
    const written = object('u', '12');
    memory.wrote(written, object('u', '9'));
    assert.equal(memory.freshest(object('u', '9')), written);
    const newer = object('u', '13');
    assert.equal(memory.freshest(newer), newer);
    assert.equal(memory.freshest(object('u', '9')).metadata.resourceVersion, '9');
  });

  it('holds no write of ours that the cache had before its answer, or comes to have', () => {
    const memories = new JobMemories();
    const memory = memories.of('ns/j', 'u');
    const older = object('u', '9');
    memory.wrote(object('u', '12'), object('u', '12'));
    assert.equal(memory.freshest(older), older);
    memory.wrote(object('u', '12'), older);
    memories.cached('ns/j', object('u', '12'));
    assert.equal(memory.freshest(older), older);
  });

  it('begins anew for another job of the name', () => {
    const memories = new JobMemories();
    const first = memories.of('ns/j', 'u');
    first.wrote(object('u', '12'), undefined);
    assert.notEqual(memories.of('ns/j', 'v'), first);
    const other = object('v', '1');
    assert.equal(memories.of('ns/j', 'v').freshest(other), other);
    memories.forget('ns/j');
    assert.equal(memories.size, 0);
  });
});

/** Makes passes over one key until the first has ended. */
async function passesOf(
  work: (signal: AbortSignal) => Promise<PassResult>,
): Promise<readonly FinishedPass[]> {
  const passes: FinishedPass[] = [];
  const backoff = { baseMs: 60_000, maximumMs: 60_000, jitter: 0 };
  const queue = new WorkQueue({ clock: systemClock, random: () => 0, backoff });
  queue.add('k');
  const first = Promise.withResolvers<void>();
  const looping = workLoop(
    {
      ...{ queue, clock: systemClock, workers: 2, passTimeoutMs: 20 },
      work: (_, signal) => work(signal),
      onPass: (pass) => {
        passes.push(pass);
        first.resolve();
      },
    },
    new AbortController().signal,
  );
  await first.promise;
  await queue.close();
  await looping;
  return passes;
}

describe('a pass', () => {
  const conflict = new ApiError({ call: 'patch deidjobs', code: 409, reason: 'Conflict' });
  const table: readonly (readonly [string, () => Promise<PassResult>, FinishedPass['result']])[] = [
    ['that ends well is a success', async () => ({ kind: 'Done' }), 'success'],
    ['that asks for another is to be repeated', async () => ({ kind: 'Again' }), 'requeue'],
    ['that meets a conflict is no error', () => Promise.reject(conflict), 'conflict'],
    ['that throws is an error, and stops nobody', () => Promise.reject(new Error('x')), 'error'],
  ];
  for (const [what, work, result] of table) {
    it(what, async () => {
      const passes = await passesOf(work);
      assert.deepEqual(
        passes.map((pass) => pass.result),
        [result],
      );
    });
  }

  it('that takes too long is called off', async () => {
    const [pass] = await passesOf(
      (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late')))),
    );
    assert.equal(pass?.result, 'error');
  });
});

describe('a child whose labels were taken off', () => {
  it('is looked at now and then, as no watch tells of it', async () => {
    const object = rawJob() as unknown as KubeObject;
    const child = childJobName({ name: 'j', namespace: 'ns', uid: jobUid }, 'plan', 0);
    const running = {
      metadata: {
        ...{ name: child, namespace: 'ns', uid: 'c', resourceVersion: '1' },
        ownerReferences: [{ uid: jobUid, controller: true }],
      },
      spec: {},
      status: { active: 1, ready: 1, startTime: new Date().toISOString() },
    };
    const transport: Pick<Transport, 'call'> = {
      call: async (path, { method = 'GET' } = {}) => {
        if (method === 'POST' && path.endsWith('/jobs'))
          throw new ApiError({ call: 'create jobs', code: 409, reason: 'AlreadyExists' });
        if (path.endsWith(`/jobs/${child}`)) return running;
        if (method === 'GET') throw new ApiError({ call: 'get', code: 404, reason: 'NotFound' });
        return object;
      },
    };
    const reconciler = new JobReconciler({
      ...{ transport: transport as Transport, clock: systemClock, settings: childSettings },
      caches: { get: (kind) => (kind === 'deidjobs' ? object : undefined) },
      ...{ memories: new JobMemories(), progressOf: () => undefined },
      ...{ onStatus: () => {}, onStarted: () => {}, onUploadsLeft: () => {} },
    });
    const { signal } = new AbortController();
    assert.deepEqual(await reconciler.reconcile('ns/j', signal), { kind: 'Done', wakeAfterMs: 0 });
    assert.deepEqual(await reconciler.reconcile('ns/j', signal), { kind: 'Done', wakeAfterMs: 30_000 });
  });
});

describe('events', () => {
  const at = (reasons: Readonly<Record<string, string>>) => ({
    conditions: Object.entries(reasons).map(([type, text]) => {
      const [status = '', reason = ''] = text.split(' ');
      const time = { lastTransitionTime: '2026-01-01T00:00:00Z' };
      return { ...time, type, status: status as 'True' | 'False', reason, message: `${reason}.` };
    }),
  });
  const reasons = (...[before, after]: Parameters<typeof jobEvents>) =>
    jobEvents(before, after).map(({ type, reason }) => `${type} ${reason}`);

  it('tell of turns that matter, a failure once, and of nothing where nothing turned', () => {
    const planning = at({
      Complete: 'False Planning',
      Failed: 'False NotFailed',
      Stalled: 'False NotStalled',
    });
    assert.deepEqual(reasons({}, planning), ['Normal Planning']);
    assert.deepEqual(reasons(planning, planning), []);
    const stalled = at({ Complete: 'False Planning', Stalled: 'True ImageNotPulled' });
    assert.deepEqual(reasons(planning, stalled), ['Warning ImageNotPulled']);
    const failed = at({ Complete: 'False Failed', Failed: 'True OutOfMemory', Stalled: 'True OutOfMemory' });
    assert.deepEqual(reasons(planning, failed), ['Warning OutOfMemory']);
    assert.deepEqual(reasons({ ...planning, attempt: 0 }, { ...planning, attempt: 1 }), ['Normal Retrying']);
  });
});
