/**
 * The seam between a run and the second reader of its outputs. What the engine made of an object is read once more by
 * code that shares nothing with it; what that reader finds holds the object back.
 */
import type { ByteSource } from './bytes/byte-source.ts';
import type { EngineOutput, EngineRecord } from './engine.ts';
import type { ReasonCode } from './reason-codes.ts';

/** What is wrong with an output. `at` is a tag path such as `(0040,A730)/(0040,A160)`: a place, never a value. */
export interface Finding {
  readonly reason: Extract<ReasonCode, `Verification${string}`>;
  readonly at?: string;
}

/** The verification of one output at work. */
export interface Verification {
  /** Takes the output's next bytes; borrowed until the promise, where there is one, is fulfilled. */
  take(chunk: Uint8Array): Promise<void> | undefined;
  /** All bytes have been taken: gives the first finding, or undefined where there is none. */
  finish(): Finding | undefined;
}

export interface Verifier {
  /** Begins with the output that was made of `source`, of which `record` says what was done. */
  begin(source: ByteSource, output: EngineOutput, record: EngineRecord): Promise<Verification>;
}
