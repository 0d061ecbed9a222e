/** Whether a private element may stay: by the lists, or by what the object declares. */
import { bytesOf, creatorOf, elementIn, type ReadDataSet, type ReadElement } from './read-element.ts';
import { isSafePrivate } from './tables.ts';
import { textIn } from './values.ts';

function shortsIn(item: ReadDataSet, tag: number): readonly number[] {
  const element = elementIn(item, tag);
  const value = element === undefined ? Buffer.alloc(0) : bytesOf(element);
  const found: number[] = [];
  for (let at = 0; at + 2 <= value.length; at += 2)
    found.push(item.littleEndian ? value.readUInt16LE(at) : value.readUInt16BE(at));
  return found;
}

/** Whether the source declares a private element to hold nothing identifying (PS3.3 section C.12.1.1.7). */
function isDeclaredSafe(element: ReadElement, creator: string, source: ReadDataSet): boolean {
  return (elementIn(source, 0x00080300)?.items ?? []).some(
    (item) =>
      shortsIn(item, 0x00080301)[0] === element.tag >>> 16 &&
      textIn(item, 0x00080302).toUpperCase() === creator.toUpperCase() &&
      (textIn(item, 0x00080303) === 'SAFE' ||
        shortsIn(item, 0x00080304).some((number) => (number & 0xff) === (element.tag & 0xff))),
  );
}

/** True for private elements that a list or the source itself calls safe; none of unknown VR, no name. */
export function mayStayPrivate(element: ReadElement, source: ReadDataSet): boolean {
  const { tag, vr } = element;
  const creator = creatorOf(tag, element.dataSet);
  if (creator === undefined || vr === 'PN' || vr === 'UN') return false;
  return isSafePrivate(tag, creator, vr) || isDeclaredSafe(element, creator, source);
}
