/** Every rendered manifest as a real API server takes it, over a matrix of values, and the pods as admission judges them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { skipWithout } from '../../scripts/tools/build.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { render } from './helm.ts';
import { kubectl, refusal } from './kubectl.ts';
import { asList, at, find, type Manifest, restrictedNamespace } from './manifests.ts';
import { standIns } from './stand-ins.ts';

const skip = skipWithout(['etcd', 'kubernetes', 'helm']);
let plane: ControlPlane;

before(async () => {
  if (skip !== false) return;
  plane = await startControlPlane();
  const given = [...['deid-system', 'ct', 'mr'].map(restrictedNamespace), ...standIns];
  await kubectl(plane, ['apply', '-f', '-'], asList(given));
  await kubectl(plane, ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
});
after(async () => {
  if (skip === false) await plane.stop();
});

const everything = {
  'monitoring.serviceMonitor.enabled': true,
  'monitoring.prometheusRule.enabled': true,
  'monitoring.dashboard.enabled': true,
  'tracing.endpoint': 'https://collector.example:4318',
  'operator.environment': { NODE_OPTIONS: '--max-old-space-size=256' },
  'operator.nodeSelector': { 'kubernetes.io/arch': 'amd64' },
  'operator.tolerations': [{ key: 'dedicated', operator: 'Exists' }],
  'operator.priorityClassName': 'system-cluster-critical',
  'operator.podLabels': { team: 'imaging' },
  'operator.podAnnotations': { note: 'a text' },
  'image.pullSecrets': ['registry'],
  'worker.allowedServiceAccounts': ['ct-reader'],
  'worker.allowedKeySecrets': ['deid-key'],
  'worker.environment': { AWS_REGION: 'eu-central-1' },
};

const matrix: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'the defaults': {},
  'single namespaces': { 'watch.namespaces': ['ct', 'mr'] },
  'all namespaces with everything on': {
    ...everything,
    'worker.namespaces': ['ct', 'mr'],
    'admissionPolicy.enabled': true,
    'admissionPolicy.sourceBuckets': ['raw'],
    'admissionPolicy.writtenBuckets': ['raw', 'research'],
    'admissionPolicy.requireKmsKey': true,
    'admissionPolicy.kmsKeys': ['alias/research'],
    'admissionPolicy.allowVolumes': false,
    'admissionPolicy.namespaceSelector': { matchLabels: { team: 'imaging' } },
  },
  'single namespaces with everything on': { ...everything, 'watch.namespaces': ['ct'] },
  'as little as possible': {
    'operator.replicas': 1,
    'operator.serviceAccount.create': false,
    'operator.serviceAccount.name': 'there-already',
    'worker.serviceAccount.create': false,
    'crds.install': false,
    'rbac.create': false,
    'rbac.userRoles': false,
    'networkPolicy.enabled': false,
  },
  'narrow networks': {
    'networkPolicy.dns': [],
    'networkPolicy.operator.apiServer.ranges': ['10.96.0.1/32'],
    'networkPolicy.operator.metricsFrom': [],
    'networkPolicy.worker.storage.ranges': ['10.0.0.0/8', '2001:db8::/32'],
    'networkPolicy.worker.podIdentityAgent': false,
    'networkPolicy.worker.extraEgress': [{ to: [{ podSelector: { matchLabels: { app: 'store' } } }] }],
  },
};

for (const [name, values] of Object.entries(matrix)) {
  test(`${name}: every object is taken, no field is unknown`, { skip }, async () => {
    const manifests = await render(values);
    const dryRun = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'];
    const taken = await kubectl(plane, dryRun, asList(manifests));
    assert.equal(taken.trim().split('\n').length, manifests.length);
  });
}

test('a namespace that enforces the restricted standard takes the pods of the operator', {
  skip,
}, async () => {
  const manifests = await render(everything);
  await kubectl(plane, ['apply', '-f', '-'], asList([find(manifests, 'ServiceAccount', 'deid-operator')]));
  const template = at(find(manifests, 'Deployment'), 'spec.template') as Manifest;
  const pod = {
    ...template,
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: 'one', namespace: 'deid-system' },
  };
  const create = ['create', '--dry-run=server', '--validate=strict', '-f', '-'];
  await kubectl(plane, create, JSON.stringify(pod));
  const container = at(pod, 'spec.containers.0') as object;
  const unsafe = {
    ...pod,
    spec: { ...(at(pod, 'spec') as object), containers: [{ ...container, securityContext: {} }] },
  };
  assert.match(
    (await refusal(plane, create, JSON.stringify(unsafe))) ?? '',
    /violates PodSecurity "restricted/,
  );
});

test('the API server says of the rights of the operator what the list says', { skip }, async () => {
  const needed = (await render({})).filter(({ kind }) => /Role|ServiceAccount|Definition/.test(kind));
  await kubectl(plane, ['apply', '--server-side', '-f', '-'], asList(needed));
  await kubectl(plane, ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
  const may = async (verb: string, resource: string, inNamespace: string) => {
    const who = 'system:serviceaccount:deid-system:deid-operator';
    const args = ['auth', 'can-i', verb, resource, '-n', inNamespace, '--as', who];
    return (await refusal(plane, args)) === undefined;
  };
  const cases = [
    ['list', 'deidjobs.deid.imaging', 'ct', true],
    ['update', 'deidjobs.deid.imaging', 'ct', false],
    ['create', 'deidjobs.deid.imaging', 'ct', false],
    ['create', 'jobs.batch', 'ct', true],
    ['create', 'leases.coordination.k8s.io', 'deid-system', true],
    ['create', 'leases.coordination.k8s.io', 'ct', false],
    ['get', 'secrets', 'ct', false],
    ['list', 'secrets', 'deid-system', false],
    ['create', 'pods', 'ct', false],
    ['create', 'pods/exec', 'ct', false],
  ] as const;
  for (const [verb, resource, inNamespace, expected] of cases) {
    assert.equal(await may(verb, resource, inNamespace), expected, `${verb} ${resource} in ${inNamespace}`);
  }
});
