/** The real helm over the chart of this checkout. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { toolProgram } from '../../scripts/tools/build.ts';

export const chartFolder: string = join(import.meta.dirname, '..', '..', 'charts', 'deid-operator');

/** A manifest as it came out of a template. */
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

/** Runs helm; resolves with what it printed, and rejects with its error text where it fails. */
export async function helm(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(toolProgram('helm', 'helm'), [...args], {
    env: { ...process.env, ...environment },
    maxBuffer: 1 << 26,
  });
  return stdout;
}

/** Values as arguments of helm. */
export function withValues(values: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(values).map(([path, value]) => `--set-json=${path}=${JSON.stringify(value)}`);
}

/** The text that the templates give under these values, for a release `deid-operator` in the namespace `deid-system`. */
export function template(values: Readonly<Record<string, unknown>>): Promise<string> {
  return helm([
    ...['template', 'deid-operator', chartFolder, '--namespace', 'deid-system'],
    ...withValues(values),
  ]);
}

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

export async function render(values: Readonly<Record<string, unknown>>): Promise<readonly Manifest[]> {
  return manifestsOf(await template(values));
}
