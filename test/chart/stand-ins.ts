/** Definitions of kinds that other products bring along, of which a test's API server is to know the name alone. */

interface ForeignKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope?: 'Cluster' | 'Namespaced';
}

function standIn({ group, version, kind, plural, scope = 'Namespaced' }: ForeignKind) {
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      annotations: { 'api-approved.kubernetes.io': 'unapproved, a stand-in of a test' },
    },
    spec: {
      group,
      names: { kind, plural },
      scope,
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

const prometheus = { group: 'monitoring.coreos.com', version: 'v1' };
const kueue = { group: 'kueue.x-k8s.io', version: 'v1beta1' };

export const standIns: readonly object[] = [
  { ...prometheus, kind: 'ServiceMonitor', plural: 'servicemonitors' },
  { ...prometheus, kind: 'PrometheusRule', plural: 'prometheusrules' },
  { ...kueue, kind: 'LocalQueue', plural: 'localqueues' },
  { ...kueue, kind: 'ClusterQueue', plural: 'clusterqueues', scope: 'Cluster' as const },
  { ...kueue, kind: 'ResourceFlavor', plural: 'resourceflavors', scope: 'Cluster' as const },
  { group: 'karpenter.sh', version: 'v1', kind: 'NodePool', plural: 'nodepools', scope: 'Cluster' as const },
  { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', plural: 'applications' },
].map(standIn);
