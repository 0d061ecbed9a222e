/** What the service accounts of the product may do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { submit } from './support/deid-job.ts';
import { runningPod } from './support/pods.ts';
import { release } from './support/product.ts';
import { testCluster } from './support/test-cluster.ts';
import { makeWorkplace } from './support/workplace.ts';

/** `yes` or `no`, as `kubectl auth can-i` answers for a service account. */
async function may(account: string, ...question: readonly string[]): Promise<string> {
  const as = `--as=system:serviceaccount:${account}`;
  return await testCluster()
    .kubectl('auth', 'can-i', ...question, as)
    .then((answer) => answer.trim())
    .catch(() => 'no');
}

export function rightsSuite(): void {
  test('worker pods have no token, and their service account may do nothing', async () => {
    const workplace = await makeWorkplace('rights');
    const { namespace } = workplace;
    await workplace.putImages(2);
    const job = await submit(workplace.job('images'));
    const pod = await runningPod(job, 'process');
    assert.equal(pod.spec.serviceAccountName, 'deid-worker');
    assert.equal(pod.spec.automountServiceAccountToken, false);
    assert.ok(pod.spec.volumes.every((volume) => volume.projected === undefined));
    const questions = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'].flatMap((verb) =>
      ['secrets', 'configmaps', 'pods', 'jobs.batch', 'deidjobs.deid.imaging'].map((kind) => [verb, kind]),
    );
    for (const question of questions) {
      assert.equal(
        await may(`${namespace}:deid-worker`, ...question, '-n', namespace),
        'no',
        question.join(' '),
      );
    }
    await job.wait('Complete');
  });

  test('the operator reads no Secret, no log, and starts no command in a pod', async () => {
    const operator = `${release.namespace}:${release.name}`;
    const { namespace } = await makeWorkplace('rights-operator');
    assert.equal(await may(operator, 'list', 'deidjobs.deid.imaging', '-n', namespace), 'yes');
    for (const question of [
      ['get', 'secrets'],
      ['list', 'secrets'],
      ['get', 'pods/log'],
      ['create', 'pods/exec'],
      ['create', 'pods'],
      ['create', 'rolebindings.rbac.authorization.k8s.io'],
    ]) {
      assert.equal(await may(operator, ...question, '-n', namespace), 'no', question.join(' '));
    }
  });
}
