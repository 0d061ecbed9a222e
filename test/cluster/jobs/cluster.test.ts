/** Jobs on a real cluster. The tests share it; each has a namespace of its own. */
import { after, before, describe, test } from 'node:test';
import { whatIsMissing } from '../cluster.ts';
import { imageSuite } from './image.suite.ts';
import { stepsSuite } from './steps.suite.ts';
import { startTestCluster, stopTestCluster, testCluster } from './support/test-cluster.ts';

const missing = await whatIsMissing();

if (missing !== undefined && process.env.CI !== 'true') {
  test('jobs on a real cluster', { skip: missing }, () => undefined);
} else {
  before(async () => {
    await startTestCluster();
    await testCluster().kubectl('apply', '--server-side', '-f', 'charts/crds.yaml');
  });
  after(stopTestCluster);
  describe('the image', { concurrency: true }, imageSuite);
  describe('steps', { concurrency: true }, stepsSuite);
}
