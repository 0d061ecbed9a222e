/**
 * Keeps defined lengths true: where edits change how long an item or a sequence is, its length field is an edit too.
 * Undefined lengths stay undefined.
 */
import type { Edit, EditList } from '../bytes/edit.ts';
import { sortEdits } from '../bytes/output-runs.ts';
import type { DataSet, Element, Item } from './element.ts';

function lengthField(at: number, length: number, littleEndian: boolean): Edit {
  const bytes = Buffer.alloc(4);
  if (littleEndian) bytes.writeUInt32LE(length);
  else bytes.writeUInt32BE(length);
  return { start: at, end: at + 4, bytes };
}

/** Answers by how many bytes the edits within a range change its length, in logarithmic time. */
function growthIn(edits: EditList): (start: number, end: number) => number {
  const sums: number[] = [0];
  for (const { start, end, bytes } of edits) sums.push((sums.at(-1) ?? 0) + bytes.length - (end - start));
  const firstAtOrAfter = (offset: number): number => {
    let low = 0;
    let high = edits.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((edits[middle]?.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (start, end) => (sums[firstAtOrAfter(end)] ?? 0) - (sums[firstAtOrAfter(start)] ?? 0);
}

/**
 * The edits with those of the length fields that they make necessary, sorted. Sequences that an edit replaces or removes
 * whole are left alone. A value's edits start within it: nothing is inserted at the end of an item.
 */
export function fixLengths(dataSet: DataSet, edits: readonly Edit[]): EditList {
  const sorted = sortEdits(edits);
  const growth = growthIn(sorted);
  const replaced = new Set(sorted.filter(({ start, end }) => end > start).map(({ start }) => start));
  const fields: Edit[] = [];
  const visitItem = (item: Item): void => {
    if (replaced.has(item.start)) return;
    const change = growth(item.valueStart, item.valueEnd);
    if (change !== 0 && !item.undefinedLength) {
      const length = item.valueEnd - item.valueStart + change;
      fields.push(lengthField(item.valueStart - 4, length, item.dataSet.encoding.littleEndian));
    }
    for (const element of item.dataSet.elements) visitElement(element);
  };
  const visitElement = (element: Element): void => {
    if (element.items === undefined || replaced.has(element.start)) return;
    // The length of the sequence itself stands in the encoding around it; that of its items in their own.
    const change = growth(element.valueStart, element.valueEnd);
    if (change !== 0 && !element.undefinedLength) {
      const length = element.valueEnd - element.valueStart + change;
      fields.push(lengthField(element.valueStart - 4, length, element.encoding.littleEndian));
    }
    for (const item of element.items) visitItem(item);
  };
  for (const element of dataSet.elements) visitElement(element);
  if (fields.length === 0) return sorted;
  // A second pass is not needed: length fields keep their own length, so they change no other.
  return sortEdits([...sorted, ...fields]);
}
