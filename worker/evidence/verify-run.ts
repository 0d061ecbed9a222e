/** Checks all that a finished run has left: ledger, signature, outputs, and what else lies beside them. */
import type { KeyObject } from 'node:crypto';
import type { KnownRun } from '../run/list-runs.ts';
import type { Storage } from '../storage/storage.ts';
import type { Finding } from './finding.ts';
import type { LedgerRoot } from './ledger-root.ts';
import {
  checkSignature,
  hasSignature,
  type LedgerOf,
  type LedgerSignature,
  readSignature,
} from './signature.ts';
import { verifyLedger } from './verify-ledger.ts';
import { type OutputCheck, type OutputVerdict, verifyOutputs } from './verify-outputs.ts';

/** What the root is held against besides the records. */
export interface RootAnchors {
  /** `sha256:…`, as it was written down elsewhere. */
  readonly root?: string;
  /** The key that must have signed the root. */
  readonly publicKey?: KeyObject;
}

export interface RunVerdict {
  readonly statement: LedgerRoot | undefined;
  readonly signature: LedgerSignature | undefined;
  /** Undefined where the ledger is not to be relied on, so that outputs were not read. */
  readonly outputs: Omit<OutputVerdict, 'findings' | 'found'> | undefined;
  /** None: the evidence holds. */
  readonly findings: readonly Finding[];
  /** Number of findings in all. */
  readonly found: number;
}

/** Throws `RunError` `NoSuchRun` where the run is not finished, `Interrupted`, or what ends reading of an area. */
export async function verifyRun(
  known: KnownRun,
  anchors: RootAnchors,
  check: Omit<OutputCheck, 'run' | 'shards' | 'history'>,
): Promise<RunVerdict> {
  const work = check.areas.workArea;
  const { statement, history, shards, findings: ofLedger } = await verifyLedger(work, known);
  const of = { run: known.run, attempt: statement?.attempt ?? 0 };
  const signature = await readSignature(work, of);
  const findings = [...ofLedger, ...(await rootFindings(work, of, statement, signature, anchors))];
  if (findings.length > 0 || history === undefined)
    return { statement, signature, outputs: undefined, findings, found: findings.length };
  const {
    found,
    findings: ofOutputs,
    ...outputs
  } = await verifyOutputs({ ...check, run: known.run, shards, history });
  return { statement, signature, outputs, findings: ofOutputs, found };
}

async function rootFindings(
  work: Storage,
  of: LedgerOf,
  statement: LedgerRoot | undefined,
  signature: LedgerSignature | undefined,
  { root, publicKey }: RootAnchors,
): Promise<readonly Finding[]> {
  if (statement === undefined) return [];
  const findings: Finding[] = [];
  if (root !== undefined && root !== statement.root) findings.push({ kind: 'RootUnexpected' });
  if (signature === undefined) {
    if (await hasSignature(work, of)) findings.push({ kind: 'SignatureAltered' });
    else if (publicKey !== undefined) findings.push({ kind: 'SignatureMissing' });
    return findings;
  }
  const found = checkSignature(signature, statement, publicKey);
  return found === undefined ? findings : [...findings, found];
}
