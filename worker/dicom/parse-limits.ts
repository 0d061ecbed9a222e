/** Bounds that make every input, however hostile, end in bounded time and memory. */
export interface ParseLimits {
  /** Sequences within sequences. */
  readonly depth: number;
  /** Elements and items in all. */
  readonly elements: number;
  /** Bytes of headers and of values that are held in memory. */
  readonly residentBytes: number;
  /** Bytes of a deflated data set once inflated. */
  readonly inflatedBytes: number;
  /** Objects up to this size are read whole. */
  readonly wholeBytes: number;
  /** What is read at a time of larger objects. */
  readonly windowBytes: number;
  /** Binary values longer than this are not held in memory. */
  readonly bulkBytes: number;
}

const kibibyte = 1024;
const mebibyte = kibibyte * kibibyte;

export const defaultLimits: ParseLimits = {
  depth: 128,
  elements: 4_000_000,
  residentBytes: 128 * mebibyte,
  inflatedBytes: 256 * mebibyte,
  wholeBytes: 16 * mebibyte,
  windowBytes: mebibyte,
  bulkBytes: 64 * kibibyte,
};
