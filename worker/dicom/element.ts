/**
 * The tree of one parsed data set. It holds places, not values: offsets into the body it was read from, so that
 * untouched bytes are passed through uncopied and a value is looked at only by whom it concerns.
 */
import type { Tag } from './tag.ts';
import type { Vr } from './vr.ts';

/** How elements are encoded at one place (PS3.5 section 7.1, Annex A). Items of a UN sequence are implicit little endian. */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

/** One data element. All offsets are bytes from the start of the body (the file, or the inflated data set). */
export interface Element {
  readonly tag: Tag;
  /**
   * The VR that the value is read as: the explicit one; in implicit encodings and for UN the dictionary's; SQ for
   * every sequence, also one hidden in UN (CP-246) or found in an implicit private element; UN where nobody knows.
   */
  readonly vr: Vr;
  /** The VR as written in an explicit encoding; undefined in implicit ones. Differs from `vr` for UN and wrong VRs. */
  readonly writtenVr?: Vr;
  /** The encoding of this element's own header and value. */
  readonly encoding: Encoding;
  /** First byte of the tag. */
  readonly start: number;
  /** First byte of the value. */
  readonly valueStart: number;
  /** First byte after the value; for undefined length the place of the Sequence Delimitation Item. */
  readonly valueEnd: number;
  /** First byte after the element, delimitation items included. */
  readonly end: number;
  readonly undefinedLength: boolean;
  /** Items, exactly where `vr` is SQ. */
  readonly items?: readonly Item[];
  /** Fragments of encapsulated pixel data in order, the Basic Offset Table first (PS3.5 section A.4). */
  readonly fragments?: readonly Fragment[];
}

/** One item of a sequence, with its data set. */
export interface Item {
  /** First byte of the item tag. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** First byte after the item, its delimitation item included. */
  readonly end: number;
  readonly undefinedLength: boolean;
  readonly dataSet: DataSet;
}

/** One fragment of encapsulated pixel data. */
export interface Fragment {
  /** First byte of the item tag. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** Elements in the order in which they stand; `encoding` is that of all of them. */
export interface DataSet {
  readonly elements: readonly Element[];
  readonly encoding: Encoding;
}

/** Places within a body that are in memory. */
export interface ResidentBytes {
  /** The bytes `[start, end)`, borrowed. Throws where they were not made resident: ask only for values within the limits. */
  view(start: number, end: number): Uint8Array;
  /** Whether `[start, end)` can be viewed. */
  has(start: number, end: number): boolean;
}
