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
 * - `skipped`: an object that the job does not select; it is counted and never opened.
 * - `range`: the bytes `[from, to)` of one object, whose outcome `finish` gives it.
 */
export type PlanItem =
  | ({ readonly kind: 'object'; readonly ordinal: number } & SourceObject)
  | { readonly kind: 'skipped'; readonly ordinal: number; readonly size: number }
  | { readonly kind: 'objectGroup'; readonly ordinal: number; readonly members: readonly SourceObject[] }
  | ({
      readonly kind: 'range';
      readonly ordinal: number;
      readonly from: number;
      readonly to: number;
    } & SourceObject);
