/** What the ledger of a run is made with, from what a step knows of the run. */
import { digestOf } from '../../crds/records/canonical-json.ts';
import type { RunSpec } from '../../crds/records/run-spec.ts';
import { keyFingerprint, type ProjectKey, purposes } from '../deid/identity/project-key.ts';
import type { LedgerKeys } from '../evidence/shard-ledger.ts';
import type { SealedPlan } from './sealed-plan.ts';

export function ledgerKeys(of: {
  readonly run: string;
  readonly runSpec: RunSpec;
  readonly plan: SealedPlan;
  readonly key: ProjectKey;
  readonly programDigest: string;
}): LedgerKeys {
  const { run, runSpec, plan, key, programDigest } = of;
  return {
    context: {
      kind: 'LedgerContext',
      version: 1,
      run,
      runSpec: runSpec.digest,
      profile: digestOf(runSpec.profile.spec),
      plan: plan.summary.digest,
      engine: { version: plan.summary.engineVersion, digest: programDigest },
      key: keyFingerprint(key),
    },
    markKeyOf: (ordinal) => key.hmac(purposes.inputMark, run, String(ordinal)),
  };
}
