/** The operator's process as a whole: probes, metrics, events, leadership and an orderly stop. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, it } from 'node:test';
import { childJobName } from '../../operator/build/names.ts';
import { jobPermissions } from '../../operator/permissions.ts';
import { runOperator } from '../../operator/run-operator.ts';
import { createLog } from '../../operator/telemetry/log.ts';
import { createMetrics, observeSources } from '../../operator/telemetry/metrics.ts';
import { noSpans } from '../../operator/telemetry/traces.ts';
import { childSettings } from '../builders/operator-job.ts';
import { builtinKinds } from '../fake-api-server/kinds.ts';
import { deidprofiles, eventually, isPermitted, OperatorFixture } from './operator-fixture.ts';

const fixtures: OperatorFixture[] = [];
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  for (const fixture of fixtures.splice(0)) await fixture.stop();
});

async function cluster(): Promise<OperatorFixture> {
  const fixture = await OperatorFixture.start({ shards: 4 });
  fixtures.push(fixture);
  return fixture;
}

function start(fixture: OperatorFixture, podName: string) {
  const lines: string[] = [];
  const stopping = new AbortController();
  const listening = Promise.withResolvers<number>();
  const ended = runOperator({
    settings: {
      podName,
      podNamespace: 'ns',
      namespaces: [],
      leaseName: 'deid-operator',
      port: 0,
      logLevel: 'info',
      children: childSettings,
    },
    log: createLog('info', (line) => lines.push(line)),
    metrics: createMetrics('0.0.0'),
    access: fixture.server.access(),
    spans: noSpans,
    version: '0.0.0',
    signal: stopping.signal,
    exit: () => assert.fail('the process is ended by force'),
    onListening: listening.resolve,
  });
  const stop = () => {
    stopping.abort();
    return ended;
  };
  stops.push(stop);
  const get = async (path: string) => fetch(`http://127.0.0.1:${await listening.promise}${path}`);
  return { lines, stop, get };
}

const kindOf = (plural: string) =>
  builtinKinds.find((kind) => kind.plural === plural) ?? assert.fail(`no kind ${plural}`);

function holder(fixture: OperatorFixture): string {
  const [lease] = fixture.server.storage.all(kindOf('leases'));
  return (lease?.spec as { readonly holderIdentity?: string } | undefined)?.holderIdentity ?? '';
}

describe('the operator', () => {
  it('is ready, leads, takes a job to its end, tells of it in events and metrics, and stops in order', async () => {
    const fixture = await cluster();
    const operator = start(fixture, 'operator-0');
    await eventually(() => holder(fixture).startsWith('operator-0_'), 'leads');
    assert.equal((await operator.get('/healthz')).status, 200);
    assert.equal((await operator.get('/readyz')).status, 200);
    assert.equal((await operator.get('/other')).status, 404);
    fixture.apply();
    await eventually(() => fixture.condition('Complete') === 'True Complete', 'Complete');
    const metrics = await (await operator.get('/metrics')).text();
    for (const line of [
      'deid_operator_build_info{version="0.0.0"} 1',
      'leader_election_master_status 1',
      'deidjobs{state="complete"} 1',
      'deidjob_finished_total{namespace="ns",result="complete",reason="Complete"} 1',
      'deid_objects_total{namespace="ns",result="deidentified"} 40',
      'informer_synced{resource="jobs"} 1',
      'deidjob_start_latency_seconds_count 1',
    ]) {
      assert.ok(metrics.includes(line), line);
    }
    assert.ok(!metrics.includes('"j"'), 'no label names a job');
    const told = () => fixture.server.storage.all(kindOf('events')).map(({ reason }) => reason);
    await eventually(() => told().includes('Complete'), 'the event');
    assert.equal(await operator.stop(), 'released');
    assert.equal(holder(fixture), '');
    const uid = fixture.job()?.metadata.uid;
    assert.ok(operator.lines.some((line) => JSON.parse(line).uid === uid && line.includes('"Complete"')));
  });

  it('hands over to another that stands by, ready, when it stops', async () => {
    const fixture = await cluster();
    const first = start(fixture, 'operator-0');
    await eventually(() => holder(fixture).startsWith('operator-0_'), 'leads');
    const second = start(fixture, 'operator-1');
    await eventually(() => second.lines.some((line) => line.includes('"standby"')), 'stands by');
    assert.equal((await second.get('/readyz')).status, 200);
    assert.match(await (await second.get('/metrics')).text(), /leader_election_master_status 0/);
    await first.stop();
    fixture.apply();
    await eventually(() => fixture.condition('Complete') === 'True Complete', 'Complete');
    assert.ok(holder(fixture).startsWith('operator-1_'));
  });
});

describe('what the operator shows', () => {
  it('has every metric that alerts and the dashboard of the chart ask for', async () => {
    const metrics = createMetrics('0.0.0');
    observeSources(metrics, {
      jobs: () => [],
      queueState: () => undefined,
      longestPassMs: () => 0,
      isKindSynced: () => true,
      lastHeardSeconds: () => 0,
    });
    const text = await metrics.registry.metrics();
    for (const file of ['alerts.yaml', 'dashboard.json']) {
      const url = new URL(`../../charts/deid-operator/files/${file}`, import.meta.url);
      const asked = (await readFile(url, 'utf8')).matchAll(
        /\b((?:deidjobs?|deid|workqueue|kube_api|informer|leader_election)(?:_[a-z]+)*)\{/g,
      );
      for (const [, name = ''] of asked) {
        assert.ok(text.includes(`# TYPE ${name.replace(/_bucket$/, '')} `), `${file}: ${name}`);
      }
    }
  });

  it('asks the API server for what its roles allow, and they allow nothing that it never asks for', async () => {
    const fixture = await OperatorFixture.start({ shards: 4, shardEnd: () => undefined });
    fixtures.push(fixture);
    const { metadata } = fixture.apply({ s3: true, spec: { suspend: true } });
    fixture.create(deidprofiles, { ...profile, metadata: { name: 'p' } });
    // A child that no watch tells of: the operator has to look.
    const name = childJobName({ name: 'j', namespace: 'ns', uid: metadata.uid }, 'plan', 0);
    const spec = { suspend: true, template: { spec: { containers: [] } } };
    const foreign = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec };
    fixture.create(kindOf('jobs'), foreign);
    fixture.lead();
    fixture.patch('j', { spec: { suspend: false } });
    await eventually(() => fixture.condition('Stalled') === 'True NameConflict', 'NameConflict');
    fixture.server.objects.delete(
      { kind: kindOf('jobs'), namespace: 'ns', name, subresource: undefined },
      {},
    );
    fixture.patch('j', { spec: { parallelism: 3 } });
    await eventually(() => fixture.pods().length === 4, 'shards run');
    fixture.patch('j', { spec: { parallelism: 2 } });
    await eventually(
      () => fixture.writes.some((each) => `${each.verb} ${each.resource}` === 'patch jobs'),
      'patch',
    );
    fixture.delete('j');
    await eventually(() => fixture.job() === undefined, 'gone');
    const asked = fixture.server.requests.filter(({ user }) => user === 'operator');
    assert.deepEqual(
      asked.filter((request) => !isPermitted(request)),
      [],
    );
    const used = new Set(asked.map(({ verb, resource }) => `${verb} ${resource}`));
    const allowed = jobPermissions.flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    );
    // The API server itself asks for the first; events are another's to send, and tested with it.
    const elsewhere = ['update deidjobs/finalizers', 'create events', 'patch events'];
    assert.deepEqual(
      allowed.filter((each) => !used.has(each)),
      elsewhere,
    );
  });
});

const profile = {
  apiVersion: 'deid.imaging/v1alpha1',
  kind: 'DeidProfile',
  spec: { dicom: { basis: { edition: '2026c' } } },
};
