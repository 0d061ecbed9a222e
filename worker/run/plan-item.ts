/** What a plan consists of: items in the order of the listing, each with its ordinal. Source keys stand sealed. */

/** One object of the source, pinned. */
export interface SourceObject {
  /** The key, encrypted for holders of the project key. */
  readonly sealedKey: string;
  /** Bytes. */
  readonly size: number;
  readonly version: string;
}

/**
 * - `object`: one object with one outcome.
 * - `objectGroup`: objects that are decided together, such as a slide with its sidecars.
 * - `range`: the bytes `[from, to)` of one object, whose outcome `finish` gives it.
 */
export type PlanItem =
  | ({ readonly kind: 'object'; readonly ordinal: number } & SourceObject)
  | { readonly kind: 'objectGroup'; readonly ordinal: number; readonly members: readonly SourceObject[] }
  | ({
      readonly kind: 'range';
      readonly ordinal: number;
      readonly from: number;
      readonly to: number;
    } & SourceObject);

/** Seals source keys for the plan and opens them again; made from the project key. */
export interface KeyCipher {
  seal(key: string): string;
  /** Throws where the text was not sealed with this project key. */
  open(sealed: string): string;
}
