/**
 * An edit list: what a decision changes in an object, as replacements of ranges of its source bytes.
 * Header edits, container clean-ups and pixel redaction are all edits, applied by one writer.
 */

/** Replaces source bytes `[start, end)` by `bytes`. An insertion has `start === end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Edits in ascending order of `start` that do not overlap; insertions at one place keep their order. */
export type EditList = readonly Edit[];

/** A run of the output: bytes taken from the source unchanged, or new bytes. */
export type OutputRun =
  | { readonly kind: 'source'; readonly start: number; readonly end: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };
