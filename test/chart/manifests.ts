/** Manifests as data: what tests read them by, and what they hand to kubectl. */
import { parseAllDocuments } from 'yaml';

/** A manifest of any kind. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** What stands at a path of a manifest: `spec.template.spec.containers.0.image`; undefined where nothing does. */
export function at(manifest: Manifest, path: string): unknown {
  let value: unknown = manifest;
  for (const step of path.split('.'))
    value = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
  return value;
}

/** The manifests of a YAML text. */
export function manifestsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document): Manifest[] => {
    const manifest: Manifest | null = document.toJS();
    return manifest === null ? [] : [manifest];
  });
}

/** The one manifest of a kind, and of a name where several are of the kind. */
export function find(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter(
    (manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name),
  );
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`there are ${found.length} of ${kind} ${name ?? ''}`);
  return first;
}

/** Objects as one document for kubectl. */
export function asList(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** A namespace that takes no pod but such as meet the restricted standard. */
export function restrictedNamespace(name: string): object {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}
