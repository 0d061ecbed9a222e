/** A release of the chart on a real API server: installed, upgraded from the version before, uninstalled. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { skipWithout } from '../../scripts/tools/build.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { chartFolder, helm, withValues } from './helm.ts';
import { kubectl } from './kubectl.ts';

const skip = skipWithout(['etcd', 'kubernetes', 'helm']);
let plane: ControlPlane;
let folder: string;

before(async () => {
  if (skip !== false) return;
  folder = await mkdtemp(join(tmpdir(), 'chart-'));
  plane = await startControlPlane();
});
after(async () => {
  if (skip !== false) return;
  await plane.stop();
  await rm(folder, { recursive: true });
});

/** helm without a home of its own, against the control plane. */
function release(...args: readonly string[]): Promise<string> {
  return helm([...args, '--namespace', 'deid-system'], {
    KUBECONFIG: plane.kubeConfigFile,
    HELM_CACHE_HOME: folder,
    HELM_CONFIG_HOME: folder,
    HELM_DATA_HOME: folder,
  });
}

/** The chart of this checkout as a package of another version. */
async function packaged(version: string): Promise<string> {
  const copy = join(folder, version);
  await cp(chartFolder, copy, { recursive: true });
  const file = join(copy, 'Chart.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^version: .*$/m, `version: ${version}`));
  await helm(['package', copy, '--destination', folder]);
  return join(folder, `deid-operator-${version}.tgz`);
}

async function labelOfChart(...object: readonly string[]): Promise<string> {
  return kubectl(plane, ['get', ...object, '-o', 'jsonpath={.metadata.labels.helm\\.sh/chart}']);
}

const job = {
  apiVersion: 'deid.imaging/v1alpha1',
  kind: 'DeidJob',
  metadata: { name: 'kept', namespace: 'default' },
  spec: {
    profileRef: { builtin: 'basic' },
    source: { volume: { claimName: 'scans' } },
    destination: { volume: { claimName: 'results', path: 'out' } },
    quarantine: { volume: { claimName: 'results', path: 'held' } },
    workArea: { volume: { claimName: 'results', path: 'work' } },
  },
};

test('is installed', { skip }, async () => {
  await kubectl(plane, ['create', 'namespace', 'imaging']);
  const notes = await release(
    ...['install', 'deid-operator', await packaged('0.0.9'), '--create-namespace'],
    ...withValues({ 'worker.namespaces': ['imaging'] }),
  );
  assert.match(notes, /cares for jobs in all namespaces/);
  assert.equal(await labelOfChart('deployment', 'deid-operator', '-n', 'deid-system'), 'deid-operator-0.0.9');
  await kubectl(plane, ['get', 'serviceaccount', 'deid-worker', '-n', 'imaging']);
  await kubectl(plane, ['apply', '-f', '-'], JSON.stringify(job));
});

test('is upgraded from the version before, its definitions too', { skip }, async () => {
  await release('upgrade', 'deid-operator', chartFolder, '--reset-then-reuse-values');
  const version = /^version: (\S+)$/m.exec(await helm(['show', 'chart', chartFolder]))?.[1];
  const label = `deid-operator-${version}`;
  assert.equal(await labelOfChart('deployment', 'deid-operator', '-n', 'deid-system'), label);
  assert.equal(await labelOfChart('crd', 'deidjobs.deid.imaging'), label);
});

test('may be applied again without a change', { skip }, async () => {
  const generation = [
    'get',
    'deployment',
    'deid-operator',
    '-n',
    'deid-system',
    '-o',
    'jsonpath={.metadata.generation}',
  ];
  const earlier = await kubectl(plane, generation);
  await release('upgrade', 'deid-operator', chartFolder, '--reset-then-reuse-values');
  assert.equal(await kubectl(plane, generation), earlier);
});

test('keeps definitions and jobs when it turns to single namespaces, and takes its cluster roles back', {
  skip,
}, async () => {
  const narrowed = withValues({ 'watch.namespaces': ['imaging'] });
  await release('upgrade', 'deid-operator', chartFolder, '--reset-then-reuse-values', ...narrowed);
  await kubectl(plane, ['get', 'deidjob', 'kept']);
  const selector = ['-l', 'app.kubernetes.io/instance=deid-operator', '-o', 'name'];
  assert.equal(await kubectl(plane, ['get', 'clusterrole,clusterrolebinding', ...selector]), '');
});

test('leaves definitions and jobs behind when it is uninstalled, and nothing else', { skip }, async () => {
  await release('uninstall', 'deid-operator');
  assert.equal(await kubectl(plane, ['get', 'deidjob', 'kept', '-o', 'name']), 'deidjob.deid.imaging/kept\n');
  const selector = ['-l', 'app.kubernetes.io/instance=deid-operator', '-A', '-o', 'name'];
  const kinds =
    'deployment,service,serviceaccount,role,rolebinding,clusterrole,clusterrolebinding,networkpolicy,poddisruptionbudget';
  assert.equal(await kubectl(plane, ['get', kinds, ...selector]), '');
});

test('takes the definitions that were left behind into a new release', { skip }, async () => {
  await release('install', 'deid-operator', chartFolder, '--take-ownership');
  await kubectl(plane, ['get', 'deidjob', 'kept']);
});
