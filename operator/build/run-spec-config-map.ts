/** The ConfigMap that holds a job and its profile as they were when the job was accepted. */
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import type { RunSpec } from '../../crds/records/run-spec.ts';
import { apiVersion } from '../../crds/v1alpha1/group.ts';
import { jobLabel, type Owner, ownerReference, runSpecName } from './names.ts';

/** Entry of the ConfigMap, and name of the file that it becomes in pods. */
export const runSpecEntry = 'run.json';

/** Immutable: what was accepted is what runs. */
export function runSpecConfigMap(owner: Owner, runSpec: RunSpec): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: runSpecName(owner),
      namespace: owner.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'deid-operator', [jobLabel]: owner.name },
      ownerReferences: [ownerReference(owner, apiVersion)],
    },
    immutable: true,
    data: { [runSpecEntry]: canonicalJson(runSpec) },
  };
}
