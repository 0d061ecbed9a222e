/**
 * UI attributes told by role. Class-like ones name a definition: a SOP class, a transfer syntax, a coding scheme, a
 * context group, a template. They are never mapped, whatever root their value has. All others name an instance of
 * something: an object, a study, a device, a frame of reference, an event, a place; they are mapped.
 */
import type { Tag } from '../dicom/tag.ts';
import { tagOfKeyword } from './dictionary.ts';

const classLikeKeywords: readonly string[] = [
  // SOP classes, PS3.4 Annex B.
  'MediaStorageSOPClassUID',
  'RTVCommunicationSOPClassUID',
  'ReferencedSOPClassUIDInFile',
  'ReferencedRelatedGeneralSOPClassUIDInFile',
  'SOPClassUID',
  'RelatedGeneralSOPClassUID',
  'OriginalSpecializedSOPClassUID',
  'SOPClassesInStudy',
  'ReferencedSOPClassUID',
  'SOPClassesSupported',
  'PertinentSOPClassesInStudy',
  'PertinentSOPClassesInSeries',
  'AffectedSOPClassUID',
  'RequestedSOPClassUID',
  // Transfer syntaxes, PS3.5 Annex A.
  'TransferSyntaxUID',
  'ReferencedTransferSyntaxUIDInFile',
  'StoredInstanceTransferSyntaxUID',
  'AvailableTransferSyntaxUID',
  'FlowTransferSyntaxUID',
  'MACCalculationTransferSyntaxUID',
  'EncryptedContentTransferSyntaxUID',
  // Coding schemes, context groups, mapping resources: PS3.3 section 8, PS3.16.
  'CodingSchemeUID',
  'ContextUID',
  'MappingResourceUID',
];

const classLike: ReadonlySet<Tag> = new Set(
  classLikeKeywords.map(tagOfKeyword).filter((tag) => tag !== undefined),
);

/** True where the attribute's values are definitions and stay as they are. */
export function isClassLikeUid(tag: Tag): boolean {
  return classLike.has(tag);
}
