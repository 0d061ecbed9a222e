/**
 * A value for an attribute, with what must become of it under a profile. The expectation comes from the table's code, the
 * VR and the attribute's Type, never from what the engine does.
 */
import { agents, longDescriptions, shortDescriptions } from './descriptions.ts';
import { textOf } from './outside-reader.ts';
import { type Persona, personName } from './persona.ts';
import { type Formulas, movedDate } from './published-formulas.ts';
import type { Random } from './random.ts';
import { type Check, type CheckName, holdsTokens, isFreeOf } from './score.ts';
import { type AttributeFacts, codeOf, type ProfileName } from './standard-facts.ts';
import { tokensOf, wovenText } from './woven-text.ts';

export interface Surroundings {
  readonly persona: Persona;
  readonly random: Random;
  readonly profile: ProfileName;
  readonly formulas: Formulas;
  readonly category: string;
  readonly place: string;
  /** The attribute's Type at its place; undefined where the IOD does not define it there. */
  readonly type: string | undefined;
  /** True inside a sequence whose contents go. */
  readonly isGone: boolean;
  /** True inside a content sequence that is replaced by dummies. */
  readonly isDummy: boolean;
}

export interface LabelledValue {
  readonly value: string | Buffer | readonly number[];
  judge(output: Buffer | undefined): readonly Check[];
}

/** Defined Terms of Code Strings; `YES` for the others. */
const terms: Readonly<Record<string, string>> = {
  PatientSex: 'F',
  Modality: 'CT',
  ImageType: 'ORIGINAL\\PRIMARY\\AXIAL',
  Laterality: 'L',
  ImageLaterality: 'R',
  PatientPosition: 'HFS',
  BodyPartExamined: 'CHEST',
  ScanningSequence: 'GR',
  SequenceVariant: 'SK\\SP\\MP',
  ScanOptions: 'HELICAL_CT',
  ViewPosition: 'PA',
  PhotometricInterpretation: 'MONOCHROME2',
  ConversionType: 'WSD',
  PresentationIntentType: 'FOR PRESENTATION',
  PresentationLUTShape: 'IDENTITY',
  LossyImageCompression: '00',
  LossyImageCompressionMethod: 'ISO_10918_1',
  ContentLabel: 'SEGMENTATION',
  SegmentationType: 'BINARY',
  RescaleType: 'HU',
  Units: 'BQML',
  SeriesType: 'WHOLE BODY\\IMAGE',
  CountsSource: 'EMISSION',
  DecayCorrection: 'START',
  CorrectedImage: 'DECY\\ATTN\\SCAT\\DTIM\\RAN',
  CollimatorType: 'PARA',
  RandomsCorrectionMethod: 'DLYD',
  AttenuationCorrectionMethod: 'CT',
  ScatterCorrectionMethod: 'SSS',
  FilterType: 'FLAT',
  FilterMaterial: 'ALUMINUM',
  ExposureControlMode: 'AUTOMATIC',
  CompletionFlag: 'COMPLETE',
  VerificationFlag: 'UNVERIFIED',
  ValueType: 'TEXT',
  RelationshipType: 'CONTAINS',
  ContinuityOfContent: 'SEPARATE',
  GraphicType: 'POLYLINE',
  DoseUnits: 'GY',
  DoseType: 'PHYSICAL',
  DoseSummationType: 'PLAN',
  RTPlanGeometry: 'PATIENT',
  ApprovalStatus: 'APPROVED',
  BeamType: 'STATIC',
  RadiationType: 'PHOTON',
  TreatmentDeliveryType: 'TREATMENT',
  ROIGenerationAlgorithm: 'MANUAL',
  RTROIInterpretedType: 'PTV',
  ContourGeometricType: 'CLOSED_PLANAR',
  MRAcquisitionType: '3D',
  AcquisitionContrast: 'DIFFUSION',
  PulseSequenceName: 'YES',
  WaveformOriginality: 'ORIGINAL',
  SpecificCharacterSet: 'ISO_IR 192',
  BurnedInAnnotation: 'NO',
  DetectorType: 'SCINTILLATOR',
  ReformattingOperationType: 'MPR',
  PatientBodyMassUnits: 'KG',
  TableMotion: 'STATIC',
  FrameType: 'ORIGINAL\\PRIMARY\\VOLUME\\NONE',
  VolumetricProperties: 'VOLUME',
  PixelPresentation: 'MONOCHROME',
  ComplexImageComponent: 'MAGNITUDE',
  CardiacSynchronizationTechnique: 'PROSPECTIVE',
  RespiratoryMotionCompensationTechnique: 'BREATH_HOLD',
  SmokingStatus: 'NO',
  PregnancyStatus: 'YES',
  QualityControlSubject: 'NO',
  DimensionOrganizationType: '3D',
};

/** Texts that makers and physicists write outside Table E.1-1. */
const texts: Readonly<Record<string, readonly string[]>> = {
  Manufacturer: [
    'SIEMENS',
    'GE MEDICAL SYSTEMS',
    'Philips Medical Systems',
    'Canon Medical Systems',
    'TOSHIBA_MEC',
  ],
  ManufacturerModelName: [
    'SOMATOM Definition AS+',
    'Discovery CT750 HD',
    'Ingenia Elition X',
    'Aquilion ONE',
    'MAGNETOM Vida',
  ],
  SoftwareVersions: [
    'syngo CT VA48A',
    '27\\LX\\MR Software release:DV26.0_R03_1831.b',
    '5.7.1\\5.7.1.2',
    'V6.2.3',
  ],
  ConvolutionKernel: ['B30f', 'Br40d\\3', 'FC18', 'STANDARD', 'BONEPLUS', 'I31f\\3'],
  SequenceName: ['*tfl3d1_16ns', 'ep_b1000t', '*fl3d1r_t70', 'SE'],
  ReceiveCoilName: ['HeadNeck_20', '8HRBRAIN', 'SENSE-NV-16'],
  TransmitCoilName: ['Body', 'BC'],
  BodyPartThickness: ['45'],
  AnatomicRegion: ['Chest'],
  FilterType: ['WEDGE_2'],
  ReconstructionMethod: ['OSEM3D-OP-PSFi10s5', 'PSF+TOF 4i5s', 'VPFX'],
  CodeMeaning: ['Chest', 'Left lung', 'Millimeter'],
  CodeValue: ['T-D3000', '51185008', '113014'],
  CodingSchemeDesignator: ['SRT', 'SCT', 'DCM'],
  CodingSchemeVersion: ['01'],
  RadiopharmaceuticalRoute: ['Intravenous'],
  ImagedNucleus: ['1H'],
  NominalScreenSize: ['20'],
};

const identifies =
  /(?:ID|IDs|Identifier|URI|URL|URN|Issuer\w*|Address\w*|Barcode\w*|UDI|Number|Password|Certificat\w+|Signature|Creator|Owner|Author|UserName|Path|Filename\w*|Location|Telephone\w*|Phone\w*)$|^Issuer|OrderNumber|AssigningAuthority|AlternativeCalendar|Contact|UniformResource|UserGroupName|JobID/;
const freeText =
  /(?:Comments?|Descriptions?|Label|Remarks?|Notes?|Title|Reason\w*|History|Instructions?|Text|Summary|Purpose|Diagnos\w+|Impressions?|Protocol|Alerts|Allergies|Needs)(?:Trial)?$/;
const personal =
  /Physician|Operator|Person|Observer|Author|Reviewer|Recorder|Transcriber|Investigator|Mother|Interpreter|Creator/;

const lengths: Readonly<Record<string, number>> = {
  SH: 16,
  LO: 64,
  ST: 1024,
  LT: 10_240,
  UT: 20_000,
  UC: 20_000,
  AE: 16,
};
const allShort = Object.values(shortDescriptions).flat();
const latin = [
  ...shortDescriptions.english,
  ...shortDescriptions.protocols,
  ...shortDescriptions.german,
  ...shortDescriptions.french,
];

function identifying({ keyword }: AttributeFacts, { persona }: Surroundings): string {
  if (/Telephone|Telecom|Phone/.test(keyword)) return persona.telephone;
  if (/Address/.test(keyword)) return persona.street;
  if (/Institution|Organization|Department|Site|Center|Residence|Sponsor|Location/.test(keyword))
    return persona.institution;
  if (/Serial/.test(keyword)) return persona.serial;
  if (/Station|AE/.test(keyword)) return persona.station;
  if (/Accession/.test(keyword)) return persona.accession;
  if (personal.test(keyword) && /Name/.test(keyword)) return personName(persona.physician);
  return /Name/.test(keyword) ? persona.patient.family : persona.mrn;
}

type Verdict = readonly [name: CheckName, passed: boolean, detail?: string];

/** Class-like attributes, whose values are definitions. */
const isClass = (keyword: string): boolean =>
  /SOPClass|TransferSyntaxUID|CodingSchemeUID|ContextUID|MappingResourceUID/.test(keyword);

function dateChecks(label: string, expected: string, isKept: boolean): (text: string) => readonly Verdict[] {
  return (text) =>
    isKept
      ? [['date_shifted', text === expected, `${label} -> ${text}, not ${expected}`]]
      : [['date_shifted', !text.includes(label.slice(0, 8)), `${label} -> ${text}`]];
}

const numeric = new Set([
  'US',
  'SS',
  'UL',
  'SL',
  'FL',
  'FD',
  'AT',
  'SV',
  'UV',
  'OF',
  'OD',
  'OL',
  'OB',
  'OW',
  'OV',
  'UN',
]);
const sizes: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  AT: 4,
  UL: 4,
  SL: 4,
  FL: 4,
  FD: 8,
  SV: 8,
  UV: 8,
  OF: 4,
  OD: 8,
  OL: 4,
  OV: 8,
};

/** Values that the object needs to be sound, or that are handled by themselves. */
const fixed: Readonly<Record<string, string>> = {
  PatientIdentityRemoved: '',
  SOPInstanceUID: '',
  LongitudinalTemporalInformationModified: '',
};

export function labelledValue(facts: AttributeFacts, at: Surroundings): LabelledValue | undefined {
  const { vr, keyword, tag } = facts;
  const { persona, random, profile, formulas, type, isGone } = at;
  if (keyword in fixed) return undefined;
  const code = codeOf(tag, profile);
  const days = formulas.days(persona.issuer, persona.mrn);
  const mayStay = !isGone && !at.isDummy && !tag.startsWith('60') && !tag.startsWith('50');
  const check = (
    value: LabelledValue['value'],
    verdicts: (text: string, raw: Buffer | undefined) => readonly Verdict[],
  ): LabelledValue => ({
    value,
    judge: (output) => {
      const text = textOf(output);
      const sound: Verdict[] = !mayStay
        ? []
        : type === '1'
          ? [['text_notnull', text !== '' || (output?.length ?? 0) > 0]]
          : type === '2'
            ? [['tag_retained', output !== undefined]]
            : [];
      return [...verdicts(text, output), ...sound].map(([name, passed, detail]) => ({
        name,
        category: at.category,
        place: at.place,
        passed,
        ...(detail === undefined ? {} : { detail }),
      }));
    },
  });
  const removed =
    (labels: readonly string[]) =>
    (text: string): readonly Verdict[] =>
      labels.map((label) => ['text_removed', isFreeOf(text, label), `${label} in ${text}`]);
  const same =
    (value: string) =>
    (text: string): readonly Verdict[] => [['text_retained', text === value, `${value} -> ${text}`]];

  if (vr === 'UI') {
    if (isClass(keyword))
      return check('1.2.840.10008.5.1.4.1.1.2', mayStay ? same('1.2.840.10008.5.1.4.1.1.2') : () => []);
    const uid = `1.3.6.1.4.1.${random.digits(5)}.${random.digits(9)}.${random.digits(6)}`;
    return check(uid, (text) => [
      [
        'uid_consistent',
        mayStay && (code === undefined || code === 'U')
          ? text === formulas.uid(uid)
          : text === '' || !text.includes(uid),
        `${text}`,
      ],
    ]);
  }
  if (vr === 'DA' || vr === 'DT') {
    const date = keyword.includes('Birth')
      ? persona.birthDate
      : `${2003 + random.below(20)}0${1 + random.below(9)}1${random.below(9)}`;
    const rest = vr === 'DT' ? `${10 + random.below(13)}1502.25` : '';
    const isKept = profile === 'research' && mayStay && (code === undefined || code === 'C');
    return check(date + rest, dateChecks(date + rest, movedDate(date, days) + rest, isKept));
  }
  if (vr === 'TM') {
    const time = `1${random.below(10)}3${random.below(10)}0${random.below(10)}.${random.digits(3)}`;
    if (profile === 'research' && mayStay && (code === undefined || code === 'C'))
      return check(time, same(time));
    return check(time, (text) => (code === undefined ? [] : [['text_removed', text !== time]]));
  }
  if (vr === 'PN') {
    if (tag === '00100010') return check(personName(persona.patient), removed([persona.patient.family]));
    const person = random.pick([persona.physician, persona.operator]);
    return check(personName(person), removed([person.family, person.given]));
  }
  if (tag === '00100020') {
    return check(persona.mrn, (text) =>
      mayStay
        ? [['patid_consistent', text === formulas.pseudonym(persona.issuer, persona.mrn)]]
        : removed([persona.mrn])(text),
    );
  }
  if (tag === '00100021') return check(persona.issuer, removed([persona.issuer]));
  if (tag === '00080201') return check('+0100', () => []);
  if (vr === 'AS')
    return check('045Y', (text) =>
      (code === 'K' && mayStay) || (code === undefined && mayStay)
        ? same('045Y')(text)
        : removed(code === 'D' || code === 'X' ? ['045Y'] : [])(text),
    );
  if (numeric.has(vr)) {
    const count = Math.max(1, Number(/^\d+/.exec(facts.vm)?.[0] ?? 1));
    const bytes = Buffer.from(
      Array.from({ length: (sizes[vr] ?? 8) * (vr.startsWith('O') || vr === 'UN' ? 4 : count) }, () =>
        random.below(128),
      ),
    );
    return check(bytes, (_, raw) =>
      (code === undefined || code === 'K') && mayStay
        ? [['text_retained', raw !== undefined && Buffer.compare(raw, bytes) === 0]]
        : code === undefined || code === 'C'
          ? []
          : [['text_removed', raw === undefined || !raw.equals(bytes)]],
    );
  }
  if (vr === 'DS' || vr === 'IS') {
    const number = vr === 'DS' ? `${random.digits(3)}.${random.digits(2)}` : random.digits(5);
    const count = Math.min(6, Math.max(1, Number(/^\d+/.exec(facts.vm)?.[0] ?? 1)));
    const value = Array.from({ length: count }, () => number).join('\\');
    return check(
      value,
      (code === undefined || code === 'K') && mayStay
        ? same(value)
        : code === undefined || code === 'C'
          ? () => []
          : removed([number]),
    );
  }
  if (vr === 'CS' && keyword === 'PatientAlternativeCalendar') return undefined;
  if (vr === 'CS') {
    const value = terms[keyword] ?? 'YES';
    if (mayStay && (code === undefined || code === 'K')) return check(value, same(value));
    return check(value, () => []);
  }
  const longest = lengths[vr] ?? 64;
  if (!mayStay && (tag.startsWith('60') || tag.startsWith('50')))
    return check(persona.mrn, removed([persona.mrn]));
  if (vr === 'UR' || vr === 'AE') {
    const label = vr === 'UR' ? `https://pacs.${persona.city.toLowerCase()}.example/q` : persona.station;
    return check(
      label,
      code === undefined && vr === 'UR'
        ? removed([persona.city])
        : code === undefined || code === 'C'
          ? () => []
          : removed([label]),
    );
  }
  const isCleaned = code === 'C';
  const isUnlistedIdentifier = code === undefined && identifies.test(keyword) && texts[keyword] === undefined;
  if (isGone || at.isDummy || (code !== undefined && code !== 'K' && !isCleaned) || isUnlistedIdentifier) {
    const label = identifying(facts, at).slice(0, longest);
    const labels = label.includes('^') ? [persona.physician.family] : [label];
    return check(label, removed(labels));
  }
  const known = texts[keyword];
  if (known !== undefined) {
    const value = random.pick(known);
    return check(value, same(value));
  }
  if (code === 'K') return check('European', same('European'));
  const isLong = longest > 64;
  const source: readonly string[] = /Agent|Drug|Pharmaceutical/.test(keyword)
    ? agents
    : isLong
      ? longDescriptions
      : random.below(3) === 0
        ? allShort
        : latin;
  const fitting = source.filter((text) => Buffer.byteLength(text) <= longest);
  const harmless = random.pick(fitting.length === 0 ? ['CHEST PA'] : fitting);
  const mayWeave = isCleaned || freeText.test(keyword);
  if (mayWeave && random.below(2) === 0) {
    const woven = wovenText(harmless, persona, random);
    if (Buffer.byteLength(woven.text) <= longest) {
      return check(woven.text, (text) => [
        ...woven.removed.map(
          (label): Verdict => [
            'text_removed',
            isFreeOf(text, label),
            `${woven.form} | ${woven.text} -> ${text}`,
          ],
        ),
        ['text_retained', holdsTokens(text, woven.retained), `${woven.form} | ${woven.text} -> ${text}`],
      ]);
    }
  }
  if (!mayWeave && code === undefined && vr !== 'ST' && vr !== 'LT' && vr !== 'UT' && vr !== 'UC')
    return check('CHEST PA', same('CHEST PA'));
  const names = [persona.patient, persona.physician, persona.operator].flatMap(({ family, given, middle }) =>
    `${family} ${given} ${middle}`.toLowerCase().split(/[ '-]/),
  );
  const kept = tokensOf(harmless).filter(
    (token) =>
      !names.some(
        (own) => token.toLowerCase() === own || (own.length > 2 && token.toLowerCase().startsWith(own)),
      ),
  );
  return check(harmless, (text) => [['text_retained', holdsTokens(text, kept), `${harmless} -> ${text}`]]);
}
