/** The product for single namespaces: nothing of it is cluster-scoped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { submit } from './support/deid-job.ts';
import { installProduct, manifestOfProduct, uninstallProduct } from './support/product.ts';
import { testCluster } from './support/test-cluster.ts';
import { makeWorkplace } from './support/workplace.ts';

export function namespacedSuite(): void {
  test('an operator for one namespace does its jobs and leaves the others alone', async () => {
    const [watched, other] = [await makeWorkplace('namespaced'), await makeWorkplace('namespaced-other')];
    await watched.putImages(2);
    await uninstallProduct();
    await testCluster().kubectl('delete', 'serviceaccount', 'deid-worker', '-n', watched.namespace);
    await installProduct({ 'watch.namespaces': [watched.namespace], 'crds.install': false });
    assert.doesNotMatch(await manifestOfProduct(), /^kind: (Cluster|CustomResource)/m);
    const ignored = await submit(other.job('images'));
    const job = await submit(watched.job('images'));
    const { objects } = await job.wait('Complete');
    assert.equal(objects?.deidentified, 2);
    assert.deepEqual(await ignored.status(), {});
  });
}
