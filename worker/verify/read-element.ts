/** The elements of a data set as the second reader holds them, and the questions that are asked of their places. */
import type { Expectation } from './expectation.ts';

export interface ReadDataSet {
  readonly parent: ReadElement | undefined;
  readonly elements: ReadElement[];
  readonly littleEndian: boolean;
}

/** Bytes that were passed by: where they start, counted from the first byte that the reader took, and how many. */
export interface Bulk {
  readonly start: number;
  readonly length: number;
}

export interface ReadElement {
  readonly tag: number;
  vr: string;
  readonly dataSet: ReadDataSet;
  /** The value of an element that is neither bulk nor a sequence is `[start, end)` of `held`; empty for those. */
  held: Buffer;
  start: number;
  end: number;
  /** The items of a sequence. */
  items: ReadDataSet[] | undefined;
  /** A bulk value: one piece, or one for each fragment. */
  bulk: Bulk[] | undefined;
  /** The bulk value is an offset table and fragments (PS3.5 section A.4). */
  isEncapsulated: boolean;
  /** Filled in by those who ask, since they ask again: what the profile wants, and the value as text. */
  expected: Expectation | undefined;
  readings: readonly string[] | undefined;
}

const nothing = Buffer.alloc(0);

/** An element without a value. */
export function readElement(tag: number, vr: string, dataSet: ReadDataSet): ReadElement {
  return {
    tag,
    vr,
    dataSet,
    held: nothing,
    start: 0,
    end: 0,
    items: undefined,
    bulk: undefined,
    isEncapsulated: false,
    expected: undefined,
    readings: undefined,
  };
}

/** Who reserved the block of a private element; undefined where nobody did, or two did. */
export function creatorOf(tag: number, dataSet: ReadDataSet): string | undefined {
  const reserving = ((tag & 0xffff0000) | ((tag >>> 8) & 0xff)) >>> 0;
  let only: ReadElement | undefined;
  for (const element of dataSet.elements) {
    if (element.tag !== reserving) continue;
    if (only !== undefined) return undefined;
    only = element;
  }
  if (only === undefined) return undefined;
  const text = trim(latin1(only));
  return text === '' ? undefined : text;
}

/** The first element of a tag in the data set itself. */
export function elementIn(dataSet: ReadDataSet, tag: number): ReadElement | undefined {
  for (const element of dataSet.elements) if (element.tag === tag) return element;
  return undefined;
}

function written(tag: number): string {
  const digits = tag.toString(16).toUpperCase().padStart(8, '0');
  return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}

/** A place such as `(0040,A730)/(0040,A160)`. */
export function placeOf(element: ReadElement): string {
  const steps = [written(element.tag)];
  for (let at = element.dataSet.parent; at !== undefined; at = at.dataSet.parent)
    steps.unshift(written(at.tag));
  return steps.join('/');
}

/** The value of an element byte by byte. */
export function latin1({ held, start, end }: ReadElement): string {
  return held.toString('latin1', start, end);
}

/** The bytes of the value: a view. */
export function bytesOf({ held, start, end }: ReadElement): Buffer {
  return held.subarray(start, end);
}

/** Tags from the root down to the element. */
export function pathOf(element: ReadElement): readonly number[] {
  const path = [element.tag];
  for (let at = element.dataSet.parent; at !== undefined; at = at.dataSet.parent) path.unshift(at.tag);
  return path;
}

/** Without NULs and spaces at both ends. */
export function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end -= 1;
  while (start < end && isPadding(text.charCodeAt(start))) start += 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 0;
}
