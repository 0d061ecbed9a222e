/** What happens to the operator and to the control plane, one after the other: jobs go on, and nothing is made twice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type SubmittedJob, submit } from './support/deid-job.ts';
import { eventually, runningPod } from './support/pods.ts';
import { operatorPods, release } from './support/product.ts';
import { assertImages } from './support/same-as-local.ts';
import { testCluster } from './support/test-cluster.ts';
import { makeWorkplace, slowPods, type Workplace } from './support/workplace.ts';

const images = 64;

async function jobOverImages(namespace: string): Promise<{ workplace: Workplace; job: SubmittedJob }> {
  const workplace = await makeWorkplace(namespace);
  await workplace.putImages(images);
  return {
    workplace,
    job: await submit(workplace.job('images', { ...slowPods, failurePolicy: { shardRetries: 0 } })),
  };
}

/** Kills pods of the operator at once, without a chance to give up the lease; all of them where none is named. */
async function killOperator(...names: readonly string[]): Promise<void> {
  const which = names.length === 0 ? ['-l', operatorPods] : names;
  const how = ['--force', '--grace-period=0', '--wait=false'];
  await testCluster().kubectl('delete', 'pods', '-n', release.namespace, ...which, ...how);
}

async function leader(): Promise<string | undefined> {
  const lease = (await testCluster().kubectl.get('lease', release.name, release.namespace)) as
    | { readonly spec: { readonly holderIdentity?: string } }
    | undefined;
  return lease?.spec.holderIdentity;
}

/** Each step ran once, as one Job, and the outputs are those of an undisturbed run. */
async function assertUndisturbed(workplace: Workplace, job: SubmittedJob): Promise<void> {
  const status = await job.wait('Complete');
  assert.equal(status.attempt, 0);
  assert.equal(status.objects?.deidentified, images);
  const children = await testCluster().kubectl.list('jobs', job.namespace);
  assert.equal(children.length, 3);
  await assertImages(workplace, images);
}

export function disturbancesSuite(): void {
  const isOwn = process.env.DEID_CLUSTER === undefined;
  const skip = isOwn ? false : 'it takes a cluster of its own';

  test('the operator is killed in each phase of a job', async () => {
    const { workplace, job } = await jobOverImages('operator-killed');
    for (const phase of ['Planning', 'Processing', 'Finishing']) {
      await killOperator();
      await eventually(job.namespace, `${job.name} has come to ${phase}`, async () => {
        const status = await job.status();
        const reason = status.conditions?.find(({ type }) => type === 'Complete')?.reason;
        return [phase, 'Complete'].includes(reason ?? '');
      });
    }
    await killOperator();
    await assertUndisturbed(workplace, job);
  });

  test('one of two operators leads; where it is killed, the other takes over', async () => {
    await eventually(release.namespace, 'an operator leads', async () => (await leader()) !== undefined);
    const { workplace, job } = await jobOverImages('operator-leader');
    await runningPod(job, 'process');
    const first = await leader();
    const pods = (await testCluster().kubectl.list('pods', release.namespace, operatorPods)) as readonly {
      readonly metadata: { readonly name: string };
    }[];
    const [leading] = pods.filter(({ metadata }) => first?.includes(metadata.name));
    assert.ok(leading !== undefined, 'the lease names a pod of the operator');
    await killOperator(leading.metadata.name);
    await eventually(release.namespace, 'another operator leads', async () => {
      const now = await leader();
      return now !== undefined && now !== first;
    });
    await assertUndisturbed(workplace, job);
  });

  test('the API server is killed and started anew', { skip }, async () => {
    const { workplace, job } = await jobOverImages('api-server');
    await runningPod(job, 'process');
    await testCluster().own?.plane.restartApiServer();
    await assertUndisturbed(workplace, job);
  });

  test('etcd stands still for ten seconds', { skip }, async () => {
    const { workplace, job } = await jobOverImages('etcd');
    await runningPod(job, 'process');
    const etcd = testCluster().own?.plane.etcd;
    etcd?.signal('SIGSTOP');
    await pause(10_000);
    etcd?.signal('SIGCONT');
    await assertUndisturbed(workplace, job);
  });
}
