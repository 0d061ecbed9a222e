/** The images of the study set: a CT series by a GE scanner, an MR series by a Siemens one, an ultrasound loop. */
import { dicomFileOf, type Entry, items, uidOf } from './entries.ts';
import { ctSlice, mrSlice, ultrasoundFrames } from './phantom.ts';
import {
  japanesePatient,
  japaneseVisit,
  latin1,
  latinPatient,
  latinVisit,
  request,
  unicodePatient,
  unicodeVisit,
} from './study-patients.ts';

export const sopClasses = {
  ct: '1.2.840.10008.5.1.4.1.1.2',
  mr: '1.2.840.10008.5.1.4.1.1.4',
  usMultiFrame: '1.2.840.10008.5.1.4.1.1.3.1',
  comprehensiveSr: '1.2.840.10008.5.1.4.1.1.88.33',
} as const;

export const ctSlices = 20;
export const mrSlices = 3;
const matrix = 128;
const ctSpacing = 2.5;
const ctStartUnixSeconds = Date.UTC(2026, 1, 17, 9, 14) / 1000;

export function ctInstance(index: number): string {
  return uidOf(`ct instance ${index}`);
}

function greyPixels(rows: number, columns: number, bits: number, stored: number): readonly Entry[] {
  return [
    ['SamplesPerPixel', 1],
    ['PhotometricInterpretation', 'MONOCHROME2'],
    ['Rows', rows],
    ['Columns', columns],
    ['BitsAllocated', bits],
    ['BitsStored', stored],
    ['HighBit', stored - 1],
    ['PixelRepresentation', 0],
  ];
}

function plane(index: number, spacing: number): readonly Entry[] {
  const position = index * spacing - 100;
  return [
    ['SliceThickness', String(spacing)],
    ['PixelSpacing', ['2.8', '2.8']],
    ['ImageOrientationPatient', [1, 0, 0, 0, 1, 0]],
    ['ImagePositionPatient', ['-179.2', '-179.2', String(position)]],
    ['SliceLocation', String(position)],
    ['InstanceNumber', String(index + 1)],
  ];
}

/** What GE writes beside the standard: a time as seconds since 1970, and two elements of Table E.3.10-1. */
const gePrivate: readonly Entry[] = [
  ['(0009,0010)', 'GEMS_IDEN_01', 'LO'],
  ['(0009,1002)', 'CT01', 'SH'],
  ['(0009,1027)', [ctStartUnixSeconds], 'SL'],
  ['(0019,0010)', 'GEMS_ACQU_01', 'LO'],
  ['(0019,1023)', '13.75', 'DS'],
  ['(0019,1027)', '0.5', 'DS'],
  ['(0043,0010)', 'GEMS_PARM_01', 'LO'],
  ['(0043,1027)', '1.375:1', 'SH'],
  ['(0045,0010)', 'KLINIKUM SEETAL RIS', 'LO'],
  ['(0045,1001)', latin1('Grünspecht, Mälina, Zimmer 12'), 'LO'],
];

export function ctSliceFile(index: number): Buffer {
  const time = `0914${String(index).padStart(2, '0')}.250000`;
  return dicomFileOf(sopClasses.ct, ctInstance(index), [
    ...latinPatient,
    ...latinVisit,
    ...plane(index, ctSpacing),
    ...greyPixels(matrix, matrix, 16, 12),
    ...gePrivate,
    request,
    ['ImageType', ['ORIGINAL', 'PRIMARY', 'AXIAL']],
    ['InstanceCreationDate', '20260217'],
    ['InstanceCreationTime', time],
    ['SeriesDate', '20260217'],
    ['SeriesTime', '091350'],
    ['AcquisitionDate', '20260217'],
    ['AcquisitionTime', time],
    ['AcquisitionDateTime', `20260217${time}+0100`],
    ['ContentDate', '20260217'],
    ['ContentTime', time],
    ['Modality', 'CT'],
    ['Manufacturer', 'GE MEDICAL SYSTEMS'],
    ['InstitutionAddress', latin1('Seestraße 1, 99999 Oberförstchen')],
    ['StationName', 'CT01'],
    ['ManufacturerModelName', 'Demo CT'],
    ['DeviceSerialNumber', '440011'],
    ['SoftwareVersions', '10.12.14'],
    ['SeriesDescription', 'Abdomen 2.5mm 17.02.2026'],
    ['PerformingPhysicianName', 'Bussard^Ida'],
    ['OperatorsName', 'Lerchenfeld^Uwe'],
    ['BodyPartExamined', 'ABDOMEN'],
    ['ProtocolName', 'Abdomen nativ'],
    ['KVP', '120'],
    ['XRayTubeCurrent', '210'],
    ['ExposureTime', '500'],
    ['ConvolutionKernel', 'STANDARD'],
    ['PatientPosition', 'FFS'],
    [
      'AdditionalPatientHistory',
      latin1('Frau Grünspecht, geb. 14.08.1957, unklare Leberläsion seit 3. März 2025'),
    ],
    ['SeriesInstanceUID', uidOf('ct series')],
    ['SeriesNumber', '2'],
    ['AcquisitionNumber', '1'],
    ['FrameOfReferenceUID', uidOf('ct frame of reference')],
    ['PositionReferenceIndicator', ''],
    ['RescaleIntercept', '-1024'],
    ['RescaleSlope', '1'],
    ['RescaleType', 'HU'],
    ['WindowCenter', '40'],
    ['WindowWidth', '400'],
    [
      'ReferencedStudySequence',
      items([
        ['ReferencedSOPClassUID', '1.2.840.10008.3.1.2.3.1'],
        ['ReferencedSOPInstanceUID', uidOf('latin study')],
      ]),
    ],
    ['PixelData', ctSlice(matrix, index / ctSlices), 'OW'],
  ]);
}

/** A safe element beside a blob of protocol text that nobody can clean. */
function siemensPrivate(bValue: number): readonly Entry[] {
  return [
    ['(0019,0010)', 'SIEMENS MR HEADER', 'LO'],
    ['(0019,100C)', String(bValue), 'IS'],
    ['(0029,0010)', 'SIEMENS CSA HEADER', 'LO'],
    ['(0029,1008)', 'IMAGE NUM 4', 'CS'],
    ['(0029,1010)', latin1('SV10\x04\x03\x02\x01 tPatientName = "Hoshino^Ao" tStudyDate = "20251105"'), 'OB'],
  ];
}

export function mrSliceFile(index: number): Buffer {
  // The scan crosses midnight: date and time of day belong together.
  const [date, time] = index < 2 ? ['20251105', `23595${index}.5`] : ['20251106', '000004.5'];
  return dicomFileOf(sopClasses.mr, uidOf(`mr instance ${index}`), [
    ...japanesePatient,
    ...japaneseVisit,
    ...plane(index, 5),
    ...greyPixels(matrix, matrix, 16, 12),
    ...siemensPrivate(index * 500),
    ['ImageType', ['ORIGINAL', 'PRIMARY', 'DIFFUSION', 'NONE']],
    ['AcquisitionDate', date],
    ['AcquisitionTime', time],
    ['ContentDate', date],
    ['ContentTime', time],
    ['Modality', 'MR'],
    ['Manufacturer', 'SIEMENS'],
    ['SeriesDescription', 'ep2d_diff_tra'],
    ['BodyPartExamined', 'BRAIN'],
    ['ScanningSequence', 'EP'],
    ['SequenceVariant', 'SK'],
    ['ScanOptions', ''],
    ['MRAcquisitionType', '2D'],
    ['RepetitionTime', '6200'],
    ['EchoTime', '92'],
    ['EchoTrainLength', '1'],
    ['MagneticFieldStrength', '3'],
    ['PatientPosition', 'HFS'],
    ['SeriesInstanceUID', uidOf('mr series')],
    ['SeriesNumber', '6'],
    ['AcquisitionNumber', '1'],
    ['FrameOfReferenceUID', uidOf('mr frame of reference')],
    ['PositionReferenceIndicator', ''],
    ['PixelData', mrSlice(matrix, index / mrSlices), 'OW'],
  ]);
}

const usRows = 96;
const usColumns = 128;
const usFrames = 8;

/** A loop that says nothing of text burned into its pixels. */
export function ultrasoundFile(): Buffer {
  return dicomFileOf(sopClasses.usMultiFrame, uidOf('us instance'), [
    ...unicodePatient,
    ...unicodeVisit,
    ...greyPixels(usRows, usColumns, 8, 8),
    ['ImageType', ['ORIGINAL', 'PRIMARY', '', '0001']],
    ['ContentDate', '20251219'],
    ['ContentTime', '142233'],
    ['Modality', 'US'],
    ['Manufacturer', 'Demo Ultrasound'],
    ['SeriesDescription', 'A4C, Łucja Żurawińska, 19 grudnia'],
    ['PerformedProcedureStepStartDate', '20251219'],
    ['FrameTime', '40'],
    ['SeriesInstanceUID', uidOf('us series')],
    ['SeriesNumber', '1'],
    ['InstanceNumber', '1'],
    ['BodyPartExamined', 'HEART'],
    ['PatientOrientation', ''],
    ['NumberOfFrames', String(usFrames)],
    ['FrameIncrementPointer', [0x0018, 0x1063]],
    ['LossyImageCompression', '00'],
    ['PixelData', ultrasoundFrames(usRows, usColumns, usFrames), 'OB'],
  ]);
}
