/**
 * The seam between a run and what it does to one object. The run knows storage, shards and journals; the engine
 * knows images. Neither knows the other.
 */
import type { ByteSource } from './bytes/byte-source.ts';
import type { ReasonCode } from './reason-codes.ts';

/** The output of an object: new identifiers for its key, and its bytes, which can be produced more than once. */
export interface EngineOutput {
  /** Segments of the destination key: `<patient>/<study>/<series>/<instance>`. New identifiers only. */
  readonly patient: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** Ends the key, e.g. `dcm`. */
  readonly extension: string;
  /** Bytes. */
  readonly size: number;
  /** Chunks in order; a synchronous iterable where the source is resident. Borrowed: valid until the next is asked for. */
  chunks(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** What was done, without a value: counts per rule and what the record names. All maps are small. */
export interface EngineRecord {
  /** Number of elements per decision label, e.g. `"E.1-1 X": 12`, `"rule 3": 1`, `"private unsafe": 40`. */
  readonly decisions: Readonly<Record<string, number>>;
  /** Codes of CID 7050 that were written. */
  readonly methods: readonly string[];
  /** Container clean-ups that changed pixel data bytes without changing decoded samples. */
  readonly cleanups: readonly string[];
  /** SOP Class and Transfer Syntax, where they are standard ones. */
  readonly sopClass?: string;
  readonly transferSyntax?: string;
  readonly modality?: string;
  /** Set on objects of the classes at risk of burned-in text whose pixels nobody looked at. */
  readonly pixelsUnchecked?: boolean;
}

/** What the engine says of one object. `at` is a tag path such as `(0040,A730)[2]/(0040,A160)`: a place, never a value. */
export type EngineDecision =
  | { readonly outcome: 'deidentified'; readonly output: EngineOutput; readonly record: EngineRecord }
  | {
      readonly outcome: 'review';
      readonly reason: ReasonCode;
      readonly at?: string;
      readonly output: EngineOutput;
      readonly record: EngineRecord;
    }
  | { readonly outcome: 'rejected'; readonly reason: ReasonCode; readonly at?: string }
  | { readonly outcome: 'skipped'; readonly reason: ReasonCode };

/** De-identifies objects one at a time; holds no state that an outcome could depend on. */
export interface Engine {
  deidentify(source: ByteSource): Promise<EngineDecision>;
}
