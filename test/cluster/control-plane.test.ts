import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { skipWithout, toolProgram } from '../../scripts/tools/build.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';

const skip = skipWithout(['etcd', 'kubernetes']);
let plane: ControlPlane;

async function kubectl(...args: string[]): Promise<string> {
  const all = ['--kubeconfig', plane.kubeConfigFile, ...args];
  return (await promisify(execFile)(toolProgram('kubernetes', 'kubectl'), all)).stdout;
}

before(async () => {
  if (skip === false) plane = await startControlPlane({ controllers: true });
});
after(async () => {
  if (skip === false) await plane.stop();
});

test('the server has the version that is pinned', { skip }, async () => {
  const version = JSON.parse(await kubectl('version', '-o', 'json'));
  assert.equal(version.serverVersion.gitVersion, 'v1.34.4');
});

test('controllers act: a Job gets its pod, which waits for a node', { skip }, async () => {
  await kubectl('create', 'namespace', 'jobs');
  await kubectl('wait', '--for=create', 'serviceaccount/default', '-n', 'jobs', '--timeout=60s');
  await kubectl('create', 'job', 'one', '-n', 'jobs', '--image', 'none.invalid/none');
  const selector = 'batch.kubernetes.io/job-name=one';
  await kubectl('wait', '--for=create', 'pod', '-l', selector, '-n', 'jobs', '--timeout=60s');
  await kubectl(
    'wait',
    '--for=condition=PodScheduled=False',
    'pod',
    '-l',
    selector,
    '-n',
    'jobs',
    '--timeout=60s',
  );
});

test('what was stored is there after the API server was killed and started anew', { skip }, async () => {
  await kubectl('create', 'configmap', 'kept', '--from-literal=a=b');
  await plane.restartApiServer();
  assert.equal(await kubectl('get', 'configmap', 'kept', '-o', 'jsonpath={.data.a}'), 'b');
});

test('stopping leaves no folder and no process', { skip }, async () => {
  const other = await startControlPlane();
  assert.ok(existsSync(other.kubeConfigFile));
  await other.stop();
  assert.ok(!existsSync(dirname(other.kubeConfigFile)));
  assert.ok(!other.etcd.alive());
});
