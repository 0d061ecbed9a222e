/** The report of the study set: measurements on the CT series in the manner of TID 1500 (PS3.16), with names, dates and UIDs. */
import { code, dicomFileOf, type Entry, type Items, items, uidOf } from './entries.ts';
import { ctInstance, sopClasses } from './study-images.ts';
import { latin1, latinPatient, latinVisit } from './study-patients.ts';

function item(
  relationship: string,
  type: string,
  concept: readonly Entry[],
  ...value: readonly Entry[]
): readonly Entry[] {
  return [
    ['RelationshipType', relationship],
    ['ValueType', type],
    ['ConceptNameCodeSequence', items(concept)],
    ...value,
  ];
}

function container(
  relationship: string,
  concept: readonly Entry[],
  ...content: readonly (readonly Entry[])[]
): readonly Entry[] {
  return item(
    relationship,
    'CONTAINER',
    concept,
    ['ContinuityOfContent', 'SEPARATE'],
    ['ContentSequence', items(...content)],
  );
}

function number(concept: readonly Entry[], value: string, unit: readonly Entry[]): readonly Entry[] {
  return item('CONTAINS', 'NUM', concept, [
    'MeasuredValueSequence',
    items([
      ['NumericValue', value],
      ['MeasurementUnitsCodeSequence', items(unit)],
    ]),
  ]);
}

function ctReference(index: number): Items {
  return items([
    ['ReferencedSOPClassUID', sopClasses.ct],
    ['ReferencedSOPInstanceUID', ctInstance(index)],
  ]);
}

const measuredSlice = 9;

const observer = [
  item('HAS CONCEPT MOD', 'CODE', code('121049', 'DCM', 'Language of Content Item and Descendants'), [
    'ConceptCodeSequence',
    items(code('de', 'RFC5646', 'German')),
  ]),
  item('HAS OBS CONTEXT', 'CODE', code('121005', 'DCM', 'Observer Type'), [
    'ConceptCodeSequence',
    items(code('121006', 'DCM', 'Person')),
  ]),
  item('HAS OBS CONTEXT', 'PNAME', code('121008', 'DCM', 'Person Observer Name'), [
    'PersonName',
    'Bussard^Ida^^Dr.',
  ]),
  item('HAS OBS CONTEXT', 'UIDREF', code('121018', 'DCM', 'Procedure Study Instance UID'), [
    'UID',
    uidOf('latin study'),
  ]),
  item('HAS OBS CONTEXT', 'PNAME', code('121029', 'DCM', 'Subject Name'), [
    'PersonName',
    latin1('Grünspecht^Mälina^^Dr.'),
  ]),
  item('HAS OBS CONTEXT', 'DATE', code('121031', 'DCM', 'Subject Birth Date'), ['Date', '19570814']),
] as const;

const findings = [
  container(
    'CONTAINS',
    code('125007', 'DCM', 'Measurement Group'),
    item('HAS OBS CONTEXT', 'TEXT', code('112039', 'DCM', 'Tracking Identifier'), ['TextValue', 'Lesion 1']),
    item('HAS OBS CONTEXT', 'UIDREF', code('112040', 'DCM', 'Tracking Unique Identifier'), [
      'UID',
      uidOf('lesion 1'),
    ]),
    item('CONTAINS', 'IMAGE', code('121112', 'DCM', 'Source of Measurement'), [
      'ReferencedSOPSequence',
      ctReference(measuredSlice),
    ]),
    number(code('410668003', 'SCT', 'Length'), '23.4', code('mm', 'UCUM', 'mm')),
  ),
  item('CONTAINS', 'TEXT', code('121071', 'DCM', 'Finding'), [
    'TextValue',
    latin1(
      'Patientin Grünspecht, ID KH-0047113: Leberläsion 23 mm, am 03.03.2025 noch 18 mm. Rücksprache mit Dr. Kranichstein.',
    ),
  ]),
  item('CONTAINS', 'DATE', code('111060', 'DCM', 'Study Date'), ['Date', '20260217']),
] as const;

export function reportFile(): Buffer {
  return dicomFileOf(sopClasses.comprehensiveSr, uidOf('sr instance'), [
    ...latinPatient,
    ...latinVisit,
    ['Modality', 'SR'],
    ['Manufacturer', 'Demo Reporting'],
    ['SeriesInstanceUID', uidOf('sr series')],
    ['SeriesNumber', '9'],
    ['ReferencedPerformedProcedureStepSequence', items()],
    ['InstanceNumber', '1'],
    ['ContentDate', '20260218'],
    ['ContentTime', '081500'],
    ['CompletionFlag', 'COMPLETE'],
    ['VerificationFlag', 'VERIFIED'],
    [
      'VerifyingObserverSequence',
      items([
        ['VerifyingOrganization', 'Klinikum Seetal'],
        ['VerificationDateTime', '20260218083011+0100'],
        ['VerifyingObserverName', 'Bussard^Ida^^Dr.'],
        ['VerifyingObserverIdentificationCodeSequence', items()],
      ]),
    ],
    ['PerformedProcedureCodeSequence', items()],
    [
      'CurrentRequestedProcedureEvidenceSequence',
      items([
        ['StudyInstanceUID', uidOf('latin study')],
        [
          'ReferencedSeriesSequence',
          items([
            ['SeriesInstanceUID', uidOf('ct series')],
            ['ReferencedSOPSequence', ctReference(measuredSlice)],
          ]),
        ],
      ]),
    ],
    ['ValueType', 'CONTAINER'],
    ['ConceptNameCodeSequence', items(code('126000', 'DCM', 'Imaging Measurement Report'))],
    ['ContinuityOfContent', 'SEPARATE'],
    [
      'ContentTemplateSequence',
      items([
        ['MappingResource', 'DCMR'],
        ['TemplateIdentifier', '1500'],
      ]),
    ],
    [
      'ContentSequence',
      items(...observer, container('CONTAINS', code('126010', 'DCM', 'Imaging Measurements'), ...findings)),
    ],
  ]);
}
