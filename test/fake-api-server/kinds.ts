/** The kinds of objects that the fake API server knows from the start; tests add theirs. */
import type { Resource } from '../../operator/kube/resource.ts';

export interface Kind extends Resource {
  readonly kind: string;
  readonly namespaced: boolean;
  /** Whether status is written by the subresource alone. Such kinds have a generation. */
  readonly hasStatus: boolean;
}

export const namespaces: Kind = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
  hasStatus: false,
};

export const pods: Kind = { ...namespaces, plural: 'pods', kind: 'Pod', namespaced: true, hasStatus: true };

export const jobs: Kind = { ...pods, group: 'batch', plural: 'jobs', kind: 'Job' };

const plain = { ...pods, hasStatus: false };

export const builtinKinds: readonly Kind[] = [
  namespaces,
  pods,
  jobs,
  { ...plain, plural: 'configmaps', kind: 'ConfigMap' },
  { ...plain, plural: 'secrets', kind: 'Secret' },
  { ...plain, plural: 'serviceaccounts', kind: 'ServiceAccount' },
  { ...plain, group: 'coordination.k8s.io', plural: 'leases', kind: 'Lease' },
  { ...plain, group: 'events.k8s.io', plural: 'events', kind: 'Event' },
];

export function apiVersionOf({ group, version }: Resource): string {
  return group === '' ? version : `${group}/${version}`;
}
