import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { manualClock } from '../../operator/kube/manual-clock.ts';
import type { KubeObject } from '../../operator/kube/object.ts';
import { type FakeApiServer, startFakeApiServer } from './fake-api-server.ts';
import { type JobController, type PodScript, startJobController } from './job-controller.ts';
import { intervals } from './job-tally.ts';
import { jobs, namespaces, pods } from './kinds.ts';
import { type Fields, fields } from './merge-patch.ts';
import { list } from './pod-failure.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

interface Setting {
  readonly server: FakeApiServer;
  readonly controller: JobController;
  readonly job: () => KubeObject;
  readonly pods: () => readonly KubeObject[];
  readonly patch: (patch: Fields) => void;
  /** Lets everything happen that is due after so many milliseconds. */
  readonly pass: (ms?: number) => Promise<void>;
}

async function setting(spec: Fields, script: PodScript): Promise<Setting> {
  const clock = manualClock();
  const server = await startFakeApiServer({ clock });
  const controller = startJobController(server, script, clock);
  ends.push(async () => {
    controller.stop();
    await server.stop();
  });
  const writer = { manager: 'test' };
  server.objects.create(
    namespaces,
    undefined,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } },
    writer,
  );
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'worker' }] } };
  const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, spec: { template, ...spec } };
  server.objects.create(jobs, 'n', body, writer);
  const target = { kind: jobs, namespace: 'n', name: 'j', subresource: undefined };
  const pass = async (ms = 0) => {
    for (let turn = 0; turn < 30; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(turn === 0 ? ms : 0);
    }
  };
  await pass();
  return {
    server,
    controller,
    job: () => server.objects.get(target),
    pods: () => server.storage.all(pods),
    patch: (patch) => void server.objects.mergePatch(target, patch, writer),
    pass,
  };
}

function conditions(job: KubeObject): string[] {
  return list(fields(job.status).conditions)
    .filter(({ status }) => status === 'True')
    .map(({ type, reason }) => `${type} ${reason}`);
}

const succeed: PodScript = () => ({ exitCode: 0 });
const indexed = { completionMode: 'Indexed', completions: 3, parallelism: 2, backoffLimitPerIndex: 1 };
const policy = {
  podFailurePolicy: {
    rules: [
      { action: 'FailJob', onExitCodes: { containerName: 'worker', operator: 'In', values: [65] } },
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      { action: 'FailIndex', onExitCodes: { operator: 'In', values: [82] } },
    ],
  },
};

test('a Job of one pod ends with it, and its message stands in the pod', async () => {
  const { job, pods: all } = await setting({}, () => ({ exitCode: 0, message: 'made it' }));
  assert.deepEqual(conditions(job()), [
    'SuccessCriteriaMet CompletionsReached',
    'Complete CompletionsReached',
  ]);
  const [pod] = all();
  const state = fields(list(fields(pod?.status).containerStatuses)[0]?.state);
  assert.equal(fields(state.terminated).message, 'made it');
  assert.equal(pod?.metadata.labels?.app, 'a');
});

test('indexes run as many at a time as the Job says, also when it says otherwise', async () => {
  const running: number[] = [];
  const script: PodScript = ({ index = -1 }) => {
    running.push(index);
    return { exitCode: 0, afterMs: 1000 };
  };
  const { job, patch, pass } = await setting({ ...indexed, completions: 5 }, script);
  assert.deepEqual(running, [0, 1]);
  patch({ spec: { parallelism: 3 } });
  await pass();
  assert.deepEqual(running, [0, 1, 2]);
  await pass(1000);
  assert.equal(fields(job().status).completedIndexes, '0-2');
  await pass(1000);
  assert.deepEqual(conditions(job())[1], 'Complete CompletionsReached');
});

test('an index that fails is tried again until its limit, and the others run', async () => {
  const failures: number[] = [];
  const script: PodScript = ({ index, failures: before }) => {
    if (index !== 1) return { exitCode: 0 };
    failures.push(before);
    return { exitCode: 1 };
  };
  const { job } = await setting(indexed, script);
  assert.deepEqual(failures, [0, 1]);
  assert.deepEqual(conditions(job()), ['FailureTarget FailedIndexes', 'Failed FailedIndexes']);
  const { completedIndexes, failedIndexes, failed } = fields(job().status);
  assert.deepEqual(
    { completedIndexes, failedIndexes, failed },
    { completedIndexes: '0,2', failedIndexes: '1', failed: 2 },
  );
});

test('the failure policy fails the Job, fails the index, or ignores', async () => {
  const failing = await setting({ ...indexed, ...policy }, ({ index }) =>
    index === 0 ? { exitCode: 65 } : undefined,
  );
  assert.deepEqual(conditions(failing.job())[1], 'Failed PodFailurePolicy');
  assert.equal(failing.pods().length, 1);
  let tries = 0;
  const mixed = await setting({ ...indexed, ...policy }, ({ index }) => {
    if (index === 0) return { exitCode: 82 };
    if (index === 1) tries += 1;
    return index === 1 && tries < 5 ? { exitCode: 143, disrupted: true } : { exitCode: 0 };
  });
  assert.deepEqual(conditions(mixed.job())[1], 'Failed FailedIndexes');
  assert.equal(fields(mixed.job().status).failedIndexes, '0');
  assert.equal(fields(mixed.job().status).failed, 1);
  assert.equal(tries, 5);
});

test('too many failed indexes or pods end the Job', async () => {
  const fail: PodScript = () => ({ exitCode: 1 });
  const byIndex = await setting({ ...indexed, maxFailedIndexes: 0 }, fail);
  assert.deepEqual(conditions(byIndex.job())[1], 'Failed MaxFailedIndexesExceeded');
  const byPods = await setting({ backoffLimit: 2 }, fail);
  assert.deepEqual(conditions(byPods.job())[1], 'Failed BackoffLimitExceeded');
  assert.equal(byPods.pods().length, 3);
});

test('a suspended Job has no pods, and goes on where it was', async () => {
  const script: PodScript = ({ index }) => (index === 0 ? { exitCode: 0 } : { exitCode: 0, afterMs: 1000 });
  const { job, pods: all, patch, pass } = await setting(indexed, script);
  patch({ spec: { suspend: true } });
  await pass();
  assert.deepEqual(conditions(job()), ['Suspended JobSuspended']);
  assert.equal(fields(job().status).startTime, undefined);
  assert.equal(all().length, 1);
  await pass(5000);
  assert.equal(fields(job().status).completedIndexes, '0');
  patch({ spec: { suspend: false } });
  await pass();
  await pass(1000);
  assert.deepEqual(conditions(job())[1], 'Complete CompletionsReached');
});

test('the deadline ends a Job, and a finished one is removed with its pods when its time is over', async () => {
  const {
    server,
    job,
    pods: all,
    pass,
  } = await setting({ activeDeadlineSeconds: 60, ttlSecondsAfterFinished: 300 }, () => undefined);
  await pass(60_000);
  assert.deepEqual(conditions(job())[1], 'Failed DeadlineExceeded');
  await pass(300_000);
  assert.equal(server.storage.all(jobs).length, 0);
  assert.equal(all().length, 0);
});

test('a pod ends when the test says so, and one that is deleted is replaced', async () => {
  const { controller, job, pods: all, server, pass } = await setting({}, () => undefined);
  const [first] = all();
  assert.ok(first !== undefined);
  server.objects.delete(
    { kind: pods, namespace: 'n', name: first.metadata.name, subresource: undefined },
    {},
  );
  await pass();
  const [second] = all();
  assert.ok(second !== undefined && second.metadata.name !== first.metadata.name);
  controller.endPod(second, { exitCode: 0 });
  await pass();
  assert.deepEqual(conditions(job())[1], 'Complete CompletionsReached');
});

test('a Job that nobody touches is written no more', async () => {
  const { server, pass } = await setting({}, succeed);
  const { revision } = server.storage;
  await pass(10_000);
  assert.equal(server.storage.revision, revision);
});

test('indexes are told as intervals', () => {
  assert.equal(intervals(new Set([7, 0, 1, 2, 5])), '0-2,5,7');
  assert.equal(intervals(new Set()), '');
});
