/** A run on this machine: its id, its areas and its key, as every step of it needs them. */
import { createHash, createHmac } from 'node:crypto';
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import type { RunSpec } from '../../crds/records/run-spec.ts';
import { KeyError } from '../deid/identity/key-error.ts';
import { createPlanCipher, type PlanCipher } from '../deid/identity/plan-cipher.ts';
import { keyFingerprint, type ProjectKey, parseProjectKey } from '../deid/identity/project-key.ts';
import { createText, readText } from '../storage/whole-object.ts';
import { type AreaLocations, createAreaOpener } from './area-location.ts';
import { workLayout } from './layout.ts';
import type { Areas } from './probe.ts';
import { RunError } from './run-error.ts';

export interface OpenRun {
  /** Sixteen hexadecimal digits; also the folder of the run in the work area and in quarantine. */
  readonly run: string;
  readonly runSpec: RunSpec;
  readonly locations: AreaLocations;
  readonly areas: Areas;
  /** The bytes of the key file, for the workers. */
  readonly keyBytes: Uint8Array;
  readonly key: ProjectKey;
  readonly fingerprint: string;
  readonly cipher: PlanCipher;
  /** Tells the places where the areas lie from others, without naming them. */
  readonly binding: string;
}

/**
 * The id of a run: in one work area a job of one name is one run, so that running it again goes on with it, and running
 * it with another profile or other settings is refused instead of mixing two kinds of output.
 */
export function runId({ job: { name, namespace = '' } }: RunSpec): string {
  return createHash('sha256')
    .update(canonicalJson([name, namespace]))
    .digest('hex')
    .slice(0, 16);
}

/** Reads the key and refuses one that is not the job's. Throws `RunError` `KeyUnusable`. */
export function jobKey(keyBytes: Uint8Array, expectedFingerprint: string | undefined): ProjectKey {
  const key = usableKey(keyBytes);
  if (expectedFingerprint !== undefined && expectedFingerprint !== keyFingerprint(key)) {
    throw new RunError('KeyUnusable', 'the project key is not the one that spec.key.fingerprint names');
  }
  return key;
}

function usableKey(keyBytes: Uint8Array): ProjectKey {
  try {
    return parseProjectKey(keyBytes);
  } catch (error) {
    throw error instanceof KeyError ? new RunError('KeyUnusable', error.message) : error;
  }
}

/** Opens a run; nothing is written. Throws `RunError`. */
export async function openRun(options: {
  readonly runSpec: RunSpec;
  readonly locations: AreaLocations;
  readonly keyBytes: Uint8Array;
}): Promise<OpenRun> {
  const { runSpec, locations, keyBytes } = options;
  const key = jobKey(keyBytes, runSpec.job.spec.key.fingerprint);
  const run = runId(runSpec);
  return {
    ...options,
    run,
    key,
    areas: await createAreaOpener().openAll(locations, run),
    fingerprint: keyFingerprint(key),
    cipher: createPlanCipher(key),
    binding: createHmac('sha256', key.deriveKey('binding', 32))
      .update(canonicalJson(locations))
      .digest('hex')
      .slice(0, 16),
  };
}

/** Writes down the run spec as executed. Throws `RunMismatch` where another one stands there. */
export async function recordRunSpec({ run, runSpec, areas }: OpenRun): Promise<void> {
  const key = workLayout(run).runSpec;
  const text = `${canonicalJson(runSpec)}\n`;
  if ((await createText(areas.workArea, key, text)) === 'created') return;
  if ((await readText(areas.workArea, key)) === text) return;
  throw new RunError(
    'RunMismatch',
    'this job was begun with another profile or other settings; go on with those, or give the job another name',
  );
}
