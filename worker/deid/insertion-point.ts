/** Where a new element goes: elements stand in ascending order of tag (PS3.5 section 7.1). */
import type { DataSet } from '../dicom/element.ts';
import type { Tag } from '../dicom/tag.ts';

/** The offset before the first element whose tag is greater; the end of the last element where there is none. */
export function insertionPoint(dataSet: DataSet, tag: Tag): number {
  const next = dataSet.elements.find((element) => element.tag > tag);
  return next?.start ?? dataSet.elements.at(-1)?.end ?? 0;
}
