/** Whole lives of jobs, decided over a simulated cluster. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { validateJobStatus } from '../../crds/v1alpha1/job-status.ts';
import { rawJob } from '../../test/builders/operator-job.ts';
import { type PodEnd, SimulatedCluster } from '../../test/builders/simulated-cluster.ts';
import { changeOf } from '../status/changes.ts';
import { decideJob } from './decide-job.ts';

function condition(cluster: SimulatedCluster, type: string) {
  return cluster.status.conditions?.find((each) => each.type === type) ?? assert.fail(`no condition ${type}`);
}

/** Lets the operator and the cluster act in turn until neither has anything to do. */
async function settle(cluster: SimulatedCluster, ends: readonly PodEnd[] = ['Success']): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) {
    const before = `${cluster.writes} ${cluster.jobs.size}`;
    const decision = await cluster.reconcile();
    cluster.nowMs += 1000;
    const [active] = cluster.activeJobs;
    if (active !== undefined) cluster.run(active, ends);
    else if (decision.kind !== 'Act' || decision.wakeAfterMs === undefined) {
      if (before === `${cluster.writes} ${cluster.jobs.size}`) return;
    }
  }
  assert.fail('the job does not settle');
}

describe('a job that goes well', () => {
  it('is accepted and planned in one pass, processed, finished and Complete', async () => {
    const cluster = new SimulatedCluster(rawJob(), 3);
    await cluster.reconcile();
    assert.deepEqual(
      [...cluster.jobs.keys()],
      ['j-95ac16-plan-0'].map((name) => name.replace('95ac16', tail(cluster))),
    );
    assert.equal(condition(cluster, 'Reconciling').status, 'False');
    assert.equal(condition(cluster, 'Complete').reason, 'Planning');
    await settle(cluster);
    assert.equal(condition(cluster, 'Complete').status, 'True');
    assert.equal(cluster.status.progress, '100%');
    assert.deepEqual(cluster.status.shards, { total: 3, active: 0, succeeded: 3, failed: 0 });
    assert.deepEqual(cluster.status.objects, {
      ...{ total: 30, deidentified: 30, review: 0, rejected: 0, skipped: 0, failed: 0 },
    });
    assert.match(cluster.status.duration ?? '', /^\d+s$/);
    assert.ok(cluster.writes <= 8, `${cluster.writes} writes`);
  });

  it('in buckets takes at most ten writes, its finalizer goes as soon as it is Complete', async () => {
    const cluster = new SimulatedCluster(rawJob({ s3: true }), 3);
    await cluster.reconcile();
    assert.deepEqual(finalizers(cluster), ['deid.imaging/cleanup']);
    await settle(cluster);
    assert.deepEqual(finalizers(cluster), []);
    assert.ok(cluster.writes <= 10, `${cluster.writes} writes`);
  });

  it('over an empty source has no process Job', async () => {
    const cluster = new SimulatedCluster(rawJob(), 0);
    await settle(cluster);
    assert.deepEqual(cluster.jobsOf('process'), []);
    assert.equal(condition(cluster, 'Complete').status, 'True');
  });
});

function tail(cluster: SimulatedCluster): string {
  return [...cluster.jobs.keys()][0]?.split('-')[1] ?? '';
}

function finalizers(cluster: SimulatedCluster): readonly string[] {
  return (cluster.job.metadata as { readonly finalizers?: readonly string[] }).finalizers ?? [];
}

describe('a job of another controller', () => {
  it('is left alone, whatever stands in it', async () => {
    const cluster = new SimulatedCluster(
      rawJob({ spec: { managedBy: 'kueue.x-k8s.io/multikueue', key: {} } }),
      1,
    );
    assert.equal((await cluster.reconcile()).kind, 'LeaveAlone');
    assert.equal(cluster.writes, 0);
  });
});

describe('what keeps a job from beginning', () => {
  it('is a spec that is wrong: the job fails', async () => {
    const cluster = new SimulatedCluster(rawJob({ spec: { key: {} } }), 1);
    await settle(cluster);
    assert.equal(condition(cluster, 'Failed').reason, 'InvalidSpec');
    assert.match(condition(cluster, 'Failed').message, /^spec\.key\.secretRef is missing/);
    assert.equal(condition(cluster, 'Reconciling').status, 'False');
    assert.equal(cluster.writes, 1);
  });

  it('is a profile that is not there yet: the job waits for it', async () => {
    const cluster = new SimulatedCluster(rawJob({ spec: { profileRef: { name: 'p' } } }), 1);
    await settle(cluster);
    assert.equal(condition(cluster, 'Stalled').reason, 'ProfileNotFound');
    assert.equal(condition(cluster, 'Failed').status, 'False');
    cluster.profiles.set('p', profile('p'));
    await settle(cluster);
    assert.equal(condition(cluster, 'Complete').status, 'True');
    assert.equal(condition(cluster, 'Stalled').status, 'False');
  });

  it('is a profile that is wrong: its first problem is named', async () => {
    const cluster = new SimulatedCluster(rawJob({ spec: { profileRef: { name: 'p' } } }), 1);
    cluster.profiles.set('p', profile('p', [{ match: {}, action: 'remove' }]));
    await settle(cluster);
    assert.equal(condition(cluster, 'Stalled').reason, 'ProfileInvalid');
    assert.match(condition(cluster, 'Stalled').message, /spec\.dicom\.rules\[0\]\.match must say/);
  });
});

function profile(name: string, rules: readonly unknown[] = []) {
  const metadata = { name, namespace: 'ns', uid: 'p', resourceVersion: '1' };
  const dicom = { basis: { edition: '2026c' }, rules };
  return { apiVersion: 'deid.imaging/v1alpha1', kind: 'DeidProfile', metadata, spec: { dicom } };
}

describe('the profile of a job under way', () => {
  it('may be edited and deleted: the job has its own copy', async () => {
    const cluster = new SimulatedCluster(rawJob({ spec: { profileRef: { name: 'p' } } }), 2);
    cluster.profiles.set('p', profile('p'));
    await cluster.reconcile();
    const { digest } = cluster.status.runSpec ?? {};
    cluster.profiles.delete('p');
    await settle(cluster);
    assert.equal(condition(cluster, 'Complete').status, 'True');
    assert.equal(cluster.status.runSpec?.digest, digest);
  });

  it('is asked for no more once no pod is to be made, lost copy or not', async () => {
    const cluster = new SimulatedCluster(rawJob({ spec: { profileRef: { name: 'p' } } }), 2);
    cluster.profiles.set('p', profile('p'));
    for (let pass = 0; pass < 3; pass += 1) {
      await cluster.reconcile();
      for (const job of cluster.activeJobs) cluster.run(job, ['Success']);
    }
    cluster.profiles.clear();
    cluster.configMaps.clear();
    await settle(cluster);
    assert.equal(condition(cluster, 'Complete').status, 'True');
  });

  it('must be as it was where the copy was lost: else the job fails', async () => {
    const cluster = new SimulatedCluster(rawJob({ spec: { profileRef: { name: 'p' } } }), 2);
    cluster.profiles.set('p', profile('p'));
    await cluster.reconcile();
    cluster.configMaps.clear();
    for (const job of cluster.activeJobs)
      cluster.jobs.delete(job.manifest.metadata ? nameOf(job.manifest) : '');
    await cluster.reconcile();
    assert.equal(cluster.configMaps.size, 1, 'the same run spec is stored again');
    cluster.configMaps.clear();
    cluster.jobs.clear();
    cluster.profiles.set('p', profile('p', [{ match: { keyword: 'StudyDescription' }, action: 'remove' }]));
    await settle(cluster);
    assert.equal(condition(cluster, 'Failed').reason, 'RunSpecLost');
  });
});

describe('the image of a job under way', () => {
  it('stays the one that it was accepted with, in every step and attempt, whatever the operator runs by then', async () => {
    const cluster = new SimulatedCluster(rawJob({ s3: true }), 4);
    await cluster.reconcile();
    cluster.settings = { ...cluster.settings, image: 'registry.example/deid:2' };
    await settle(cluster, ['Success', 'ObjectsFailed']);
    cluster.editSpec({ retry: 1 });
    await cluster.reconcile();
    await cluster.reconcile();
    cluster.delete();
    for (let pass = 0; pass < 3; pass += 1) await cluster.reconcile();
    const images = [...cluster.made].map((job) => imageOf(job));
    assert.deepEqual(new Set(images), new Set(['registry.example/deid:1']));
    assert.ok(images.length >= 5, 'plan, process, finish, process again, cleanup');
  });
});

function imageOf(manifest: Readonly<Record<string, unknown>>): unknown {
  const { template } = manifest.spec as { readonly template: { readonly spec: { containers: unknown[] } } };
  const [container] = template.spec.containers as readonly { readonly image: string }[];
  return container?.image;
}

function nameOf(manifest: Readonly<Record<string, unknown>>): string {
  return (manifest.metadata as { readonly name: string }).name;
}

describe('a step whose word is lost', () => {
  it('is run again and says the same', async () => {
    const cluster = new SimulatedCluster(rawJob(), 2);
    await cluster.reconcile();
    const [planJob] = cluster.activeJobs;
    assert.ok(planJob !== undefined);
    cluster.run(planJob, ['Success']);
    planJob.pods = [];
    await cluster.reconcile();
    assert.equal(cluster.jobs.size, 0);
    await settle(cluster);
    assert.equal(condition(cluster, 'Complete').status, 'True');
  });

  it('is not run again for shards whose Job is gone when finish is under way', async () => {
    const cluster = new SimulatedCluster(rawJob(), 2);
    for (let pass = 0; pass < 2; pass += 1) {
      await cluster.reconcile();
      for (const job of cluster.activeJobs) cluster.run(job, ['Success']);
    }
    await cluster.reconcile();
    const [processJob] = cluster.jobsOf('process');
    assert.ok(processJob !== undefined && cluster.jobsOf('finish').length === 1);
    cluster.jobs.delete(nameOf(processJob.manifest));
    await settle(cluster);
    assert.deepEqual(cluster.jobsOf('process'), []);
    assert.equal(condition(cluster, 'Complete').status, 'True');
  });

  it('is not run again for shards, where both Jobs are gone and finish has sealed what is left of them', async () => {
    const cluster = new SimulatedCluster(rawJob(), 2);
    await cluster.reconcile();
    for (const job of cluster.activeJobs) cluster.run(job, ['Success']);
    await cluster.reconcile();
    for (const job of cluster.activeJobs) cluster.run(job, ['Success', 'Crash']);
    await cluster.reconcile();
    for (const job of cluster.activeJobs) cluster.run(job, ['Success']);
    cluster.jobs.clear();
    await cluster.reconcile();
    assert.deepEqual(cluster.jobsOf('process'), []);
    await settle(cluster);
    assert.equal(condition(cluster, 'Failed').reason, 'ShardsUndone');
  });

  it('fails the job where a pod is there and says what nobody knows', async () => {
    const cluster = new SimulatedCluster(rawJob(), 2);
    await cluster.reconcile();
    const [planJob] = cluster.activeJobs;
    assert.ok(planJob !== undefined);
    cluster.run(planJob, ['Success']);
    planJob.pods = [{ status: { phase: 'Succeeded' } }];
    await settle(cluster);
    assert.equal(condition(cluster, 'Failed').reason, 'SummaryUnreadable');
  });
});

describe('a job that fails', () => {
  it('in its plan says what the worker said, and goes on when spec.retry is raised', async () => {
    const cluster = new SimulatedCluster(rawJob(), 2);
    await settle(cluster, ['StorageDenied']);
    assert.equal(condition(cluster, 'Failed').reason, 'StorageDenied');
    assert.equal(condition(cluster, 'Stalled').status, 'True');
    cluster.editSpec({ retry: 1 });
    await settle(cluster);
    assert.equal(condition(cluster, 'Complete').status, 'True');
    assert.equal(cluster.status.attempt, 1);
    assert.equal(cluster.status.completionTime !== undefined, true);
  });

  it('in some shards seals the rest, and tries those shards alone again', async () => {
    const cluster = new SimulatedCluster(rawJob(), 4);
    await settle(cluster, ['Success', 'ObjectsFailed']);
    assert.equal(condition(cluster, 'Failed').reason, 'ObjectsFailed');
    assert.deepEqual(cluster.status.retryable, { attempt: 0, shards: 2 });
    assert.equal(cluster.status.shards?.failedIndexes, '1,3');
    cluster.editSpec({ retry: 1 });
    await settle(cluster);
    assert.equal(cluster.jobsOf('process')[1]?.spec.completions, 2);
    assert.equal(condition(cluster, 'Complete').status, 'True');
    assert.equal(cluster.status.retryable, undefined);
    assert.equal(cluster.status.progress, '100%');
  });

  it('goes on by itself as often as spec.retry says', async () => {
    const cluster = new SimulatedCluster(rawJob({ spec: { retry: 3 } }), 4);
    await settle(cluster, ['ObjectsFailed']);
    assert.equal(cluster.status.attempt, 3);
    assert.equal(condition(cluster, 'Failed').reason, 'ObjectsFailed');
  });

  it('for more objects held back than allowed makes no further attempt, which would change nothing', async () => {
    const cluster = new SimulatedCluster(rawJob({ spec: { retry: 3 } }), 4);
    cluster.work.isBeyondPolicy = true;
    await settle(cluster, ['ObjectsFailed']);
    assert.equal(cluster.status.attempt, 0);
    assert.equal(condition(cluster, 'Failed').reason, 'FailurePolicyExceeded');
  });

  it('for a reason that stops all shards waits for a person, attempts left or not', async () => {
    const cluster = new SimulatedCluster(rawJob({ spec: { retry: 3 } }), 4);
    await cluster.reconcile();
    for (const job of cluster.activeJobs) cluster.run(job, ['Success']);
    await cluster.reconcile();
    for (const job of cluster.activeJobs) cluster.run(job, ['StorageDenied']);
    await settle(cluster);
    assert.equal(cluster.status.attempt, 0);
    assert.equal(condition(cluster, 'Failed').reason, 'StorageDenied');
    cluster.editSpec({ parallelism: 5 });
    await settle(cluster);
    assert.equal(condition(cluster, 'Complete').status, 'True');
  });

  it('in its finish runs that again, and its shards not', async () => {
    const cluster = new SimulatedCluster(rawJob(), 2);
    for (let pass = 0; pass < 2; pass += 1) {
      await cluster.reconcile();
      for (const job of cluster.activeJobs) cluster.run(job, ['Success']);
    }
    await cluster.reconcile();
    const [processJob] = cluster.jobsOf('process');
    await settle(cluster, ['StorageDenied']);
    assert.equal(condition(cluster, 'Failed').reason, 'StorageDenied');
    cluster.editSpec({ retry: 1 });
    await settle(cluster);
    assert.equal(condition(cluster, 'Complete').status, 'True');
    assert.deepEqual(cluster.jobsOf('process'), [processJob]);
    assert.equal(cluster.status.attempt, 0);
  });

  it('names memory where the kernel took the pods', async () => {
    const cluster = new SimulatedCluster(rawJob(), 1);
    await settle(cluster, ['OutOfMemory']);
    assert.equal(condition(cluster, 'Failed').reason, 'OutOfMemory');
  });
});

describe('suspend', () => {
  it('stops the step under way by a patch, and resume lets the same Job go on', async () => {
    const cluster = new SimulatedCluster(rawJob(), 2);
    await cluster.reconcile();
    const [planJob] = cluster.activeJobs;
    cluster.editSpec({ suspend: true });
    await settle(cluster);
    assert.equal(planJob?.spec.suspend, true);
    assert.equal(condition(cluster, 'Suspended').status, 'True');
    cluster.editSpec({ suspend: false });
    await settle(cluster);
    assert.equal(condition(cluster, 'Complete').status, 'True');
    assert.equal(cluster.status.attempt, 0);
    assert.equal(cluster.jobsOf('plan').length, 1);
  });

  it('before the first pod makes none', async () => {
    const cluster = new SimulatedCluster(rawJob({ spec: { suspend: true } }), 2);
    await settle(cluster);
    assert.equal(cluster.jobs.size, 0);
    assert.equal(condition(cluster, 'Suspended').status, 'True');
    assert.equal(condition(cluster, 'Reconciling').status, 'False');
  });

  it('of a queued job gives its place up, and the queue alone starts what is made on resume', async () => {
    const cluster = new SimulatedCluster(rawJob({ labels: { 'kueue.x-k8s.io/queue-name': 'q' } }), 2);
    await settle(cluster);
    assert.equal(condition(cluster, 'Suspended').reason, 'Queued');
    assert.equal([...cluster.jobs.values()][0]?.spec.suspend, true);
    cluster.admit();
    await cluster.reconcile();
    assert.equal(condition(cluster, 'Suspended').status, 'False');
    cluster.editSpec({ suspend: true });
    await settle(cluster);
    assert.equal(cluster.jobs.size, 0);
    cluster.editSpec({ suspend: false });
    await settle(cluster);
    assert.equal([...cluster.jobs.values()][0]?.spec.suspend, true);
  });
});

describe('a child Job that somebody else suspends', () => {
  it('is never started by the operator: a queue may take Jobs without its label too', async () => {
    const cluster = new SimulatedCluster(rawJob(), 2);
    await cluster.reconcile();
    const [planJob] = cluster.activeJobs;
    assert.ok(planJob !== undefined);
    planJob.spec.suspend = true;
    await settle(cluster);
    assert.equal(planJob.spec.suspend, true);
    assert.equal(condition(cluster, 'Suspended').reason, 'Queued');
    cluster.editSpec({ suspend: true });
    await settle(cluster);
    cluster.editSpec({ suspend: false });
    await settle(cluster);
    assert.equal(planJob.spec.suspend, true);
    cluster.admit();
    await settle(cluster);
    assert.equal(condition(cluster, 'Complete').status, 'True');
  });
});

describe('changes under way', () => {
  it('of parallelism and deadline reach the process Job by one patch', async () => {
    const cluster = new SimulatedCluster(rawJob(), 8);
    await cluster.reconcile();
    for (const job of cluster.activeJobs) cluster.run(job, ['Success']);
    await cluster.reconcile();
    cluster.editSpec({ parallelism: 100, activeDeadlineSeconds: 60 });
    const decision = await cluster.reconcile();
    assert.ok(decision.kind === 'Act');
    assert.deepEqual(
      decision.actions.map((action) => (action.kind === 'PatchJob' ? action.changes : action.kind)),
      [{ parallelism: 8, activeDeadlineSeconds: 60 }],
    );
  });
});

describe('deletion', () => {
  it('of a job on claims is not held up', async () => {
    const cluster = new SimulatedCluster(rawJob(), 2);
    await cluster.reconcile();
    cluster.delete();
    assert.equal(cluster.isGone, true);
  });

  it('of a job in buckets stops its pods, aborts uploads, and goes on', async () => {
    const cluster = new SimulatedCluster(rawJob({ s3: true }), 2);
    await cluster.reconcile();
    for (const job of cluster.activeJobs) cluster.run(job, ['Success']);
    await cluster.reconcile();
    cluster.delete();
    await cluster.reconcile();
    assert.deepEqual(cluster.jobsOf('process'), []);
    await cluster.reconcile();
    await cluster.reconcile();
    assert.equal(cluster.configMaps.size, 2, 'the cleanup has a run spec of its own');
    const [cleanup] = cluster.jobsOf('cleanup');
    assert.ok(cleanup !== undefined && !cluster.isGone);
    cluster.run(cleanup, ['Success']);
    await cluster.reconcile();
    assert.equal(cluster.isGone, true);
  });

  it('makes no pod with an account or a Secret that the operator does not allow', async () => {
    for (const forbidden of [{ allowedServiceAccounts: [] }, { allowedKeySecrets: [] }]) {
      const worker = { serviceAccountName: 's' };
      const cluster = new SimulatedCluster(rawJob({ s3: true, spec: { worker } }), 2);
      cluster.settings = { ...cluster.settings, ...forbidden };
      await cluster.reconcile();
      cluster.delete();
      for (let pass = 0; pass < 3; pass += 1) await cluster.reconcile();
      assert.deepEqual(cluster.made, []);
      assert.equal(cluster.isGone, true);
    }
  });

  it('waits no longer than its deadline', async () => {
    const cluster = new SimulatedCluster(rawJob({ s3: true }), 2);
    await cluster.reconcile();
    for (const job of cluster.activeJobs) cluster.run(job, ['Success']);
    await cluster.reconcile();
    cluster.delete();
    for (let pass = 0; pass < 3; pass += 1) await cluster.reconcile();
    const waiting = await cluster.reconcile();
    assert.ok(waiting.kind === 'Dismantle' && waiting.actions.length === 0);
    cluster.nowMs += waiting.wakeAfterMs ?? assert.fail('nothing wakes the operator');
    const last = await cluster.reconcile();
    assert.equal(cluster.isGone, true);
    assert.ok(last.kind === 'Dismantle' && last.leavesUploads === true, 'a person is told');
  });
});

const podEnd = fc.constantFrom<PodEnd>('Success', 'Crash', 'ObjectsFailed', 'StorageDenied', 'OutOfMemory');
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('pods' as const),
      ends: fc.array(podEnd, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('suspend' as const), on: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('retry' as const), retry: fc.integer({ min: 0, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('parallelism' as const),
      parallelism: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), survives: fc.integer({ min: 0, max: 3 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('lose' as const),
      nth: fc.nat(5),
      what: fc.constantFrom('job', 'pods'),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'half' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'admit' as const }) },
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

async function happen(cluster: SimulatedCluster, what: Event): Promise<void> {
  cluster.nowMs += 1000;
  switch (what.kind) {
    case 'pods': {
      const [active] = cluster.activeJobs;
      if (active !== undefined) cluster.run(active, what.ends);
      break;
    }
    case 'suspend':
      cluster.editSpec({ suspend: what.on });
      break;
    case 'retry':
      cluster.editSpec({ retry: what.retry });
      break;
    case 'parallelism':
      cluster.editSpec({ parallelism: what.parallelism });
      break;
    case 'crash':
      await cluster.reconcile(what.survives);
      break;
    case 'lose': {
      const ended = [...cluster.jobs.entries()].filter(([, { status }]) => status.conditions !== undefined);
      const [name, job] = ended[what.nth % Math.max(1, ended.length)] ?? [];
      if (job === undefined || name === undefined) break;
      if (what.what === 'job') cluster.jobs.delete(name);
      else job.pods = [];
      break;
    }
    case 'half':
      for (const job of cluster.activeJobs) cluster.halve(job);
      break;
    case 'admit':
      cluster.admit();
      break;
    default:
      what satisfies never;
  }
}

function lifeProperty(assertion: (cluster: SimulatedCluster, events: readonly Event[]) => Promise<void>) {
  const setting = fc.record({
    s3: fc.boolean(),
    queued: fc.boolean(),
    shards: fc.integer({ min: 0, max: 4 }),
  });
  return fc.assert(
    fc.asyncProperty(setting, fc.array(event, { maxLength: 25 }), async ({ s3, queued, shards }, events) => {
      const labels = queued ? { 'kueue.x-k8s.io/queue-name': 'q' } : {};
      await assertion(new SimulatedCluster(rawJob({ s3, labels }), shards), events);
    }),
    { numRuns: 300 },
  );
}

/** Counters of which each may only grow within an attempt. */
function counters({ status }: SimulatedCluster): readonly number[] {
  const { objects = {}, shards = {}, bytes = 0, progress = '0%' } = status;
  const { deidentified = 0, review = 0, rejected = 0, skipped = 0, failed = 0 } = objects;
  return [
    deidentified,
    review,
    rejected,
    skipped,
    failed,
    shards.succeeded ?? 0,
    bytes,
    Number.parseInt(progress, 10),
  ];
}

describe('properties of all lives', () => {
  it('deciding again on what was decided changes nothing', () =>
    lifeProperty(async (cluster, events) => {
      for (const each of events) {
        await happen(cluster, each);
        await cluster.reconcile();
        for (let again = 0; again < 4; again += 1) await cluster.reconcile();
        const facts = await cluster.facts();
        const decision = decideJob(facts);
        assert.ok(decision.kind === 'Act');
        assert.deepEqual(decision.actions, []);
        assert.equal(changeOf(cluster.status, cluster.statusAfter(facts, decision)), 'None');
      }
    }));

  it('within an attempt counters grow and the end is the end; the status fits its schema and adds up', () =>
    lifeProperty(async (cluster, events) => {
      for (const each of events) {
        const before = { ...cluster.status, counters: counters(cluster) };
        await happen(cluster, each);
        await cluster.reconcile();
        const { status } = cluster;
        assert.ok(validateJobStatus(status).ok);
        const { total = 0, active = 0, succeeded = 0, failed = 0 } = status.shards ?? {};
        assert.ok(succeeded + failed <= total && active <= total);
        const { total: all = 0, ...outcomes } = status.objects ?? {};
        assert.ok(Object.values(outcomes).reduce((sum, count) => sum + count, 0) <= all);
        if (before.conditions !== undefined) assert.equal(status.conditions?.length, 6);
        if ((before.attempt ?? 0) !== (status.attempt ?? 0)) continue;
        for (const [index, count] of counters(cluster).entries())
          assert.ok(count >= (before.counters[index] ?? 0));
        for (const type of ['Complete', 'Failed']) {
          const was = before.conditions?.find((each) => each.type === type);
          const isChanged = each.kind === 'suspend' || each.kind === 'retry' || each.kind === 'parallelism';
          if (was?.status === 'True' && !(type === 'Failed' && isChanged))
            assert.equal(condition(cluster, type).status, 'True');
        }
      }
    }));

  it('left in peace with working pods, every job ends Complete or, where it cannot, Failed', () =>
    lifeProperty(async (cluster, events) => {
      for (const each of events) {
        await happen(cluster, each);
        await cluster.reconcile();
      }
      cluster.editSpec({ suspend: false });
      for (let turn = 0; turn < 12; turn += 1) {
        cluster.admit();
        await settle(cluster);
      }
      const ends = ['Complete', 'Failed'].map((type) => condition(cluster, type).status);
      assert.deepEqual([...ends].sort(), ['False', 'True']);
      if (condition(cluster, 'Complete').status === 'True') {
        assert.ok(cluster.work.states.every((state) => state === 'Done'));
        assert.deepEqual(finalizers(cluster), []);
      }
    }));

  it('suspending costs no attempt', () =>
    lifeProperty(async (cluster, events) => {
      for (const each of events) {
        if (each.kind !== 'suspend' && each.kind !== 'parallelism' && each.kind !== 'admit') continue;
        await happen(cluster, each);
        await cluster.reconcile();
      }
      assert.equal(cluster.status.attempt ?? 0, 0);
    }));
});
