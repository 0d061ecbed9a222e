/** What the roles of the chart allow, for the operator and for people. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jobPermissions, leasePermissions, type Permission } from '../../operator/permissions.ts';
import { skipWithout } from '../../scripts/tools/build.ts';
import { render } from './helm.ts';
import { at, find, type Manifest } from './manifests.ts';

const skip = skipWithout(['helm']);
const namespaced = { 'watch.namespaces': ['ct', 'mr'] };

function rulesOf(permissions: readonly Permission[]) {
  return permissions.map(({ apiGroup, ...rest }) => ({ apiGroups: [apiGroup], ...rest }));
}

describe('rights of the operator', { skip }, () => {
  it('are in every namespace those of operator/permissions.ts', async () => {
    const manifests = await render({});
    assert.deepEqual(at(find(manifests, 'ClusterRole', 'deid-operator'), 'rules'), rulesOf(jobPermissions));
    assert.deepEqual(at(find(manifests, 'ClusterRoleBinding'), 'subjects'), [
      { kind: 'ServiceAccount', name: 'deid-operator', namespace: 'deid-system' },
    ]);
    const lease = rulesOf(leasePermissions('deid-operator'));
    assert.deepEqual(at(find(manifests, 'Role'), 'rules'), lease);
  });

  it('are in single namespaces the same, a Role in each', async () => {
    const manifests = await render({ ...namespaced, 'rbac.userRoles': false });
    const roles = manifests.filter(({ kind }) => kind === 'Role');
    assert.deepEqual(roles.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort(), [
      'ct/deid-operator',
      'deid-system/deid-operator-lease',
      'mr/deid-operator',
    ]);
    for (const role of roles) {
      const isLease = role.metadata.name.endsWith('-lease');
      const expected = isLease ? leasePermissions('deid-operator') : jobPermissions;
      assert.deepEqual(at(role, 'rules'), rulesOf(expected));
    }
    for (const binding of manifests.filter(({ kind }) => kind === 'RoleBinding')) {
      assert.deepEqual(at(binding, 'subjects.0.namespace'), 'deid-system');
    }
  });

  it('hold no Secret, no command in a pod, no wildcard and no role', () => {
    const all = [...jobPermissions, ...leasePermissions('x')];
    const words = new Set(
      all.flatMap(({ apiGroup, resources, verbs }) => [apiGroup, ...resources, ...verbs]),
    );
    for (const word of [
      '*',
      'secrets',
      'pods/exec',
      'pods/log',
      'rbac.authorization.k8s.io',
      'escalate',
      'bind',
      'impersonate',
    ]) {
      assert.ok(!words.has(word), word);
    }
  });
});

describe('roles of people', { skip }, () => {
  const verbsOn = (role: Manifest, resource: string) =>
    (at(role, 'rules') as readonly { readonly resources: string[]; readonly verbs: string[] }[]).flatMap(
      ({ resources, verbs }) => (resources.includes(resource) ? verbs : []),
    );

  it('let viewers read, editors write jobs, and admins write profiles too', async () => {
    for (const values of [{}, { 'watch.namespaces': ['ct'] }]) {
      const manifests = await render(values);
      const kind = 'watch.namespaces' in values ? 'Role' : 'ClusterRole';
      const role = (name: string) => find(manifests, kind, `deid-operator-${name}`);
      assert.ok(verbsOn(role('viewer'), 'deidjobs').includes('list'));
      assert.ok(!verbsOn(role('viewer'), 'deidjobs').includes('create'));
      assert.ok(verbsOn(role('editor'), 'deidjobs').includes('create'));
      assert.ok(!verbsOn(role('editor'), 'deidprofiles').includes('create'));
      assert.ok(verbsOn(role('admin'), 'deidprofiles').includes('create'));
    }
  });

  it('never let anybody write a status: that is what the operator says', async () => {
    for (const role of (await render({})).filter(({ metadata }) =>
      /-(viewer|editor|admin)$/.test(metadata.name),
    )) {
      for (const resource of ['deidjobs/status', 'deidprofiles/status']) {
        assert.deepEqual(verbsOn(role, resource), ['get', 'list', 'watch']);
      }
    }
  });

  it('add to the roles of Kubernetes by rank', async () => {
    const manifests = await render({});
    const ranks = (name: string) =>
      Object.keys(find(manifests, 'ClusterRole', `deid-operator-${name}`).metadata.labels ?? {})
        .filter((label) => label.includes('/aggregate-to-'))
        .map((label) => label.replace(/.*aggregate-to-/, ''))
        .sort();
    assert.deepEqual(
      [ranks('viewer'), ranks('editor'), ranks('admin')],
      [['admin', 'edit', 'view'], ['admin', 'edit'], ['admin']],
    );
  });
});
