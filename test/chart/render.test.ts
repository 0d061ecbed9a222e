/** What the templates of the chart give, as data, for the values that people set. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { definitionFiles } from '../../crds/definition-yaml.ts';
import { nodeArguments } from '../../operator/node-arguments.ts';
import { skipWithout } from '../../scripts/tools/build.ts';
import { chartFolder, helm, render } from './helm.ts';
import { at, find, type Manifest } from './manifests.ts';

const skip = skipWithout(['helm']);
const namespaced = { 'watch.namespaces': ['ct', 'mr'] };

/** Kinds of manifests, each once, in order. */
function kindsOf(manifests: readonly Manifest[]): readonly string[] {
  return [...new Set(manifests.map(({ kind }) => kind))].sort();
}

/** Expects helm to fail with a text that fits. */
async function refuses(values: Readonly<Record<string, unknown>>, pattern: RegExp): Promise<void> {
  await assert.rejects(render(values), pattern);
}

describe('the chart', { skip }, () => {
  it('passes the lint of helm', async () => {
    assert.match(await helm(['lint', '--strict', chartFolder]), /1 chart\(s\) linted, 0 chart\(s\) failed/);
  });

  it('gives by default what an operator of the whole cluster needs, and nothing that needs more than Kubernetes', async () => {
    assert.deepEqual(kindsOf(await render({})), [
      'ClusterRole',
      'ClusterRoleBinding',
      'CustomResourceDefinition',
      'Deployment',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Role',
      'RoleBinding',
      'Service',
      'ServiceAccount',
    ]);
  });

  it('gives no cluster-scoped object where it watches single namespaces', async () => {
    const manifests = await render({
      ...namespaced,
      'monitoring.serviceMonitor.enabled': true,
      'monitoring.prometheusRule.enabled': true,
      'monitoring.dashboard.enabled': true,
    });
    for (const { kind, metadata } of manifests) {
      assert.ok(['deid-system', 'ct', 'mr'].includes(metadata.namespace ?? ''), `${kind} ${metadata.name}`);
    }
    const clusterScoped = ['ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition', 'Namespace'];
    assert.deepEqual(
      kindsOf(manifests).filter((kind) => clusterScoped.includes(kind)),
      [],
    );
  });

  it('names the image by tag, by version or by digest', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const cases = [
      [{}, 'deid-operator:0.1.0'],
      [{ 'image.repository': 'registry.example/deid', 'image.tag': '7' }, 'registry.example/deid:7'],
      [{ 'image.tag': '7', 'image.digest': digest }, `deid-operator@${digest}`],
    ] as const;
    for (const [values, image] of cases) {
      const deployment = find(await render(values), 'Deployment');
      assert.equal(at(deployment, 'spec.template.spec.containers.0.image'), image);
    }
  });

  it('has the version that package.json has', async () => {
    const { version } = JSON.parse(
      await readFile(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
    );
    const chart = parse(await readFile(join(chartFolder, 'Chart.yaml'), 'utf8'));
    assert.deepEqual([chart.version, chart.appVersion], [version, version]);
  });
});

describe('the definitions', { skip }, () => {
  const source = [...definitionFiles().values()].map((text): Manifest => parse(text));

  it('are those of crds/, labelled and kept', async () => {
    const manifests = await render({});
    for (const definition of source) {
      const rendered = find(manifests, 'CustomResourceDefinition', definition.metadata.name);
      assert.deepEqual(at(rendered, 'spec'), at(definition, 'spec'));
      assert.deepEqual(rendered.metadata.annotations, { 'helm.sh/resource-policy': 'keep' });
    }
  });

  it('go with the release, or are none of its business, where the values say so', async () => {
    const gone = find(
      await render({ 'crds.keep': false }),
      'CustomResourceDefinition',
      'deidjobs.deid.imaging',
    );
    assert.equal(gone.metadata.annotations, undefined);
    assert.ok(!kindsOf(await render({ 'crds.install': false })).includes('CustomResourceDefinition'));
  });
});

describe('definitions that the release no longer has', { skip }, () => {
  it('would be deleted with every job unless they are kept: the chart refuses', async () => {
    for (const values of [{ 'watch.namespaces': ['a'] }, { 'crds.install': false }]) {
      await assert.rejects(render({ ...values, 'crds.keep': false }), /every job/);
      await render({ ...values, 'crds.keep': true });
    }
  });
});

describe('the pods of the operator', { skip }, () => {
  const pod = async (values: Readonly<Record<string, unknown>>) => {
    const deployment = find(await render(values), 'Deployment');
    return {
      replicas: at(deployment, 'spec.replicas'),
      labels: at(deployment, 'spec.template.metadata.labels'),
      spec: at(deployment, 'spec.template.spec') as Readonly<Record<string, unknown>>,
      container: at(deployment, 'spec.template.spec.containers.0') as Readonly<Record<string, unknown>>,
    };
  };

  it('meet the restricted standard and write nothing to their root', async () => {
    const { spec, container } = await pod({});
    assert.deepEqual(spec.securityContext, {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
    assert.deepEqual(
      Object.keys(spec).filter((name) => /^host|volumes|initContainers/.test(name)),
      [],
    );
  });

  it('run the operator of the image, asked for life and readiness', async () => {
    const { container } = await pod({});
    assert.deepEqual(container.command, ['node', ...nodeArguments, '/app/operator/main.ts']);
    const paths = ['startupProbe', 'livenessProbe', 'readinessProbe'].map(
      (probe) => (container[probe] as { readonly httpGet: { readonly path: string } }).httpGet.path,
    );
    assert.deepEqual(paths, ['/healthz', '/healthz', '/readyz']);
  });

  it('are two, of which a drain leaves one; a single one may be drained', async () => {
    assert.equal((await pod({})).replicas, 2);
    assert.equal(at(find(await render({}), 'PodDisruptionBudget'), 'spec.maxUnavailable'), 1);
    assert.ok(!kindsOf(await render({ 'operator.replicas': 1 })).includes('PodDisruptionBudget'));
  });

  it('keep the labels they are selected by, whatever labels are added', async () => {
    const { labels } = await pod({
      'operator.podLabels': { 'app.kubernetes.io/name': 'other', team: 'imaging' },
    });
    const { 'app.kubernetes.io/name': name, team } = labels as Record<string, string>;
    assert.deepEqual([name, team], ['deid-operator', 'imaging']);
  });
});

describe('the service account of worker pods', { skip }, () => {
  it('mounts no token, has no right, and takes annotations for cloud roles', async () => {
    const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/deid' };
    const manifests = await render({ 'worker.serviceAccount.annotations': annotations });
    const account = find(manifests, 'ServiceAccount', 'deid-worker');
    assert.equal(at(account, 'automountServiceAccountToken'), false);
    assert.deepEqual(account.metadata.annotations, annotations);
    const subjects = manifests.flatMap(
      (manifest) => (at(manifest, 'subjects') ?? []) as { readonly name: string }[],
    );
    assert.ok(subjects.every(({ name }) => name !== 'deid-worker'));
  });
});

describe('the schema of the values', { skip }, () => {
  const cases: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
    [{ replicas: 3 }, /additional properties 'replicas' not allowed/],
    [{ 'operator.replica': 3 }, /additional properties 'replica' not allowed/],
    [{ 'networkPolicy.worker.storage.cidrs': [] }, /additional properties 'cidrs' not allowed/],
    [{ 'operator.replicas': 0 }, /minimum/],
    [{ 'image.pullPolicy': 'Sometimes' }, /pullPolicy/],
    [{ 'image.digest': 'latest' }, /digest/],
    [{ 'watch.namespaces': ['Not_A_Name'] }, /namespaces/],
    [{ 'networkPolicy.worker.storage.ports': [0] }, /ports/],
    [{ 'tracing.endpoint': 'collector:4318' }, /endpoint/],
  ];
  for (const [values, pattern] of cases) {
    it(`refuses ${JSON.stringify(values)}`, () => refuses(values, pattern));
  }

  it('lets a chart that holds this one have global values', async () => {
    await render({ 'global.imageRegistry': 'registry.example' });
  });
});

describe('the admission policy', { skip }, () => {
  it('is not made for single namespaces, nor where it would restrict nothing', async () => {
    await refuses(
      { ...namespaced, 'admissionPolicy.enabled': true, 'admissionPolicy.requireKmsKey': true },
      /does not go with watch.namespaces/,
    );
    await refuses({ 'admissionPolicy.enabled': true }, /nothing is restricted/);
  });
});
