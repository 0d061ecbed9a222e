/** What a journal says of one object: its outcome and what bears it out. No value, path or key of the source. */
import type { EngineRecord } from '../engine.ts';
import type { JournalEntry } from '../journal/segment.ts';
import { type Outcome, outcomes } from '../outcome.ts';
import { type ReasonCode, reasonCodes } from '../reason-codes.ts';

/** What was written for an object. */
export interface WrittenOutput {
  /** Key in the destination, or in quarantine for a review: new identifiers and digests only. */
  readonly key: string;
  readonly size: number;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  /** The new SOP Instance UID, or whatever names an object of its format. */
  readonly instance: string;
}

export interface ObjectInput {
  readonly size: number;
  /** SHA-256, lower-case hex; undefined where the object could not be read whole. */
  readonly sha256?: string;
}

export interface ObjectRecord {
  readonly ordinal: number;
  readonly outcome: Outcome;
  /** Every outcome but `deidentified` has one. */
  readonly reason?: ReasonCode;
  /** The place in the object that the reason concerns: a tag path. */
  readonly at?: string;
  readonly input: ObjectInput;
  /** For `deidentified` and `review`. */
  readonly output?: WrittenOutput;
  readonly record?: EngineRecord;
}

/** The record that a journal entry holds; undefined where it is none. */
export function decodeObjectRecord(entry: JournalEntry): ObjectRecord | undefined {
  const { ordinal, outcome, reason, input } = entry;
  const isRecord =
    Number.isSafeInteger(ordinal) &&
    outcomes.some((known) => known === outcome) &&
    (reason === undefined ? outcome === 'deidentified' : String(reason) in reasonCodes) &&
    typeof input === 'object';
  return isRecord ? (entry as unknown as ObjectRecord) : undefined;
}

/** What a journal says of an object that is taken in hand alone, after a whole pod has died. */
export interface ObjectTouch {
  readonly touched: number;
}

/** The ordinal of an object that a journal entry says was taken in hand; undefined where the entry says no such thing. */
export function touchedOrdinal({ touched }: JournalEntry): number | undefined {
  return typeof touched === 'number' && Number.isSafeInteger(touched) ? touched : undefined;
}
