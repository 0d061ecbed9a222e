/** Proves to somebody who has a run's root, or the public key that signed it, that an output has its record under it. */
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import type { KnownRun } from '../run/list-runs.ts';
import type { Storage } from '../storage/storage.ts';
import type { Finding } from './finding.ts';
import { contextHash } from './ledger-context.ts';
import { openLedger } from './ledger-entries.ts';
import type { LedgerRecord } from './ledger-record.ts';
import type { LedgerRoot } from './ledger-root.ts';
import { createMerkleTree, leafHash, rootOfPath } from './merkle.ts';
import { checkSignature, type LedgerSignature, readSignature } from './signature.ts';

/** May leave the work area. */
export interface InclusionProof {
  readonly kind: 'InclusionProof';
  readonly version: 1;
  readonly statement: LedgerRoot;
  readonly record: LedgerRecord;
  /** Hashes from the leaf's sibling up to the root (RFC 9162 section 2.1.3.1), lower-case hex. */
  readonly path: readonly string[];
  readonly signature?: LedgerSignature;
}

/**
 * The proof of the first record whose output has that SHA-256 (lower-case hex); undefined where there is none. Throws
 * `EvidenceError` where the ledger is not as sealed.
 */
export async function proveOutput(
  work: Storage,
  known: KnownRun,
  sha256: string,
): Promise<InclusionProof | undefined> {
  const ledger = await openLedger(work, known);
  const tree = createMerkleTree();
  let record: LedgerRecord | undefined;
  for await (const { entry, leaf } of ledger.entries(tree)) {
    if (record === undefined && entry.record.output?.sha256 === sha256) {
      record = entry.record;
      tree.appendTarget(leaf);
    } else {
      tree.append(leaf);
    }
  }
  if (record === undefined) return undefined;
  const signature = await readSignature(work, { run: known.run, attempt: ledger.attempt });
  return {
    kind: 'InclusionProof',
    version: 1,
    statement: ledger.statement,
    record,
    path: tree.path().map((hash) => hash.toString('hex')),
    ...(signature === undefined ? {} : { signature }),
  };
}

/** What a proof is held against. Without a root and without a public key it proves nothing. */
export interface ProofAnchors {
  /** `sha256:…`, from whom one trusts. */
  readonly root?: string;
  readonly publicKey?: KeyObject;
  /** SHA-256 of the output at hand, lower-case hex. */
  readonly output?: string;
}

/** Reads a proof; undefined where the text is none. */
export function decodeProof(text: string): InclusionProof | undefined {
  try {
    const proof = JSON.parse(text) as InclusionProof;
    const { kind, version, statement, record, path } = proof;
    const isProof =
      kind === 'InclusionProof' &&
      version === 1 &&
      statement.kind === 'LedgerRoot' &&
      statement.version === 1 &&
      Number.isSafeInteger(statement.entries) &&
      Number.isSafeInteger(record.ordinal) &&
      path.every((hash) => /^[0-9a-f]{64}$/.test(hash));
    return isProof ? proof : undefined;
  } catch {
    return undefined;
  }
}

/** The first thing that is wrong with a proof. */
export function checkProof(proof: InclusionProof, anchors: ProofAnchors): Finding | undefined {
  const { statement, record, path, signature } = proof;
  const leaf = leafHash(contextHash(statement.context), canonicalJson(record));
  const hashes = path.map((hash) => Buffer.from(hash, 'hex'));
  const root = rootOfPath(leaf, record.ordinal, statement.entries, hashes);
  if (root === undefined || `sha256:${root.toString('hex')}` !== statement.root)
    return { kind: 'ProofBroken' };
  if (anchors.root !== undefined && anchors.root !== statement.root) return { kind: 'RootUnexpected' };
  if (signature === undefined && anchors.publicKey !== undefined) return { kind: 'SignatureMissing' };
  const found = signature === undefined ? undefined : checkSignature(signature, statement, anchors.publicKey);
  if (found !== undefined) return found;
  return anchors.output !== undefined && anchors.output !== record.output?.sha256
    ? { kind: 'OutputAltered' }
    : undefined;
}
