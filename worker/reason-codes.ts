/**
 * Every reason an object can be held back, skipped or failed for: its code, what it means and what a person can do.
 * Codes are part of the product's interface: they stand in records, summaries and status.
 */
import type { Outcome } from './outcome.ts';

interface Reason {
  readonly outcome: Exclude<Outcome, 'deidentified'>;
  readonly meaning: string;
  readonly remedy: string;
}

function reason(outcome: Reason['outcome'], meaning: string, remedy: string): Reason {
  return { outcome, meaning, remedy };
}

export const reasonCodes = {
  NotDicom: reason(
    'rejected',
    'The bytes are not a DICOM object.',
    'Leave the object out with spec.source.select.exclude, or convert it.',
  ),
  Empty: reason('rejected', 'The object has no bytes.', 'Fetch the object again from where it came.'),
  UnusableKey: reason(
    'rejected',
    'The key holds a segment . or .., or is no text: stores and proxies may read another object for it.',
    'Copy the object under another key.',
  ),
  Malformed: reason(
    'rejected',
    'The encoding breaks a rule of PS3.5 at the named place, so what follows cannot be told apart.',
    'Repair or export the object again.',
  ),
  Truncated: reason(
    'rejected',
    'The object ends inside an element.',
    'Fetch the object again from where it came.',
  ),
  NestingTooDeep: reason(
    'rejected',
    'Sequences are nested deeper than any standard object.',
    'Check the object by hand.',
  ),
  TooLarge: reason(
    'rejected',
    'The header, or the inflated data set, is larger than the limit.',
    'Check the object by hand.',
  ),
  UnsupportedTransferSyntax: reason(
    'rejected',
    'The transfer syntax is unknown or private.',
    'Convert the object to a standard transfer syntax.',
  ),
  PrivateSopClass: reason(
    'rejected',
    'The standard does not define de-identification of private SOP classes.',
    'Leave these objects out, or convert them.',
  ),
  MissingSopIdentity: reason(
    'rejected',
    'SOP Class UID or SOP Instance UID is missing or unusable.',
    'Export the object again.',
  ),
  MissingPatientIdentity: reason(
    'rejected',
    'Patient ID is missing or empty and the profile refuses that.',
    'Set spec.dicom.patientIdentity.missing to perStudy.',
  ),
  Dicomdir: reason(
    'rejected',
    'A DICOMDIR names the patients of the files it lists; it must be made anew from the output.',
    'Leave it out and create a DICOMDIR from the de-identified files.',
  ),
  EncapsulatedDocument: reason(
    'rejected',
    'The standard defines no cleaning of encapsulated documents.',
    'Set spec.documents to remove, or leave these objects out.',
  ),
  UnknownElement: reason(
    'rejected',
    'The profile rejects objects with elements that no rule names.',
    'Add a rule for the element at the named place.',
  ),
  UndecodableText: reason(
    'rejected',
    'Text that must be cleaned cannot be decoded in any declared character set.',
    'Correct Specific Character Set (0008,0005).',
  ),
  UnknownValue: reason(
    'rejected',
    'A value at the named place could not be handled as its rule demands.',
    'Add a rule for the element at the named place.',
  ),
  BurnedInAnnotation: reason(
    'review',
    'Burned In Annotation says that pixels hold identifying text.',
    'Look at the candidate in quarantine.',
  ),
  SlideLabel: reason(
    'review',
    'The pixels show the label of the slide.',
    'Look at the candidate in quarantine, or leave label and overview images out.',
  ),
  PixelsUnchecked: reason(
    'review',
    'Objects of this class often have text in their pixels and nobody has looked.',
    'Look at the candidate, or set spec.pixels.unchecked to pass.',
  ),
  VerificationUnreadable: reason(
    'review',
    'The second reader cannot follow the candidate, or the object that it was made of, to its end.',
    'Look at the candidate in quarantine, and report it with the engine version.',
  ),
  VerificationForbiddenAttribute: reason(
    'review',
    'The second reader found an attribute at the named place that the profile removes.',
    'Look at the candidate in quarantine, and report the place with the engine version.',
  ),
  VerificationUid: reason(
    'review',
    'A UID at the named place is not what the project key makes of one of the original object.',
    'Look at the candidate in quarantine, and report the place with the engine version.',
  ),
  VerificationDate: reason(
    'review',
    'A date or time at the named place is not what the profile makes of the original one.',
    'Look at the candidate in quarantine, and report the place with the engine version.',
  ),
  VerificationIdentifyingValue: reason(
    'review',
    'The candidate holds an identifying value of the original object; the place is where the original has it.',
    'Look at the candidate in quarantine; a rule for the element that holds the value removes or keeps it.',
  ),
  VerificationPixelData: reason(
    'review',
    'Pixel data at the named place are not those of the original object, and no clean-up is recorded.',
    'Look at the candidate in quarantine, and report it with the engine version.',
  ),
  VerificationStatement: reason(
    'review',
    'What the candidate states of its own de-identification at the named place is not true.',
    'Look at the candidate in quarantine, and report it with the engine version.',
  ),
  UncleanablePixelData: reason(
    'rejected',
    'The compressed pixel data cannot be parsed, so text hidden in it cannot be removed.',
    'Convert the object to another transfer syntax.',
  ),
  ReferencedPixelData: reason(
    'rejected',
    'Pixel data lie at an address of the institution, which must not be kept and without which the object is empty.',
    'Export the object with its pixel data.',
  ),
  NotSelected: reason('skipped', 'The job does not select this object.', 'Change spec.source.select.'),
  DestinationConflict: reason(
    'failed',
    'The destination holds another object of the same key.',
    'Use an empty destination.',
  ),
  SourceChanged: reason(
    'failed',
    'The object changed or vanished while the job ran.',
    'Run the job again over a source that stands still.',
  ),
  StorageFault: reason('failed', 'Reading or writing failed.', 'Look at the store; then run again.'),
  TimeLimit: reason('failed', 'The object took longer than the limit.', 'Check the object by hand.'),
  EngineFault: reason(
    'failed',
    'The engine stopped on this object; nothing of it was written.',
    'Report it with the reason code and the engine version.',
  ),
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof reasonCodes;
