/**
 * Attributes that Table E.1-1 lacks though they can identify somebody. PS3.15 E.1.1 calls its table a minimum and asks
 * the de-identifier to extend it; every extension stands here with its reason.
 */

import type { ConfidentialityOption } from '../standards/confidentiality-table.ts';

/** The action for an attribute outside Table E.1-1. `X` removes, `Z` empties, `C` cleans as text wherever it is kept. */
export interface SupplementRow {
  readonly keyword: string;
  readonly code: 'X' | 'Z' | 'C';
  readonly reason: string;
  /** The option under which the attribute stays, as its neighbours in the table do. */
  readonly keptUnder?: ConfidentialityOption;
}

function rows(
  code: SupplementRow['code'],
  reason: string,
  keywords: readonly string[],
  more: Pick<SupplementRow, 'keptUnder'> = {},
): SupplementRow[] {
  return keywords.map((keyword) => ({ keyword, code, reason, ...more }));
}

export const supplement: readonly SupplementRow[] = [
  ...rows('X', 'A date of birth or death in another calendar.', [
    'PatientBirthDateInAlternativeCalendar',
    'PatientDeathDateInAlternativeCalendar',
    'PatientAlternativeCalendar',
  ]),
  ...rows('X', 'An order or job number of the institution.', [
    'PlacerOrderNumberProcedure',
    'FillerOrderNumberProcedure',
    'PlacerOrderNumberImagingServiceRequestRetired',
    'FillerOrderNumberImagingServiceRequestRetired',
    'PrintJobID',
    'OwnerID',
    'PrintQueueID',
    'StorageMediaFileSetID',
    'HL7InstanceIdentifier',
    'BreedRegistrationNumber',
  ]),
  ...rows('X', 'An issuer or registry that names the institution.', [
    'LocalNamespaceEntityID',
    'UniversalEntityID',
    'HangingProtocolCreator',
    'HangingProtocolUserGroupName',
    'ContactDisplayName',
    'AuthorizationEquipmentCertificationNumber',
  ]),
  ...rows('X', 'An address at which the object or its record was kept.', [
    'SourcePresentationAddress',
    'SendingPresentationAddress',
    'ReceivingPresentationAddress',
    'StoredInstanceBaseURI',
    'FolderAccessURI',
    'FileAccessURI',
    'FilenameInContainer',
    'RetrieveURL',
    'PixelDataProviderURL',
    'StorageURL',
    'RetrieveURI',
    'ContactURI',
    'UniformResourceLocatorTrial',
    'NTPSourceAddress',
    'RelativeURIReferenceWithinEncapsulatedDocument',
  ]),
  ...rows(
    'X',
    'Tells one device from another, like the plate, cassette and detector IDs of the table.',
    ['DeviceID', 'GridID', 'SubstanceAdministrationDeviceID'],
    { keptUnder: 'RetainDeviceIdentity' },
  ),
  ...rows('X', 'An itinerary or a carrier of a person.', [
    'ItineraryID',
    'ItineraryIDAssigningAuthority',
    'RouteID',
    'RouteIDAssigningAuthority',
    'CarrierID',
    'AssignedLocation',
    'RouteSegmentStartLocationID',
    'RouteSegmentEndLocationID',
    'RouteSegmentID',
    'BoardingPassID',
  ]),
  ...rows('C', 'Free text over which an operator has control (PS3.15 E.3.5 note 3).', [
    'TextValue',
    'DocumentTitle',
    'OpticalPathDescription',
    'SegmentDescription',
    'ObservationDescription',
    'InstructionPerformanceComment',
    'CommentsOnTheScheduledProcedureStep',
    'CommentsOnPatientPerformanceOfVisualField',
    'AudioComments',
    'DoseComment',
    'TreatmentStatusComment',
    'SetupImageComment',
    'FrameOfReferenceTransformationComment',
    'SubstanceAdministrationNotes',
    'ReasonForCancellation',
    'OverrideReason',
    'AssertionComments',
    'TransactionStatusComment',
    'TestResultComment',
    'SystemStatusComment',
    'CalculationComment',
    'SurfaceComments',
    'ContentDescription',
    'FiducialDescription',
    'GraphicGroupDescription',
    'GraphicGroupLabel',
    'InformationSummary',
    'AssessmentSummaryDescription',
    'AssessmentLabel',
    'InterventionDescription',
    'RTImageDescription',
    'MeasuredDoseDescription',
    'TickLabel',
    'OverlayDescription',
    'OverlayLabel',
    'CurveDescription',
    'CurveLabel',
    'ReferenceToRecordedSound',
    'ReportStatusCommentTrial',
    'IdentificationDescriptionTrial',
    'BibliographicCitationTrial',
    'RequestedProcedureDescriptionTrial',
    'SpecimenDescriptionTrial',
  ]),
];
