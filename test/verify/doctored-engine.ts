/**
 * An engine with a mistake in it: a copy of the sources in a temporary folder, in which one module is put behind
 * another that gives some of its exports anew. The product has no switch for this.
 */
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import type { DeidProfileSpec } from '../../crds/v1alpha1/profile.ts';
import { residentSource } from '../../worker/bytes/byte-source.ts';
import type { createEngine as CreateEngine } from '../../worker/deid/engine.ts';
import type { parseProjectKey as ParseProjectKey } from '../../worker/deid/identity/project-key.ts';
import type { EngineDecision } from '../../worker/engine.ts';
import type { Finding } from '../../worker/verifier.ts';
import { createVerifier } from '../../worker/verify/verifier.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const keyFile = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7 + 3));

export type Profile = 'basic' | 'research';

/** The module below `worker/` to change and the exports that take the place of its own; `original` is the module itself. */
export interface Doctoring {
  readonly module: string;
  readonly exports: string;
}

export interface DoctoredEngine {
  deidentify(file: Uint8Array, profile: Profile | DeidProfileSpec): Promise<EngineDecision>;
  remove(): void;
}

/** Makes the engine; without a doctoring it is the engine as it is. */
export async function doctoredEngine(doctoring?: Doctoring): Promise<DoctoredEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'deid-doctored-'));
  for (const room of ['crds', 'worker']) {
    cpSync(join(root, room), join(folder, room), {
      recursive: true,
      filter: (path) => !/\.test\.ts$|[\\/](?:cli|storage|evidence|verify)$/.test(path),
    });
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
  if (doctoring !== undefined) {
    const path = join(folder, 'worker', doctoring.module);
    const original = join(dirname(path), 'the-original-module.ts');
    renameSync(path, original);
    writeFileSync(
      path,
      `export * from './the-original-module.ts';\nimport * as original from './the-original-module.ts';\n${doctoring.exports}\n`,
    );
  }
  const at = (path: string): string => pathToFileURL(join(folder, path)).href;
  const { createEngine } = (await import(at('worker/deid/engine.ts'))) as {
    createEngine: typeof CreateEngine;
  };
  const { parseProjectKey } = (await import(at('worker/deid/identity/project-key.ts'))) as {
    parseProjectKey: typeof ParseProjectKey;
  };
  const key = parseProjectKey(keyFile);
  return {
    deidentify: async (file, profile) =>
      createEngine({
        profile: typeof profile === 'string' ? builtinProfiles[profile].spec : profile,
        key,
      }).deidentify(residentSource(file)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What the verifier says of a decision about `file`; the output comes in one piece of each size of `pieces`. */
export async function findingOn(
  file: Uint8Array,
  decision: EngineDecision,
  profile: DeidProfileSpec,
  isResident = true,
): Promise<Finding | undefined> {
  if (!('output' in decision)) throw new Error('the engine gave no output');
  const verifier = createVerifier({ profile, key: keyFile });
  const source = isResident
    ? residentSource(file)
    : {
        size: file.length,
        read: async (offset: number, length: number) =>
          Uint8Array.from(file.subarray(offset, offset + length)),
      };
  const verification = await verifier.begin(source, decision.output, decision.record);
  for await (const chunk of decision.output.chunks()) await verification.take(chunk);
  return verification.finish();
}
