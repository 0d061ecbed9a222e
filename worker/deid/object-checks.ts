/**
 * The checks that an object must pass before its elements are decided: an ordered chain of named questions. The first
 * that answers holds the object back; what passes all is understood well enough to be de-identified.
 */
import type { ParsedObject } from '../dicom/parse.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import type { ReasonCode } from '../reason-codes.ts';
import { uidFacts } from '../standards/uids.ts';

/** What the checks look at. */
export interface ObjectFacts {
  readonly parsed: ParsedObject;
  readonly profile: CompiledProfile;
  /** Modalities that the job selects; undefined where it selects all. */
  readonly modalities: ReadonlySet<string> | undefined;
  readonly sopClass: string | undefined;
  readonly sopInstance: string | undefined;
  readonly modality: string | undefined;
  readonly hasDirectoryRecords: boolean;
  readonly hasEncapsulatedDocument: boolean;
}

/** Why an object is held back, and where. */
export interface CheckFailure {
  readonly outcome: 'rejected' | 'skipped';
  readonly reason: ReasonCode;
  readonly at?: string;
}

type Check = (facts: ObjectFacts) => CheckFailure | undefined;

const mediaStorageDirectory = '1.2.840.10008.1.3.10';
const uidPattern = /^[0-9]+(\.[0-9]+)*$/;

function reject(reason: ReasonCode, at?: string): CheckFailure {
  return { outcome: 'rejected', reason, ...(at === undefined ? {} : { at }) };
}

const isNoDicomdir: Check = ({ sopClass, parsed, hasDirectoryRecords }) =>
  hasDirectoryRecords ||
  sopClass === mediaStorageDirectory ||
  parsed.fileMeta.mediaStorageSopClassUid === mediaStorageDirectory
    ? reject('Dicomdir')
    : undefined;

const isSelected: Check = ({ modalities, modality }) =>
  modalities === undefined || (modality !== undefined && modalities.has(modality))
    ? undefined
    : { outcome: 'skipped', reason: 'NotSelected' };

const hasSopIdentity: Check = ({ sopClass, sopInstance }) => {
  if (sopClass === undefined || !uidPattern.test(sopClass))
    return reject('MissingSopIdentity', '(0008,0016)');
  return sopInstance === undefined || sopInstance === ''
    ? reject('MissingSopIdentity', '(0008,0018)')
    : undefined;
};

const isStandardSopClass: Check = ({ sopClass }) =>
  sopClass !== undefined && uidFacts(sopClass)?.type === 'SOPClass'
    ? undefined
    : reject('PrivateSopClass', '(0008,0016)');

const isNoDocument: Check = ({ hasEncapsulatedDocument, profile }) =>
  hasEncapsulatedDocument && profile.documents === 'reject'
    ? reject('EncapsulatedDocument', '(0042,0011)')
    : undefined;

const holdsItsPixelData: Check = ({ parsed }) =>
  parsed.transferSyntax.referenced === true ? reject('ReferencedPixelData', '(0028,7FE0)') : undefined;

/** Cheap and decisive questions first; what the job does not want is skipped before it can be rejected. */
const checks: readonly Check[] = [
  isNoDicomdir,
  isSelected,
  hasSopIdentity,
  isStandardSopClass,
  isNoDocument,
  holdsItsPixelData,
];

/** The first failure, or undefined where the object may be de-identified. */
export function checkObject(facts: ObjectFacts): CheckFailure | undefined {
  for (const check of checks) {
    const failure = check(facts);
    if (failure !== undefined) return failure;
  }
  return undefined;
}
