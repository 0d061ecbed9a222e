/** The real helm over the chart of this checkout. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toolProgram } from '../../scripts/tools/build.ts';
import { type Manifest, manifestsOf } from './manifests.ts';

export const chartFolder: string = join(import.meta.dirname, '..', '..', 'charts', 'deid-operator');

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

export async function render(values: Readonly<Record<string, unknown>>): Promise<readonly Manifest[]> {
  return manifestsOf(await template(values));
}
