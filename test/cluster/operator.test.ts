/** The operator under its own rights on a real control plane: definitions, Job controller and garbage collector are real. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { definitionFiles } from '../../crds/definition-yaml.ts';
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import { systemClock } from '../../operator/kube/clock.ts';
import { tokenAccess } from '../../operator/kube/cluster-access.ts';
import { createTransport, type Transport } from '../../operator/kube/transport.ts';
import { runOperator } from '../../operator/run-operator.ts';
import { createLog } from '../../operator/telemetry/log.ts';
import { createMetrics } from '../../operator/telemetry/metrics.ts';
import { noSpans } from '../../operator/telemetry/traces.ts';
import { skipWithout } from '../../scripts/tools/build.ts';
import { childSettings, type JobOptions, rawJob } from '../builders/operator-job.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { type Kubectl, kubectlOf } from './kubectl.ts';
import { operatorToken } from './operator-account.ts';
import { type PretendedKubelet, startKubelet } from './pretended-kubelet.ts';

const skip = skipWithout(['etcd', 'kubernetes']);
const namespace = 'imaging';
const leaseName = 'deid-operator';

let plane: ControlPlane;
let kubectl: Kubectl;
let transport: Transport;
let kubelet: PretendedKubelet;
let shardExit: (shard: number, attempt: number) => number | undefined = () => 0;
const ends: (() => Promise<unknown>)[] = [];

function startOperator(token: string): () => Promise<unknown> {
  const stopping = new AbortController();
  const ended = runOperator({
    settings: {
      ...{ podName: 'operator-0', podNamespace: namespace, namespaces: [namespace], leaseName, port: 0 },
      ...{ logLevel: 'info', children: childSettings },
    },
    log: createLog('error'),
    metrics: createMetrics('0.0.0'),
    access: tokenAccess(plane.server, token, { ca: plane.certificateAuthority }),
    spans: noSpans,
    version: '0.0.0',
    signal: stopping.signal,
    exit: () => assert.fail('the process is ended by force'),
  });
  return () => {
    stopping.abort();
    return ended;
  };
}

before(async () => {
  if (skip !== false) return;
  plane = await startControlPlane({ controllers: true });
  ends.push(() => plane.stop());
  kubectl = kubectlOf(plane.kubeConfigFile);
  for (const [name] of definitionFiles()) {
    await kubectl('apply', '-f', new URL(`../../crds/${name}`, import.meta.url).pathname);
  }
  await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s');
  await kubectl('create', 'namespace', namespace);
  await kubectl('create', 'serviceaccount', 'deid-worker', '-n', namespace);
  const access = tokenAccess(plane.server, plane.adminToken, { ca: plane.certificateAuthority });
  transport = createTransport({ access, clock: systemClock, random: Math.random, userAgent: 'test' });
  ends.push(() => transport.close());
  kubelet = startKubelet({ transport, namespace, shards: 3, shardExit: (...shard) => shardExit(...shard) });
  ends.push(() => kubelet.stop());
  ends.push(startOperator(await operatorToken(kubectl, namespace, leaseName)));
});

after(async () => {
  for (const end of ends.reverse()) await end();
});

async function apply(options: JobOptions): Promise<void> {
  const { metadata, ...rest } = rawJob(options) as { readonly metadata: { readonly name: string } };
  await kubectl.apply({ ...rest, metadata: { name: metadata.name, namespace } });
}

async function status(name: string): Promise<DeidJobStatus> {
  const job = (await kubectl.get('deidjob', name, namespace)) as
    | { readonly status?: DeidJobStatus }
    | undefined;
  return job?.status ?? {};
}

const waitFor = (name: string, condition: string) =>
  kubectl('wait', `--for=condition=${condition}`, `deidjob/${name}`, '-n', namespace, '--timeout=60s');

async function eventually(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (const untilMs = Date.now() + 60_000; !(await holds()); await pass(200)) {
    assert.ok(Date.now() < untilMs, `it never came to: ${what}`);
  }
}

describe('on a real control plane, a job', { skip }, () => {
  it('comes to Complete; its status is what the definition keeps, and kubectl shows it', async () => {
    await apply({ name: 'whole', s3: true });
    await waitFor('whole', 'Complete');
    const { shards, objects, progress, ledger } = await status('whole');
    assert.deepEqual(shards, { total: 3, active: 0, succeeded: 3, failed: 0 });
    assert.equal(objects?.deidentified, 30);
    assert.equal(progress, '100%');
    assert.equal(ledger?.entries, 1);
    const shown = await kubectl('get', 'deidjob', 'whole', '-n', namespace);
    assert.match(shown, /STATE\s+PROGRESS\s+SHARDS\s+DONE\s+FAILED\s+OBJECTS\s+DURATION\s+AGE/);
    assert.match(shown, /True\s+Complete\s+100%\s+3\s+3\s+0\s+30\s+\d+s/);
  });

  it('rests while it is suspended, and costs no write once all is still', async () => {
    shardExit = () => undefined;
    await apply({ name: 'rested' });
    await eventually(async () => (await status('rested')).shards?.active === 3, 'pods run');
    await kubectl(
      'patch',
      'deidjob',
      'rested',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      '{"spec":{"suspend":true}}',
    );
    await waitFor('rested', 'Suspended');
    const version = () =>
      kubectl('get', 'deidjob', 'rested', '-n', namespace, '-o', 'jsonpath={.metadata.resourceVersion}');
    await pass(6000);
    const before = await version();
    await pass(3000);
    assert.equal(await version(), before);
    shardExit = () => 0;
    await kubectl(
      'patch',
      'deidjob',
      'rested',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      '{"spec":{"suspend":false}}',
    );
    await waitFor('rested', 'Complete');
    assert.equal((await status('rested')).attempt, 0);
  });

  it('whose shard fails is Failed, and tries that shard alone again when spec.retry is raised', async () => {
    shardExit = (shard, attempt) => (shard === 1 && attempt === 0 ? 82 : 0);
    await apply({ name: 'retried' });
    await waitFor('retried', 'Failed');
    assert.equal((await status('retried')).shards?.failedIndexes, '1');
    assert.deepEqual((await status('retried')).retryable, { attempt: 0, shards: 1 });
    await kubectl(
      'patch',
      'deidjob',
      'retried',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      '{"spec":{"retry":1}}',
    );
    await waitFor('retried', 'Complete');
    const second = await kubectl.list(
      'jobs',
      namespace,
      'deid.imaging/job=retried,deid.imaging/attempt=1,deid.imaging/step=process',
    );
    assert.equal((second[0] as { spec: { completions: number } }).spec.completions, 1);
  });

  it('outlives the API server, killed in its midst, and counts nothing twice', async () => {
    shardExit = () => undefined;
    await apply({ name: 'outlived' });
    await eventually(async () => (await status('outlived')).shards?.active === 3, 'pods run');
    await plane.restartApiServer();
    shardExit = () => 0;
    await waitFor('outlived', 'Complete');
    const { attempt, objects } = await status('outlived');
    assert.deepEqual([attempt, objects?.deidentified], [0, 30]);
    assert.equal((await kubectl.list('jobs', namespace, 'deid.imaging/job=outlived')).length, 3);
  });

  it('is deleted in the foreground with its children, after its uploads were aborted', async () => {
    shardExit = () => undefined;
    await apply({ name: 'deleted', s3: true });
    await eventually(async () => (await status('deleted')).shards?.active === 3, 'pods run');
    await kubectl('delete', 'deidjob', 'deleted', '-n', namespace, '--cascade=foreground', '--timeout=60s');
    const left = await kubectl.list('jobs', namespace, 'deid.imaging/job=deleted');
    const steps = left.map(
      (job) => (job as { metadata: { labels: Record<string, string> } }).metadata.labels['deid.imaging/step'],
    );
    assert.deepEqual(steps, ['cleanup']);
  });
});
