/** The optional admission policy on a real API server: jobs that it lets in, and jobs that it refuses, with what it says. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { skipWithout } from '../../scripts/tools/build.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { render } from './helm.ts';
import { kubectl, refusal } from './kubectl.ts';
import { asList } from './manifests.ts';

const skip = skipWithout(['etcd', 'kubernetes', 'helm']);
let plane: ControlPlane;

const values = {
  'worker.allowedServiceAccounts': ['ct-reader'],
  'worker.allowedKeySecrets': ['deid-key'],
  'admissionPolicy.enabled': true,
  'admissionPolicy.namespaceSelector': { matchLabels: { judged: 'yes' } },
  'admissionPolicy.sourceBuckets': ['raw'],
  'admissionPolicy.writtenBuckets': ['raw', 'research'],
  'admissionPolicy.endpoints': ['https://s3.example.org'],
  'admissionPolicy.requireKmsKey': true,
  'admissionPolicy.kmsKeys': ['alias/research'],
  'admissionPolicy.allowVolumes': false,
};

const encryption = { kmsKeyId: 'alias/research' };

/** A job that the policy lets in, with changes to its spec. */
function job(changes: object = {}, name = 'one', namespace = 'judged') {
  const spec = {
    profileRef: { builtin: 'basic' },
    source: { s3: { bucket: 'raw', prefix: 'ct' } },
    destination: { s3: { bucket: 'research', prefix: 'ct' }, encryption },
    quarantine: { s3: { bucket: 'raw', prefix: 'held' }, encryption },
    workArea: { s3: { bucket: 'raw', prefix: 'work' }, encryption },
    key: { secretRef: { name: 'deid-key', key: 'current' } },
    ...changes,
  };
  return { apiVersion: 'deid.imaging/v1alpha1', kind: 'DeidJob', metadata: { name, namespace }, spec };
}

function applied(document: object) {
  return refusal(plane, ['apply', '-f', '-'], JSON.stringify(document));
}

/** A policy is in force a moment after it was made: waits until it refuses what it must refuse. */
async function untilInForce(): Promise<void> {
  const endMs = performance.now() + 60_000;
  const refused = ['create', '--dry-run=server', '-f', '-'];
  const document = JSON.stringify(job({ source: { s3: { bucket: 'elsewhere' } } }));
  while ((await refusal(plane, refused, document)) === undefined) {
    assert.ok(performance.now() < endMs, 'the policy did not come into force');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

before(async () => {
  if (skip !== false) return;
  plane = await startControlPlane({ controllers: true });
  await kubectl(plane, ['create', 'namespace', 'judged']);
  const manifests = await render(values);
  const definitions = manifests.filter(({ kind }) => kind === 'CustomResourceDefinition');
  await kubectl(plane, ['apply', '--server-side', '-f', '-'], asList(definitions));
  await kubectl(plane, ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
  // A job that is older than the policy and that the policy would refuse.
  await kubectl(
    plane,
    ['apply', '-f', '-'],
    JSON.stringify(job({ key: {}, source: { s3: { bucket: 'old' } } }, 'older')),
  );
  await kubectl(plane, ['label', 'namespace', 'judged', 'judged=yes']);
  const policies = manifests.filter(({ kind }) => kind.startsWith('ValidatingAdmission'));
  await kubectl(plane, ['apply', '-f', '-'], asList(policies));
  await untilInForce();
});
after(async () => {
  if (skip === false) await plane.stop();
});

test('the policy has no type errors, as the API server checks it', { skip }, async () => {
  const policy = ['validatingadmissionpolicy', 'deid-operator'];
  await kubectl(plane, ['wait', '--for=jsonpath={.status.observedGeneration}=1', ...policy, '--timeout=60s']);
  const { status } = JSON.parse(await kubectl(plane, ['get', ...policy, '-o', 'json']));
  assert.deepEqual(status.typeChecking ?? {}, {});
});

const allowed: Readonly<Record<string, object>> = {
  'buckets, key and Secret of the lists': {},
  'no Secret, as the command line gives the key': { key: {} },
  'a service account of the list': { worker: { serviceAccountName: 'ct-reader' } },
  'the service account of the release': { worker: { serviceAccountName: 'deid-worker' } },
  'a store of the list': {
    source: { s3: { bucket: 'raw', prefix: 'ct', endpoint: 'https://s3.example.org' } },
  },
};
for (const [index, [name, changes]] of Object.entries(allowed).entries()) {
  test(`lets in: ${name}`, { skip }, async () => {
    assert.equal(await applied(job(changes, `allowed-${index}`)), undefined);
  });
}

const refused: Readonly<Record<string, readonly [object, RegExp]>> = {
  'a source that is not in the list': [
    { source: { s3: { bucket: 'research', prefix: 'other' } } },
    /spec\.source\.s3\.bucket is not/,
  ],
  'a destination that is not in the list': [
    { destination: { s3: { bucket: 'public' }, encryption } },
    /spec\.destination\.s3\.bucket is not/,
  ],
  'a bucket of the list in a store that is not': [
    { destination: { s3: { bucket: 'research', endpoint: 'https://store.example.net' }, encryption } },
    /spec\.destination\.s3\.endpoint is not/,
  ],
  'an area without a KMS key': [
    { quarantine: { s3: { bucket: 'raw', prefix: 'held' } } },
    /spec\.quarantine\.encryption is missing/,
  ],
  'a KMS key that is not in the list': [
    { workArea: { s3: { bucket: 'raw', prefix: 'work' }, encryption: { kmsKeyId: 'alias/other' } } },
    /spec\.workArea\.encryption\.kmsKeyId is not/,
  ],
  'an area on a volume': [
    { destination: { volume: { claimName: 'results', path: 'out' } } },
    /spec\.destination\.volume: areas may not/,
  ],
  'a service account that is not in the list': [
    { worker: { serviceAccountName: 'default' } },
    /spec\.worker\.serviceAccountName is not/,
  ],
  'a Secret that is not in the list': [
    { key: { secretRef: { name: 'database', key: 'password' } } },
    /spec\.key\.secretRef\.name is not/,
  ],
};
for (const [name, [changes, message]] of Object.entries(refused)) {
  test(`refuses: ${name}`, { skip }, async () => {
    assert.match((await applied(job(changes, 'refused'))) ?? '', message);
  });
}

test('refuses a change of a job to what a new job may not say', { skip }, async () => {
  await kubectl(plane, ['apply', '-f', '-'], JSON.stringify(job({}, 'changed')));
  assert.match(
    (await applied(job({ worker: { serviceAccountName: 'default' } }, 'changed'))) ?? '',
    /spec\.worker\.serviceAccountName is not/,
  );
});

test('leaves alone what a job that is older than it has in its metadata, so that it can be deleted', {
  skip,
}, async () => {
  const finalizer = JSON.stringify({ metadata: { finalizers: ['deid.imaging/uploads'] } });
  const patch = (text: string) =>
    kubectl(plane, ['patch', 'deidjob', 'older', '-n', 'judged', '--type=merge', '-p', text]);
  await patch(finalizer);
  await patch(JSON.stringify({ metadata: { finalizers: null } }));
  await kubectl(plane, ['delete', 'deidjob', 'older', '-n', 'judged', '--timeout=30s']);
});

test('does not judge namespaces that it does not select', { skip }, async () => {
  assert.equal(await applied(job({ source: { s3: { bucket: 'elsewhere' } } }, 'free', 'default')), undefined);
});
