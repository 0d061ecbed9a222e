/** What the network policies of the chart let through. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childLabels } from '../../operator/build/names.ts';
import { skipWithout } from '../../scripts/tools/build.ts';
import { render } from './helm.ts';
import { at, find, type Manifest } from './manifests.ts';

const skip = skipWithout(['helm']);

/** Expects helm to fail with a text that fits. */
async function refuses(values: Readonly<Record<string, unknown>>, pattern: RegExp): Promise<void> {
  await assert.rejects(render(values), pattern);
}

describe('network policies', { skip }, () => {
  const worker = 'deid-operator-worker';
  const egress = (manifest: Manifest) =>
    at(manifest, 'spec.egress') as readonly {
      readonly to: readonly { readonly ipBlock?: { readonly cidr: string; readonly except?: string[] } }[];
      readonly ports: readonly { readonly port: number }[];
    }[];
  /** Rules towards ranges of addresses, as `range minus exceptions : ports`. */
  const ranges = (manifest: Manifest) =>
    egress(manifest).flatMap(({ to, ports }) =>
      to.flatMap(({ ipBlock }) =>
        ipBlock === undefined
          ? []
          : [
              `${[ipBlock.cidr, ...(ipBlock.except ?? [])].join(' - ')} : ${ports.map(({ port }) => port).join(' ')}`,
            ],
      ),
    );

  it('let worker pods reach names, storage and the agent of pod identity, and no metadata of the instance', async () => {
    const policy = find(await render({}), 'NetworkPolicy', worker);
    assert.deepEqual(at(policy, 'spec.policyTypes'), ['Ingress', 'Egress']);
    assert.deepEqual(ranges(policy), [
      '169.254.20.10/32 : 53 53',
      '0.0.0.0/0 - 169.254.0.0/16 : 443',
      '::/0 - fe80::/10 - fd00:ec2::/32 : 443',
      '169.254.170.23/32 : 80',
      'fd00:ec2::23/128 : 80',
    ]);
  });

  it('select every worker pod, whatever its job', async () => {
    const labels = childLabels({ name: 'j', namespace: 'n', uid: 'u' }, 'process', 0);
    const selected = at(find(await render({}), 'NetworkPolicy', worker), 'spec.podSelector.matchLabels');
    assert.deepEqual({ ...labels, ...(selected as object) }, labels);
  });

  it('let the operator alone ask a worker pod for its progress', async () => {
    const policy = find(await render({ 'worker.progressPort': 9999 }), 'NetworkPolicy', worker);
    assert.deepEqual(at(policy, 'spec.ingress'), [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'deid-system' } },
            podSelector: {
              matchLabels: {
                'app.kubernetes.io/name': 'deid-operator',
                'app.kubernetes.io/instance': 'deid-operator',
                'app.kubernetes.io/component': 'operator',
              },
            },
          },
        ],
        ports: [{ protocol: 'TCP', port: 9999 }],
      },
    ]);
  });

  it('narrow storage to the ranges and ports given', async () => {
    const values = {
      'networkPolicy.worker.storage.ranges': ['10.0.0.0/8', '2001:db8::/32'],
      'networkPolicy.worker.storage.ports': [443, 9000],
      'networkPolicy.worker.podIdentityAgent': false,
      'networkPolicy.dns': [],
    };
    assert.deepEqual(ranges(find(await render(values), 'NetworkPolicy', worker)), [
      '10.0.0.0/8 : 443 9000',
      '2001:db8::/32 : 443 9000',
    ]);
  });

  it('cut instance metadata out of every range that holds it, and refuse what would let it in', async () => {
    const storage = (range: string) => ({
      'networkPolicy.worker.storage.ranges': [range],
      'networkPolicy.dns': [],
      'networkPolicy.worker.podIdentityAgent': false,
    });
    for (const range of ['128.0.0.0/1', '160.0.0.0/4', '168.0.0.0/7', '169.0.0.0/8', '169.254.0.0/15']) {
      const policy = find(await render(storage(range)), 'NetworkPolicy', worker);
      assert.deepEqual(ranges(policy), [`${range} - 169.254.0.0/16 : 443`]);
    }
    for (const range of ['169.252.0.0/15', '169.0.0.0/9', '170.0.0.0/7']) {
      const policy = find(await render(storage(range)), 'NetworkPolicy', worker);
      assert.deepEqual(ranges(policy), [`${range} : 443`]);
    }
    for (const range of [
      '169.254.0.0/16',
      '169.254.169.254/32',
      '169.254.128.0/17',
      'fd00:ec2::/32',
      'fd00:0ec2::254/128',
      'fe80::/64',
    ]) {
      await refuses(storage(range), /holds addresses of instance metadata/);
    }
    await refuses(storage('f000::/4'), /too wide/);
  });

  it('let the operator reach names, the API server and progress ports, and be asked for its metrics alone', async () => {
    const policy = find(await render({}), 'NetworkPolicy', 'deid-operator');
    assert.deepEqual(ranges(policy), [
      '169.254.20.10/32 : 53 53',
      '0.0.0.0/0 - 169.254.0.0/16 : 443 6443',
      '::/0 - fe80::/10 - fd00:ec2::/32 : 443 6443',
    ]);
    assert.deepEqual(egress(policy).at(-1)?.ports, [{ protocol: 'TCP', port: 9464 }]);
    const ports = at(policy, 'spec.ingress.0.ports');
    assert.deepEqual(ports, [{ protocol: 'TCP', port: 8080 }]);
    const closed = find(
      await render({ 'networkPolicy.operator.metricsFrom': [] }),
      'NetworkPolicy',
      'deid-operator',
    );
    assert.deepEqual(at(closed, 'spec.ingress'), []);
  });

  it('let traces go to the collector, from operator and workers alike', async () => {
    const to = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } } }];
    const manifests = await render({
      'tracing.endpoint': 'http://collector.observability:4318',
      'tracing.collector.to': to,
      'tracing.collector.ports': [4318],
    });
    for (const policy of manifests.filter(({ kind }) => kind === 'NetworkPolicy')) {
      assert.deepEqual(egress(policy).at(-1), { ports: [{ protocol: 'TCP', port: 4318 }], to });
    }
  });

  it('stand in each namespace of worker pods, with the service account', async () => {
    const manifests = await render({ 'worker.namespaces': ['ct', 'mr'] });
    for (const [kind, name] of [
      ['NetworkPolicy', worker],
      ['ServiceAccount', 'deid-worker'],
    ]) {
      const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
      assert.deepEqual(
        found.map(({ metadata }) => metadata.namespace),
        ['ct', 'mr'],
      );
    }
  });
});
