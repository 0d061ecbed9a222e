/** The new identifiers of an output, read from what was in truth written, so that file header, key and data set agree. */
import type { Edit } from '../bytes/edit.ts';
import type { ResidentBytes } from '../dicom/element.ts';
import type { Tag } from '../dicom/tag.ts';
import { bytesOf, latin1, trimPadding } from './element-value.ts';
import type { OutputNames } from './object-output.ts';
import { elementIn, type Scope } from './scope.ts';

const sopInstanceUid: Tag = 0x00080018;
const studyInstanceUid: Tag = 0x0020000d;
const seriesInstanceUid: Tag = 0x0020000e;

/** A UI element has a header of eight bytes in every encoding but UN. */
const shortHeader = 8;

function writtenUid(root: Scope, tag: Tag, edits: readonly Edit[], body: ResidentBytes): string | undefined {
  const element = elementIn(root.dataSet, tag);
  if (element === undefined || element.items !== undefined) return undefined;
  const edit = edits.find(({ start, end }) => start === element.start && end === element.end);
  const header = element.writtenVr === 'UN' ? shortHeader + 4 : shortHeader;
  const uid = trimPadding(latin1(edit === undefined ? bytesOf(element, body) : edit.bytes.subarray(header)));
  return uid === '' ? undefined : uid;
}

/** Names for objects that lack a level: what is made of the original's lack, the same for all of them. */
export function outputNames(
  root: Scope,
  edits: readonly Edit[],
  body: ResidentBytes,
  identity: { readonly sopClass: string; readonly patient: string; mapUid(uid: string): string },
): OutputNames {
  const uid = (tag: Tag): string => writtenUid(root, tag, edits, body) ?? identity.mapUid('');
  return {
    sopClass: identity.sopClass,
    patient: identity.patient,
    sopInstance: uid(sopInstanceUid),
    study: uid(studyInstanceUid),
    series: uid(seriesInstanceUid),
  };
}
