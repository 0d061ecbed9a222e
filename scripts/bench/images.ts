/**
 * The objects that the benchmark works on: images with the header of a CT scanner, nested sequences and private blocks
 * included, of invented people. The same bytes every time.
 */
import { code, dicomFileOf, type Entry, items, uidOf } from '../../test/builders/entries.ts';
import { ctSlice } from '../../test/builders/phantom.ts';

const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';
const enhancedCtImageStorage = '1.2.840.10008.5.1.4.1.1.2.1';

/** Names by study; every study has its own patient. */
const names = [
  'Gruenspecht^Maelina^^Dr.',
  'Kranichstein^Falk',
  'Lerchenfeld^Uwe^Tilo',
  'Bussard^Ida',
  'Ammerling^Jorid^^^M.A.',
];

/** Which patient, study and place within it an image has. */
export interface Place {
  readonly study: number;
  readonly instance: number;
}

/** The place of the image at `index` where a study has `perStudy` images. */
export function placeOf(index: number, perStudy: number): Place {
  return { study: Math.floor(index / perStudy), instance: index % perStudy };
}

function name(study: number): string {
  return names[study % names.length] ?? '';
}

function identity({ study }: Place): readonly Entry[] {
  return [
    ['SpecificCharacterSet', 'ISO_IR 192'],
    ['PatientName', name(study)],
    ['PatientID', `KH-${String(47_113 + study).padStart(7, '0')}`],
    ['IssuerOfPatientID', 'KLINIKUM SEETAL'],
    ['PatientBirthDate', `19${String(40 + (study % 50))}0814`],
    ['PatientSex', 'F'],
    ['PatientAge', '068Y'],
    ['PatientSize', '1.66'],
    ['PatientWeight', '61.5'],
    ['PatientAddress', 'Erlenweg 3, 99999 Oberförstchen'],
    ['PatientTelephoneNumbers', '+49 99999 471130'],
    ['OtherPatientIDs', `SEE-${study}-4711`],
    ['EthnicGroup', ''],
    ['PregnancyStatus', 4],
    ['PatientComments', ''],
    ['StudyInstanceUID', uidOf(`bench study ${study}`)],
    ['StudyID', `20260217-${study}`],
    ['StudyDate', '20260217'],
    ['StudyTime', '091204.120000'],
    ['AccessionNumber', `SE-2026-${String(4711 + study).padStart(6, '0')}`],
    ['StudyDescription', 'CT Abdomen, Anforderung Dr. Kranichstein'],
    ['ReferringPhysicianName', 'Kranichstein^Falk^^Dr.'],
    ['PhysiciansOfRecord', 'Kranichstein^Falk^^Dr.'],
    ['NameOfPhysiciansReadingStudy', 'Habichtswald^Enno^^Dr.'],
    ['AdmittingDiagnosesDescription', 'Unklare Leberläsion'],
    ['InstitutionName', 'Klinikum Seetal Radiologie'],
    ['InstitutionAddress', 'Seestraße 1, 99999 Oberförstchen'],
    ['InstitutionalDepartmentName', 'Radiologie'],
    ['AdditionalPatientHistory', 'Frau Gruenspecht, geb. 14.08.1957, unklare Leberläsion seit März 2025'],
  ];
}

function series({ study, instance }: Place): readonly Entry[] {
  const time = `0914${String(instance % 60).padStart(2, '0')}.250000`;
  return [
    ['ImageType', ['ORIGINAL', 'PRIMARY', 'AXIAL', 'CT_SOM5 SPI']],
    ['InstanceCreationDate', '20260217'],
    ['InstanceCreationTime', time],
    ['SeriesDate', '20260217'],
    ['SeriesTime', '091350.000000'],
    ['AcquisitionDate', '20260217'],
    ['AcquisitionTime', time],
    ['AcquisitionDateTime', `20260217${time}`],
    ['ContentDate', '20260217'],
    ['ContentTime', time],
    ['TimezoneOffsetFromUTC', '+0100'],
    ['Modality', 'CT'],
    ['SeriesInstanceUID', uidOf(`bench series ${study}`)],
    ['SeriesNumber', '2'],
    ['SeriesDescription', 'Abdomen 2.5mm 17.02.2026'],
    ['AcquisitionNumber', '1'],
    ['FrameOfReferenceUID', uidOf(`bench frame of reference ${study}`)],
    ['SynchronizationFrameOfReferenceUID', uidOf(`bench synchronization ${study}`)],
    ['PositionReferenceIndicator', ''],
    ['PerformingPhysicianName', 'Bussard^Ida'],
    ['OperatorsName', 'Lerchenfeld^Uwe'],
    ['ProtocolName', 'Abdomen nativ'],
    ['BodyPartExamined', 'ABDOMEN'],
    ['PatientPosition', 'FFS'],
    ['RequestingPhysician', 'Kranichstein^Falk^^Dr.'],
    ['RequestingService', 'Innere Medizin'],
    ['RequestedProcedureDescription', 'CT Abdomen'],
    ['PerformedProcedureStepStartDate', '20260217'],
    ['PerformedProcedureStepStartTime', '091204.120000'],
    ['PerformedProcedureStepID', 'PPS-4711'],
    ['PerformedProcedureStepDescription', 'CT Abdomen'],
    ['CommentsOnThePerformedProcedureStep', 'Patientin nüchtern'],
  ];
}

const equipment: readonly Entry[] = [
  ['Manufacturer', 'SIEMENS'],
  ['ManufacturerModelName', 'SOMATOM Definition AS'],
  ['StationName', 'CT01'],
  ['DeviceSerialNumber', '440011'],
  ['SoftwareVersions', 'syngo CT 2014A'],
  ['DateOfLastCalibration', '20260216'],
  ['TimeOfLastCalibration', '070112.000000'],
  ['ScanOptions', 'HELIX'],
  ['DataCollectionDiameter', '500'],
  ['ReconstructionDiameter', '380'],
  ['DistanceSourceToDetector', '1085.6'],
  ['DistanceSourceToPatient', '595'],
  ['GantryDetectorTilt', '0'],
  ['TableHeight', '141'],
  ['RotationDirection', 'CW'],
  ['ExposureTime', '500'],
  ['XRayTubeCurrent', '210'],
  ['Exposure', '105'],
  ['FilterType', 'FLAT'],
  ['GeneratorPower', '25'],
  ['FocalSpots', '1.2'],
  ['ConvolutionKernel', 'B30f'],
  ['KVP', '120'],
  ['RevolutionTime', [0.5]],
  ['SingleCollimationWidth', [0.6]],
  ['TotalCollimationWidth', [38.4]],
  ['TableSpeed', [46]],
  ['TableFeedPerRotation', [23]],
  ['SpiralPitchFactor', [0.6]],
  ['ExposureModulationType', 'XYZ_EC'],
  ['EstimatedDoseSaving', [31.4]],
  ['CTDIvol', [7.1]],
  ['CTDIPhantomTypeCodeSequence', items(code('113691', 'DCM', 'IEC Body Dosimetry Phantom'))],
  ['ContrastBolusAgent', 'Imeron 350'],
  ['ContrastBolusVolume', '90'],
  ['ContrastBolusStartTime', '091330.000000'],
  ['ContrastBolusTotalDose', '90'],
  ['ContrastBolusIngredient', 'IODINE'],
  ['ContrastBolusIngredientConcentration', '350'],
  ['ContrastFlowRate', '3'],
  ['ContrastFlowDuration', '30'],
  ['DataCollectionCenterPatient', [0, -141, -120]],
  ['ReconstructionTargetCenterPatient', [0, -141, -120]],
];

function plane({ instance }: Place): readonly Entry[] {
  const position = (instance * 2.5 - 250).toFixed(1);
  return [
    ['SliceThickness', '2.5'],
    ['PixelSpacing', ['0.7421875', '0.7421875']],
    ['ImageOrientationPatient', ['1', '0', '0', '0', '1', '0']],
    ['ImagePositionPatient', ['-189.6', '-330.6', position]],
    ['SliceLocation', position],
    ['InstanceNumber', String(instance + 1)],
    ['WindowCenter', ['40', '300']],
    ['WindowWidth', ['400', '1500']],
    ['WindowCenterWidthExplanation', ['WINDOW1', 'WINDOW2']],
    ['RescaleIntercept', '-1024'],
    ['RescaleSlope', '1'],
    ['RescaleType', 'HU'],
    ['LossyImageCompression', '00'],
  ];
}

function references({ study, instance }: Place): readonly Entry[] {
  return [
    [
      'ReferencedStudySequence',
      items([
        ['ReferencedSOPClassUID', '1.2.840.10008.3.1.2.3.1'],
        ['ReferencedSOPInstanceUID', uidOf(`bench study ${study}`)],
      ]),
    ],
    [
      'ReferencedImageSequence',
      items(
        ...[0, 1].map((localizer): readonly Entry[] => [
          ['ReferencedSOPClassUID', ctImageStorage],
          ['ReferencedSOPInstanceUID', uidOf(`bench localizer ${study} ${localizer}`)],
        ]),
      ),
    ],
    [
      'SourceImageSequence',
      items([
        ['ReferencedSOPClassUID', ctImageStorage],
        ['ReferencedSOPInstanceUID', uidOf(`bench raw ${study} ${instance}`)],
      ]),
    ],
    ['ProcedureCodeSequence', items(code('169070004', 'SCT', 'CT of abdomen'))],
    [
      'RequestAttributesSequence',
      items([
        ['RequestedProcedureID', 'RP-4711'],
        ['RequestedProcedureDescription', `CT Abdomen ${name(study).split('^')[0]}`],
        ['ScheduledProcedureStepID', 'SPS-1'],
        ['ScheduledProcedureStepDescription', 'CT Abdomen'],
        ['ScheduledProtocolCodeSequence', items(code('169070004', 'SCT', 'CT of abdomen'))],
      ]),
    ],
    ['AnatomicRegionSequence', items(code('818981001', 'SCT', 'Abdomen'))],
  ];
}

/** Two blocks of the vendor and one of the archive, with text, numbers and bytes. */
function privateBlocks({ study, instance }: Place): readonly Entry[] {
  return [
    ['(0009,0010)', 'SIEMENS CT VA1 DUMMY', 'LO'],
    ['(0019,0010)', 'SIEMENS CT VA0  COAD', 'LO'],
    ['(0019,1090)', '0', 'DS'],
    ['(0019,1092)', '27', 'DS'],
    ['(0019,1093)', '1', 'DS'],
    ['(0019,1096)', '-10', 'DS'],
    ['(0019,10B0)', '2.5', 'DS'],
    ['(0021,0010)', 'SIEMENS MED', 'LO'],
    ['(0021,1011)', ['0', '0'], 'DS'],
    ['(0029,0010)', 'SIEMENS CSA HEADER', 'LO'],
    ['(0029,1008)', 'SOM 5', 'CS'],
    ['(0029,1009)', 'VA10A 971201', 'LO'],
    ['(0029,1010)', Buffer.alloc(1200, `SV10 tPatientName ${name(study)} `), 'OB'],
    ['(0029,1018)', 'SOM 5', 'CS'],
    ['(0043,0010)', 'KLINIKUM SEETAL PACS', 'LO'],
    ['(0043,1001)', `${name(study)}, Zimmer 12`, 'LO'],
    ['(0043,1002)', uidOf(`bench archive ${study} ${instance}`), 'UI'],
    ['(0043,1003)', '20260217', 'DA'],
  ];
}

/** Pixel Data of `rows` rows and columns, 16 bits allocated. */
function pixels(rows: number, columns: number, bytes: Uint8Array): readonly Entry[] {
  return [
    ['SamplesPerPixel', 1],
    ['PhotometricInterpretation', 'MONOCHROME2'],
    ['Rows', rows],
    ['Columns', columns],
    ['BitsAllocated', 16],
    ['BitsStored', 12],
    ['HighBit', 11],
    ['PixelRepresentation', 0],
    ['SmallestImagePixelValue', [0]],
    ['LargestImagePixelValue', [2048]],
    ['PixelData', bytes, 'OW'],
  ];
}

/** Draws a slice once per level and size: drawing takes longer than de-identifying. */
function drawnSlices(size: number, levels: number): (index: number) => Uint8Array {
  const drawn = Array.from({ length: levels }, (_, level) => ctSlice(size, level / levels));
  return (index) => drawn[index % levels] ?? new Uint8Array(0);
}

function ctImage(place: Place, size: number, bytes: Uint8Array): Buffer {
  return dicomFileOf(ctImageStorage, uidOf(`bench instance ${place.study} ${place.instance}`), [
    ...identity(place),
    ...series(place),
    ...equipment,
    ...plane(place),
    ...references(place),
    ...privateBlocks(place),
    ...pixels(size, size, bytes),
  ]);
}

/** Makes CT slices of 512 by 512 samples: about half a megabyte, about 180 elements. */
export function ctSliceMaker(perStudy: number): (index: number) => Buffer {
  const slice = drawnSlices(512, 8);
  return (index) => ctImage(placeOf(index, perStudy), 512, slice(index));
}

/** Makes the same with 88 by 88 samples: about 20 kB, a quarter of it header. */
export function smallImageMaker(perStudy: number): (index: number) => Buffer {
  const slice = drawnSlices(88, 8);
  return (index) => ctImage(placeOf(index, perStudy), 88, slice(index));
}

/** Makes the least that an image needs: about 25 elements and 64 samples, less than one kilobyte. */
export function tinyImageMaker(perStudy: number): (index: number) => Buffer {
  const bytes = ctSlice(8, 0.5);
  return (index) => {
    const place = placeOf(index, perStudy);
    const { study, instance } = place;
    return dicomFileOf(ctImageStorage, uidOf(`bench instance ${study} ${instance}`), [
      ['PatientName', name(study)],
      ['PatientID', `KH-${study}`],
      ['PatientBirthDate', '19570814'],
      ['PatientSex', 'F'],
      ['StudyInstanceUID', uidOf(`bench study ${study}`)],
      ['SeriesInstanceUID', uidOf(`bench series ${study}`)],
      ['StudyDate', '20260217'],
      ['StudyTime', '091204'],
      ['AccessionNumber', `SE-${study}`],
      ['Modality', 'CT'],
      ['InstanceNumber', String(instance + 1)],
      ...pixels(8, 8, bytes),
    ]);
  };
}

/** What stands before the frames of a multi-frame image of `frames` frames of half a megabyte each. */
export function multiFrameHead(frames: number): { readonly head: Buffer; readonly frameBytes: number } {
  const frameBytes = 512 * 512 * 2;
  const place = placeOf(0, 1);
  const perFrame = Array.from({ length: frames }, (_, frame): readonly Entry[] => [
    [
      'FrameContentSequence',
      items([
        ['FrameAcquisitionDateTime', '20260217091400.250000'],
        ['FrameReferenceDateTime', '20260217091400.250000'],
        ['DimensionIndexValues', [1, frame + 1]],
        ['StackID', '1'],
        ['InStackPositionNumber', [frame + 1]],
      ]),
    ],
    ['PlanePositionSequence', items([['ImagePositionPatient', ['-189.6', '-330.6', String(frame)]]])],
  ]);
  const empty = dicomFileOf(enhancedCtImageStorage, uidOf('bench multi-frame'), [
    ...identity(place),
    ...series(place),
    ...equipment,
    ...pixels(512, 512, new Uint8Array(0)),
    ['NumberOfFrames', String(frames)],
    ['InstanceNumber', '1'],
    ['PerFrameFunctionalGroupsSequence', items(...perFrame)],
  ]);
  const head = Buffer.from(empty);
  // The frames are too many for one buffer: only the length of Pixel Data, the last element, is told here.
  head.writeUInt32LE(frames * frameBytes, head.length - 4);
  return { head, frameBytes };
}
