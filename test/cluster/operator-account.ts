/** The operator's service account, in a namespace where it also works. */
import { jobPermissions, leasePermissions, type Permission } from '../../operator/permissions.ts';
import type { Kubectl } from './kubectl.ts';

const api = 'rbac.authorization.k8s.io';

const rules = (permissions: readonly Permission[]) =>
  permissions.map(({ apiGroup, ...rest }) => ({ apiGroups: [apiGroup], ...rest }));

/** Makes a service account that may do what the chart's roles allow, and nothing else. Returns a token of it. */
export async function operatorToken(kubectl: Kubectl, namespace: string, leaseName: string): Promise<string> {
  const named = (kind: string, more: object) => ({
    ...{ apiVersion: `${api}/v1`, kind, metadata: { name: 'operator', namespace } },
    ...more,
  });
  await kubectl.apply(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'operator', namespace } },
    named('Role', { rules: rules([...jobPermissions, ...leasePermissions(leaseName)]) }),
    named('RoleBinding', {
      roleRef: { apiGroup: api, kind: 'Role', name: 'operator' },
      subjects: [{ kind: 'ServiceAccount', name: 'operator', namespace }],
    }),
  );
  return (await kubectl('create', 'token', 'operator', '-n', namespace, '--duration=24h')).trim();
}
