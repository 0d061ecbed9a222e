/** The operator against an API server that is fake and Jobs that are simulated: whole lives, faults, and rivals. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Counters } from '../../crds/records/counters.ts';
import { childJobName } from '../../operator/build/names.ts';
import type { Transport } from '../../operator/kube/transport.ts';
import type { ScriptedWorkerOptions } from '../builders/scripted-worker.ts';
import { randomFaults } from '../fake-api-server/faults.ts';
import { jobs } from '../fake-api-server/kinds.ts';
import { deidprofiles, eventually, isPermitted, OperatorFixture } from './operator-fixture.ts';

const fixtures: OperatorFixture[] = [];
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.stop();
});

async function cluster(options: ScriptedWorkerOptions = { shards: 4 }): Promise<OperatorFixture> {
  const fixture = await OperatorFixture.start(options);
  fixtures.push(fixture);
  return fixture;
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** No child was made twice, and no shard was processed twice. */
function assertNothingTwice(fixture: OperatorFixture): void {
  const names = fixture.children().map(({ metadata }) => metadata.name);
  assert.equal(new Set(names).size, names.length);
  for (const [, counts] of fixture.worker.processed) assert.deepEqual(counts, [1, 1, 1, 1]);
}

describe('a job', () => {
  it('goes from apply to Complete in at most ten writes, and then costs none', async () => {
    const fixture = await cluster();
    const operator = fixture.lead();
    fixture.apply({ s3: true });
    await eventually(() => fixture.condition('Complete') === 'True Complete', 'Complete');
    await rest(300);
    assert.ok(
      fixture.writes.length <= 10,
      fixture.writes.map(({ verb, resource }) => `${verb} ${resource}`).join(),
    );
    assert.deepEqual(fixture.job()?.metadata.finalizers ?? [], []);
    assert.equal(fixture.job()?.metadata.generation, 1, 'the operator never writes spec');
    assertNothingTwice(fixture);
    const count = fixture.writes.length;
    await rest(500);
    assert.equal(fixture.writes.length, count);
    assert.deepEqual(
      operator.passes.filter(({ result }) => result === 'error'),
      [],
    );
    const reasons = operator.events.map(({ reason }) => reason);
    assert.deepEqual(reasons, ['Planning', 'Processing', 'Finishing', 'Complete']);
  });

  it('waits for its profile, and its run outlives the profile', async () => {
    const fixture = await cluster();
    fixture.lead();
    fixture.apply({ spec: { profileRef: { name: 'p' } } });
    await eventually(() => fixture.condition('Stalled') === 'True ProfileNotFound', 'ProfileNotFound');
    fixture.create(deidprofiles, {
      apiVersion: 'deid.imaging/v1alpha1',
      kind: 'DeidProfile',
      metadata: { name: 'p' },
      spec: { dicom: { basis: { edition: '2026c' } } },
    });
    await eventually(() => fixture.condition('Complete') === 'True Complete', 'Complete');
    const profile = fixture.server.storage.get(deidprofiles, 'ns/p');
    assert.match(JSON.stringify(profile?.status), /"type":"Ready","status":"True","reason":"Valid"/);
  });

  it('is suspended and resumed under way', async () => {
    let isSlow = true;
    const fixture = await cluster({
      shards: 4,
      shardEnd: () => (isSlow ? undefined : { exitCode: 0 }),
    });
    fixture.lead();
    fixture.apply();
    await eventually(() => fixture.status().shards?.active === 4, 'pods run', 8000);
    fixture.patch('j', { spec: { suspend: true } });
    await eventually(() => fixture.condition('Suspended') === 'True Suspended', 'Suspended');
    isSlow = false;
    fixture.patch('j', { spec: { suspend: false } });
    await eventually(() => fixture.condition('Complete') === 'True Complete', 'Complete');
    assert.equal(fixture.status().attempt, 0);
    assertNothingTwice(fixture);
  });

  it('that failed in some shards tries those alone again when spec.retry is raised', async () => {
    let isBroken = true;
    const fixture = await cluster({
      shards: 4,
      shardEnd: (_, shard) => ({ exitCode: isBroken && shard % 2 === 1 ? 82 : 0 }),
    });
    fixture.lead();
    fixture.apply();
    await eventually(() => fixture.condition('Failed') === 'True ObjectsFailed', 'Failed');
    isBroken = false;
    fixture.patch('j', { spec: { retry: 1 } });
    await eventually(() => fixture.condition('Complete') === 'True Complete', 'Complete');
    const [counts] = [...fixture.worker.processed.values()];
    assert.deepEqual(counts, [1, 2, 1, 2]);
  });

  it('that is deleted under way leaves no child, and a bucket no upload', async () => {
    const fixture = await cluster({ shards: 4, shardEnd: () => undefined });
    fixture.lead();
    fixture.apply({ s3: true });
    await eventually(() => fixture.children().length === 2, 'pods run');
    fixture.delete('j');
    await eventually(() => fixture.job() === undefined, 'gone');
    await eventually(
      () => fixture.children().every(({ metadata }) => metadata.name.endsWith('-cleanup-0')),
      'no child',
    );
    assert.equal(fixture.children().length, 1);
  });

  it('with a queue is started by the queue alone, which may change what it starts', async () => {
    let isHeld = true;
    const fixture = await cluster({ shards: 4, shardEnd: () => (isHeld ? undefined : { exitCode: 0 }) });
    fixture.lead();
    fixture.apply({ labels: { 'kueue.x-k8s.io/queue-name': 'q' } });
    const waiting = () =>
      fixture.children().filter(({ spec }) => (spec as { suspend?: boolean }).suspend === true);
    const admitAll = () => {
      // What Kueue writes when it admits: flavours of nodes, and of fewer pods where there is room for fewer.
      const admitted = {
        suspend: false,
        parallelism: 1,
        template: { spec: { nodeSelector: { flavour: 'spot' } } },
      };
      for (const { metadata } of waiting()) {
        const target = { kind: jobs, namespace: 'ns', name: metadata.name, subresource: undefined };
        fixture.server.objects.mergePatch(target, { spec: admitted }, { manager: 'queue' });
      }
    };
    await eventually(() => fixture.condition('Suspended') === 'True Queued', 'Queued');
    admitAll();
    await eventually(
      () => waiting().some(({ metadata }) => metadata.name.endsWith('process-0')),
      'shards wait',
    );
    admitAll();
    await eventually(() => fixture.condition('Suspended') === 'False NotSuspended', 'admitted');
    fixture.patch('j', { spec: { suspend: true } });
    await eventually(() => fixture.condition('Suspended') === 'True Suspended', 'gave its place up');
    assert.ok(fixture.children().every(({ metadata }) => !metadata.name.endsWith('process-0')));
    isHeld = false;
    fixture.patch('j', { spec: { suspend: false } });
    const admitting = setInterval(admitAll, 20);
    await eventually(() => fixture.condition('Complete') === 'True Complete', 'Complete').finally(() =>
      clearInterval(admitting),
    );
    assert.deepEqual(
      fixture.writes.filter(({ verb, resource }) => `${verb} ${resource}` === 'patch jobs'),
      [],
    );
    assertNothingTwice(fixture);
  });

  it('whose cleanup the API server refuses is let go, and a person is told', async () => {
    const fixture = await cluster({ shards: 4, shardEnd: () => undefined });
    const operator = fixture.lead();
    fixture.apply({ s3: true });
    await eventually(() => fixture.children().length === 2, 'pods run');
    fixture.server.allow(
      'operator',
      (request) => isPermitted(request) && !(request.verb === 'create' && request.resource === 'jobs'),
    );
    fixture.delete('j');
    await eventually(() => fixture.job() === undefined, 'gone');
    await eventually(() => operator.events.some(({ reason }) => reason === 'UploadsLeft'), 'told');
  });

  it('whose child the API server refuses says so, and goes on when it is let', async () => {
    const fixture = await cluster();
    fixture.server.allow(
      'operator',
      (request) => isPermitted(request) && !(request.verb === 'create' && request.resource === 'jobs'),
    );
    fixture.lead();
    fixture.apply();
    await eventually(() => fixture.condition('Stalled') === 'True ChildRefused', 'ChildRefused');
    assert.equal(fixture.condition('Reconciling'), 'False Accepted');
    fixture.server.allow('operator', isPermitted);
    await eventually(() => fixture.condition('Complete') === 'True Complete', 'Complete');
  });

  it('whose change of a child the API server refuses says so, and goes on when it is let', async () => {
    const fixture = await cluster({ shards: 4, shardEnd: () => undefined });
    fixture.lead();
    fixture.apply();
    await eventually(() => fixture.children().length === 2, 'pods run');
    fixture.server.allow(
      'operator',
      (request) => isPermitted(request) && !(request.verb === 'patch' && request.resource === 'jobs'),
    );
    fixture.patch('j', { spec: { suspend: true } });
    await eventually(() => fixture.condition('Stalled') === 'True ChildRefused', 'ChildRefused');
    fixture.server.allow('operator', isPermitted);
    await eventually(() => fixture.condition('Suspended') === 'True Suspended', 'Suspended');
    await eventually(() => fixture.condition('Stalled') === 'False NotStalled', 'NotStalled');
  });

  it("whose child's name another object has says so, and touches it not", async () => {
    const fixture = await cluster();
    const { metadata } = fixture.apply({ spec: { suspend: true } });
    const name = childJobName({ name: 'j', namespace: 'ns', uid: metadata.uid }, 'plan', 0);
    const foreign = fixture.create(jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name },
      spec: { suspend: true, template: { spec: { containers: [] } } },
    });
    fixture.lead();
    fixture.patch('j', { spec: { suspend: false } });
    await eventually(() => fixture.condition('Stalled') === 'True NameConflict', 'NameConflict');
    const kept = fixture.children().find((child) => child.metadata.name === name);
    assert.equal(kept?.metadata.uid, foreign.metadata.uid);
  });

  it('shows the progress that its pods tell, and comes to its end without', async () => {
    const fixture = await cluster({
      shards: 4,
      shardEnd: ({ index }) => (index === 0 ? undefined : { exitCode: 0 }),
    });
    const counters: Counters = {
      kind: 'Counters',
      version: 1,
      shards: 1,
      shardsDone: 0,
      objects: 10,
      outcomes: { deidentified: 5, review: 0, rejected: 0, skipped: 0, failed: 0 },
      bytes: 1000,
      bytesIn: 500,
      bytesOut: 400,
    };
    fixture.lead({ readCounters: async () => counters, pollPeriodMs: 100 });
    fixture.apply();
    await eventually(() => fixture.status().progress === '87%', '87%', 8000);
    assert.equal(fixture.status().objects?.deidentified, 5);
    const [running] = fixture
      .pods()
      .filter(({ status }) => (status as { phase: string }).phase === 'Running');
    assert.ok(running !== undefined);
    fixture.worker.workOf(fixture.job()?.metadata.uid ?? '').states[0] = 'Done';
    fixture.jobController.endPod(running, { exitCode: 0 });
    await eventually(() => fixture.condition('Complete') === 'True Complete', 'Complete');
    assert.equal(fixture.status().objects?.deidentified, 40);
  });
});

/** Lets so many writes pass; the next one is carried out, and its answer is lost with the process that asked. */
function dyingAfter(writes: number, died: () => void) {
  let left = writes;
  const silence = (signal: AbortSignal | undefined) =>
    new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  return (transport: Transport): Transport => ({
    ...transport,
    call: async (path, options) => {
      if (left < 0) return silence(options?.signal);
      const answer = await transport.call(path, options);
      if ((options?.method ?? 'GET') === 'GET') return answer;
      left -= 1;
      if (left >= 0) return answer;
      died();
      return silence(options?.signal);
    },
  });
}

describe('nothing is done twice and nothing is lost', () => {
  for (let writes = 0; writes < 10; writes += 1) {
    it(`where the leader dies in the midst of write ${writes + 1}`, async () => {
      const fixture = await cluster();
      let isDead = false;
      fixture.lead({
        through: dyingAfter(writes, () => {
          isDead = true;
        }),
      });
      fixture.apply({ s3: true });
      await eventually(() => isDead || fixture.condition('Complete') === 'True Complete', 'death');
      fixture.lead();
      await eventually(() => fixture.condition('Complete') === 'True Complete', 'Complete');
      assertNothingTwice(fixture);
      assert.deepEqual(
        fixture
          .children()
          .map(({ metadata }) => metadata.name.replace(/^j-\w{6}-/, ''))
          .sort(),
        ['finish-0', 'plan-0', 'process-0'],
      );
    });
  }

  it('where two lead at once', async () => {
    const fixture = await cluster();
    const rivals = [fixture.lead(), fixture.lead()];
    for (const name of ['a', 'b', 'c']) fixture.apply({ name });
    for (const name of ['a', 'b', 'c']) {
      await eventually(() => fixture.condition('Complete', name) === 'True Complete', 'Complete');
    }
    assertNothingTwice(fixture);
    for (const { passes } of rivals)
      assert.deepEqual(
        passes.filter(({ result }) => result === 'error'),
        [],
      );
  });

  for (const seed of [1, 2, 3, 4, 5]) {
    it(`where a fifth of all requests meets a fault (seed ${seed})`, async () => {
      const fixture = await cluster();
      fixture.server.decide(randomFaults(seed, 0.2));
      fixture.lead();
      for (const name of ['a', 'b', 'c']) fixture.apply({ name, s3: true });
      for (const name of ['a', 'b', 'c']) {
        await eventually(() => fixture.condition('Complete', name) === 'True Complete', 'Complete', 60_000);
      }
      fixture.server.decide(() => undefined);
      assertNothingTwice(fixture);
      assert.equal(fixture.children().length, 9);
    });
  }
});
