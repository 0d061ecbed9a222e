/** Reads what the checks and the record need of an object: its class, its place in the hierarchy, its flags. */
import type { DataSet } from '../dicom/element.ts';
import type { ParsedObject } from '../dicom/parse.ts';
import type { Tag } from '../dicom/tag.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { asciiValues } from './element-value.ts';
import type { ObjectFacts } from './object-checks.ts';
import { elementIn } from './scope.ts';

const tags = {
  imageType: 0x00080008,
  sopClassUid: 0x00080016,
  sopInstanceUid: 0x00080018,
  modality: 0x00080060,
  studyInstanceUid: 0x0020000d,
  seriesInstanceUid: 0x0020000e,
  burnedInAnnotation: 0x00280301,
  specimenLabelInImage: 0x00480010,
  directoryRecordSequence: 0x00041220,
  encapsulatedDocument: 0x00420011,
  pixelData: 0x7fe00010,
} as const satisfies Record<string, Tag>;

/** Facts of the object as a whole. */
export interface GatheredFacts extends ObjectFacts {
  readonly studyInstance: string | undefined;
  readonly seriesInstance: string | undefined;
  readonly burnedInAnnotation: string | undefined;
  readonly imageType: readonly string[];
  readonly hasPixelData: boolean;
  /** Label images of slides, and those that say that the label is in them (PS3.3 section C.8.12.4). */
  readonly showsSlideLabel: boolean;
}

/** A SOP class that only the File Meta names is the object's class all the same. */
export function gatherObjectFacts(
  parsed: ParsedObject,
  profile: CompiledProfile,
  modalities: ReadonlySet<string> | undefined,
): GatheredFacts {
  const { dataSet, body, fileMeta } = parsed;
  const values = (tag: Tag): readonly string[] => {
    const element = elementIn(dataSet, tag);
    return element === undefined || element.items !== undefined ? [] : asciiValues(element, body);
  };
  const value = (tag: Tag): string | undefined => values(tag).find((text) => text !== '');
  return {
    parsed,
    profile,
    modalities,
    sopClass: value(tags.sopClassUid) ?? fileMeta.mediaStorageSopClassUid,
    sopInstance: value(tags.sopInstanceUid),
    modality: value(tags.modality),
    studyInstance: value(tags.studyInstanceUid),
    seriesInstance: value(tags.seriesInstanceUid),
    burnedInAnnotation: value(tags.burnedInAnnotation),
    imageType: values(tags.imageType),
    hasPixelData: has(dataSet, tags.pixelData),
    showsSlideLabel:
      value(tags.specimenLabelInImage) === 'YES' || values(tags.imageType)[2]?.toUpperCase() === 'LABEL',
    hasDirectoryRecords: has(dataSet, tags.directoryRecordSequence),
    hasEncapsulatedDocument: has(dataSet, tags.encapsulatedDocument),
  };
}

function has(dataSet: DataSet, tag: Tag): boolean {
  return elementIn(dataSet, tag) !== undefined;
}
