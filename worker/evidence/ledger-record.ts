/**
 * A ledger's record of one object. It may leave the work area: of the input it has the size and a mark that only a
 * holder of the project key can tie to bytes. The input's digest stands beside it in the work area's ledger.
 */
import { createHash, createHmac } from 'node:crypto';
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import type { Outcome } from '../outcome.ts';
import type { ReasonCode } from '../reason-codes.ts';
import type { ObjectRecord, WrittenOutput } from '../run/object-record.ts';

export interface LedgerRecord {
  readonly ordinal: number;
  /** `undone` where the attempt gave the object up before it had an outcome. */
  readonly outcome: Outcome | 'undone';
  readonly reason?: ReasonCode;
  readonly at?: string;
  readonly input: {
    /** Bytes; 0 of an object that is `undone`. */
    readonly size: number;
    /** HMAC-SHA-256, lower-case hex, over the input's SHA-256 (32 bytes) under the object's mark key. */
    readonly mark?: string;
  };
  readonly output?: WrittenOutput & { readonly area: 'destination' | 'quarantine' };
  /** What the engine says that it did, without a value; see `EngineRecord`. */
  readonly done?: ObjectRecord['record'];
}

/** What stays in the work area. */
export interface LedgerSource {
  /** SHA-256 of the input, lower-case hex. */
  readonly sha256: string;
  /** The object's mark key, lower-case hex: it lets who has the ledger check the mark without the project key. */
  readonly markKey: string;
}

/** One line of a ledger. */
export interface LedgerEntry {
  /** See {@link chainHash}; lower-case hex. */
  readonly chain: string;
  readonly record: LedgerRecord;
  /** Undefined where the input could not be read whole. */
  readonly source?: LedgerSource;
}

/** The mark of an input: `sha256` is its digest in hex, `markKey` 32 bytes. */
export function inputMark(markKey: Uint8Array, sha256: string): string {
  return createHmac('sha256', markKey).update(sha256, 'hex').digest('hex');
}

/** The record and its source of what a journal says of an object. */
export function ledgerRecord(
  object: ObjectRecord,
  markKeyOf: (ordinal: number) => Uint8Array,
): Omit<LedgerEntry, 'chain'> {
  const { ordinal, outcome, reason, at, input, output, record: done } = object;
  const { size, sha256 } = input;
  const area = outcome === 'review' ? 'quarantine' : 'destination';
  const markKey = sha256 === undefined ? undefined : markKeyOf(ordinal);
  const record: LedgerRecord = {
    ordinal,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(at === undefined ? {} : { at }),
    input:
      sha256 === undefined || markKey === undefined ? { size } : { size, mark: inputMark(markKey, sha256) },
    ...(output === undefined ? {} : { output: { ...output, area } }),
    ...(done === undefined ? {} : { done }),
  };
  if (sha256 === undefined || markKey === undefined) return { record };
  return { record, source: { sha256, markKey: Buffer.from(markKey).toString('hex') } };
}

/** The record of an object that has no outcome. */
export function undoneRecord(ordinal: number): LedgerRecord {
  return { ordinal, outcome: 'undone', input: { size: 0 } };
}

const chainPrefix = Buffer.from([3]);

/**
 * Links a line to the one before: SHA-256 over 03, the link before (for a shard's first line the context's hash), the
 * record's leaf, and the canonical JSON of the source where there is one.
 */
export function chainHash(before: Uint8Array, leaf: Uint8Array, source: LedgerSource | undefined): Buffer {
  const hash = createHash('sha256').update(chainPrefix).update(before).update(leaf);
  return source === undefined ? hash.digest() : hash.update(canonicalJson(source), 'utf8').digest();
}
