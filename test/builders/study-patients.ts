/** The invented people and visits of the study set, each with the character set in which the scanner wrote. */
import type { Entry } from './entries.ts';
import { items, uidOf } from './entries.ts';

/** Text in ISO 8859-1, which the scanner declares as ISO_IR 100. */
export function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

export const latinPatient: readonly Entry[] = [
  ['SpecificCharacterSet', 'ISO_IR 100'],
  ['PatientName', latin1('Grünspecht^Mälina^^Dr.')],
  ['PatientID', 'KH-0047113'],
  ['IssuerOfPatientID', 'KLINIKUM SEETAL'],
  ['PatientBirthDate', '19570814'],
  ['PatientSex', 'F'],
  ['PatientAge', '068Y'],
  ['PatientSize', '1.66'],
  ['PatientWeight', '61.5'],
  ['PatientAddress', latin1('Erlenweg 3, 99999 Oberförstchen')],
  ['PatientTelephoneNumbers', '+49 99999 471130'],
];

export const latinVisit: readonly Entry[] = [
  ['StudyInstanceUID', uidOf('latin study')],
  ['StudyID', '20260217-3'],
  ['StudyDate', '20260217'],
  ['StudyTime', '091204'],
  ['AccessionNumber', 'SE-2026-004711'],
  ['StudyDescription', latin1('CT Abdomen, Anforderung Dr. Kranichstein')],
  ['ReferringPhysicianName', 'Kranichstein^Falk^^Dr.'],
  ['PhysiciansOfRecord', 'Kranichstein^Falk^^Dr.'],
  ['InstitutionName', latin1('Klinikum Seetal Radiologie')],
];

/** Japanese: the ideographs and kana are JIS X 0208 by the escape sequences of ISO 2022 IR 87. */
export const japanesePatient: readonly Entry[] = [
  ['SpecificCharacterSet', ['', 'ISO 2022 IR 87']],
  ['PatientName', latin1('Hoshino^Ao=\x1b$B@1Ln\x1b(B^\x1b$B0*\x1b(B=\x1b$B$[$7$N\x1b(B^\x1b$B$"$*\x1b(B')],
  ['PatientID', '0090-3321'],
  ['PatientBirthDate', '19880130'],
  ['PatientSex', 'M'],
  ['PatientAge', '037Y'],
];

export const japaneseVisit: readonly Entry[] = [
  ['StudyInstanceUID', uidOf('japanese study')],
  ['StudyID', '118'],
  ['StudyDate', '20251105'],
  ['StudyTime', '235410'],
  ['AccessionNumber', 'A118'],
  ['StudyDescription', 'MR Brain'],
  ['ReferringPhysicianName', 'Tsukimoto^Ren'],
  ['InstitutionName', latin1('\x1b$B@1Ln\x1b(B\x1b$BIB1!\x1b(B')],
];

export const unicodePatient: readonly Entry[] = [
  ['SpecificCharacterSet', 'ISO_IR 192'],
  ['PatientName', 'Żurawińska^Łucja'],
  ['PatientID', 'PL/884-21'],
  ['PatientBirthDate', '19330302'],
  ['PatientSex', 'F'],
  ['PatientAge', '092Y'],
];

export const unicodeVisit: readonly Entry[] = [
  ['StudyInstanceUID', uidOf('unicode study')],
  ['StudyID', '5'],
  ['StudyDate', '20251219'],
  ['StudyTime', '141500'],
  ['AccessionNumber', ''],
  ['StudyDescription', 'Echokardiografia'],
  ['ReferringPhysicianName', 'Wróblewicz^Jan'],
  ['InstitutionName', 'Szpital pod Wydmą'],
];

/** The order that led to the images, as the worklist gave it: a sequence within a sequence. */
export const request: Entry = [
  'RequestAttributesSequence',
  items([
    ['RequestedProcedureID', 'RP-4711'],
    ['RequestedProcedureDescription', latin1('CT Abdomen Frau Grünspecht')],
    ['ScheduledProcedureStepID', 'SPS-1'],
    ['ScheduledProcedureStepDescription', 'CT Abdomen'],
    [
      'ScheduledProtocolCodeSequence',
      items([
        ['CodeValue', '169070004'],
        ['CodingSchemeDesignator', 'SCT'],
        ['CodeMeaning', 'CT of abdomen'],
      ]),
    ],
  ]),
];
