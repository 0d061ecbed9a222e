/**
 * What the operator may do in the Kubernetes API, and no more: the roles of the chart are made from it. Secrets, the
 * spec of anything but child Jobs, logs and commands in pods are not in it.
 */
import { group } from '../crds/v1alpha1/group.ts';

export interface Permission {
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Names of the objects; undefined for all. */
  readonly resourceNames?: readonly string[];
}

/** In every namespace with jobs that the operator cares for. */
export const jobPermissions: readonly Permission[] = [
  // The patch adds and removes the finalizer.
  { apiGroup: group, resources: ['deidjobs'], verbs: ['list', 'patch', 'watch'] },
  { apiGroup: group, resources: ['deidprofiles'], verbs: ['list', 'watch'] },
  { apiGroup: group, resources: ['deidjobs/status', 'deidprofiles/status'], verbs: ['patch'] },
  // For children that block the deletion of their owner.
  { apiGroup: group, resources: ['deidjobs/finalizers'], verbs: ['update'] },
  { apiGroup: 'batch', resources: ['jobs'], verbs: ['create', 'delete', 'get', 'list', 'patch', 'watch'] },
  { apiGroup: '', resources: ['configmaps'], verbs: ['create', 'get'] },
  // Addresses of progress ports, and termination messages.
  { apiGroup: '', resources: ['pods'], verbs: ['list'] },
  { apiGroup: 'events.k8s.io', resources: ['events'], verbs: ['create', 'patch'] },
];

/** In the namespace of the operator: the Lease by which one pod leads. */
export function leasePermissions(leaseName: string): readonly Permission[] {
  const resources = ['leases'];
  return [
    // Creating cannot be bound to a name.
    { apiGroup: 'coordination.k8s.io', resources, verbs: ['create'] },
    { apiGroup: 'coordination.k8s.io', resources, verbs: ['get', 'update'], resourceNames: [leaseName] },
  ];
}
