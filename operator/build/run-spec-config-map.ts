/** The ConfigMap that holds a job and its profile as they were when the job was accepted. */
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import type { RunSpec } from '../../crds/records/run-spec.ts';
import {
  cleanupSpecName,
  jobLabel,
  jobUidLabel,
  managedByLabels,
  type Owner,
  ownerReference,
  runSpecName,
} from './names.ts';

/** Entry of the ConfigMap, and name of the file that it becomes in pods. */
export const runSpecEntry = 'run.json';

function configMap(owner: Owner, name: string, text: string, ownerReferences: readonly unknown[]) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: owner.namespace,
      labels: { ...managedByLabels, [jobLabel]: owner.name, [jobUidLabel]: owner.uid },
      ownerReferences,
    },
    immutable: true,
    data: { [runSpecEntry]: text },
  };
}

/** Immutable: what was accepted is what runs. */
export function runSpecConfigMap(owner: Owner, runSpec: RunSpec): Readonly<Record<string, unknown>> {
  return configMap(owner, runSpecName(owner), canonicalJson(runSpec), [ownerReference(owner)]);
}

/**
 * The run spec for the cleanup Job, and that Job's own: where a job is deleted in the foreground, all that the job owns
 * goes before the cleanup has begun.
 */
export function cleanupSpecConfigMap(
  owner: Owner,
  runSpec: RunSpec,
  cleanup: { readonly name: string; readonly uid: string },
): Readonly<Record<string, unknown>> {
  const reference = { apiVersion: 'batch/v1', kind: 'Job', ...cleanup, controller: true };
  return configMap(owner, cleanupSpecName(owner), canonicalJson(runSpec), [reference]);
}
