/** Jobs on a real cluster. The tests share it; each has a namespace of its own. */
import { after, before, describe, test } from 'node:test';
import { whatIsMissing } from '../cluster.ts';
import { changesSuite } from './changes.suite.ts';
import { disturbancesSuite } from './disturbances.suite.ts';
import { failuresSuite } from './failures.suite.ts';
import { imageSuite } from './image.suite.ts';
import { namespacedSuite } from './namespaced.suite.ts';
import { outputsSuite } from './outputs.suite.ts';
import { podsSuite } from './pods.suite.ts';
import { readmeSuite } from './readme.suite.ts';
import { rightsSuite } from './rights.suite.ts';
import { installProduct } from './support/product.ts';
import { startTestCluster, stopTestCluster } from './support/test-cluster.ts';
import { teardownSuite } from './teardown.suite.ts';

const missing = await whatIsMissing();

if (missing !== undefined && process.env.CI !== 'true') {
  test('jobs on a real cluster', { skip: missing }, () => undefined);
} else {
  before(async () => {
    await startTestCluster();
    await installProduct();
  });
  after(stopTestCluster);
  const sideBySide = { concurrency: 3 };
  describe('a real cluster', sideBySide, () => {
    imageSuite();
    outputsSuite();
    podsSuite();
    failuresSuite();
    changesSuite();
    rightsSuite();
  });
  // What these do, all jobs of the cluster feel.
  describe('operator and control plane, disturbed', disturbancesSuite);
  describe('single namespaces', namespacedSuite);
  describe('the README', readmeSuite);
  if (process.env.DEID_CLUSTER === undefined) describe('the end of a cluster', teardownSuite);
}
