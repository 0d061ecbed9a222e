/** What all records of a ledger have in common: the run, and the profile, plan, program and key that made its outputs. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../crds/records/canonical-json.ts';

export interface LedgerContext {
  readonly kind: 'LedgerContext';
  readonly version: 1;
  readonly run: string;
  /** `sha256:…` of the run spec. */
  readonly runSpec: string;
  /** `sha256:…` of the profile's spec, in canonical JSON. */
  readonly profile: string;
  /** `sha256:…` of the plan. */
  readonly plan: string;
  /** Version of the program, and `sha256:…` of its files. */
  readonly engine: { readonly version: string; readonly digest: string };
  /** Fingerprint of the project key. */
  readonly key: string;
}

const contextPrefix = Buffer.from([2]);

/** SHA-256 over 02 and the canonical JSON: it stands before every record in its leaf, so a record belongs to one run. */
export function contextHash(context: LedgerContext): Buffer {
  return createHash('sha256').update(contextPrefix).update(canonicalJson(context), 'utf8').digest();
}
