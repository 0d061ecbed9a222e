/** The verifier has teeth: an engine that is wrong in one family of its rules is caught, the right one is not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { parseTag } from '../../worker/dicom/tag.ts';
import { type BasicCode, rowFor } from '../../worker/standards/confidentiality-table.ts';
import type { Finding } from '../../worker/verifier.ts';
import { dicomFile, el, type Part, sq, syntaxes } from '../builders/dicom.ts';
import {
  type DoctoredEngine,
  type Doctoring,
  doctoredEngine,
  findingOn,
  type Profile,
} from './doctored-engine.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const root = '1.2.276.0.7230010.3.99.4711';

/** A CT image of an invented person, with something in it for every family of rules. */
const parts: readonly Part[] = [
  el('SpecificCharacterSet', 'ISO_IR 192'),
  el('SOPClassUID', ct),
  el('SOPInstanceUID', `${root}.1.1.1`),
  el('StudyDate', '20190630'),
  el('ContentDate', '20190630'),
  el('AccessionNumber', 'QRX0012345'),
  el('Modality', 'CT'),
  el('Manufacturer', 'Werke Gruenspecht'),
  el('InstitutionName', 'Klinikum Quastenburg'),
  el('ReferringPhysicianName', 'Wispel^Rosalinde'),
  el('PhysiciansOfRecord', 'Wispel^Rosalinde'),
  el('IrradiationEventUID', `${root}.5.1.1`),
  el('(0009,0010)', 'KLINIK PACS', 'LO'),
  el('(0009,1001)', 'some words', 'LO'),
  el('DeviceSerialNumber', 'W 4711 Q'),
  el('ProtocolName', 'CHEST PA'),
  el('ContrastBolusAgent', 'Iomeprol'),
  el('RequestedProcedureDescription', 'CHEST PA'),
  el('ContainerIdentifier', 'CHEST'),
  el('PatientName', 'Gruenspecht^Maelina'),
  el('PatientID', 'P4711-0815'),
  el('PatientBirthDate', '19200102'),
  el('PatientAge', '099Y'),
  el('StudyInstanceUID', `${root}.1`),
  el('SeriesInstanceUID', `${root}.1.1`),
  el('FrameOfReferenceUID', `${root}.1.9`),
  el('StudyID', 'A77120'),
  el('TargetUID', `${root}.1.77`),
  sq('RequestAttributesSequence', [[el('ScheduledProcedureStepID', 'SPS 4711')]]),
  el('Rows', 64),
  el('Columns', 64),
  el('SamplesPerPixel', 1),
  el('PhotometricInterpretation', 'MONOCHROME2'),
  el('BitsAllocated', 16),
  el('BitsStored', 16),
  el('HighBit', 15),
  el('PixelRepresentation', 0),
  el('PixelData', Buffer.alloc(64 * 64 * 2, 'pixels'), 'OW'),
];

function sorted(list: readonly Part[]): readonly Part[] {
  const encoding = { explicit: true, littleEndian: true };
  const key = (part: Part): number => {
    const bytes = Buffer.from(part(encoding));
    return bytes.readUInt16LE(0) * 65_536 + bytes.readUInt16LE(2);
  };
  return [...list].sort((one, other) => key(one) - key(other));
}

const file = dicomFile(sorted(parts));

interface Case extends Doctoring {
  readonly family: string;
  readonly profile: Profile;
  readonly reasons: readonly Finding['reason'][];
  /** The code of Table E.1-1 that the place of the finding has. */
  readonly code?: BasicCode;
}

const cases: readonly Case[] = [
  ...(['X', 'Z', 'D', 'U', 'X/Z', 'X/D', 'Z/D', 'X/Z/D'] as const).map(
    (code): Case => ({
      family: `rows of Table E.1-1 with code ${code}`,
      module: 'standards/confidentiality-table.ts',
      // UIDs are mapped by their VR as well: only a code that keeps them shows.
      exports:
        code === 'U'
          ? "export function rowFor(tag) { const row = original.rowFor(tag); return row?.basic === 'U' ? { ...row, basic: 'X/Z/U*', options: { RetainUIDs: 'K' } } : row; }"
          : `export function rowFor(tag) { const row = original.rowFor(tag); return row?.basic === '${code}' ? undefined : row; }`,
      profile: 'basic',
      reasons: [
        'VerificationForbiddenAttribute',
        'VerificationDate',
        'VerificationUid',
        'VerificationIdentifyingValue',
      ],
      code,
    }),
  ),
  {
    family: 'options',
    module: 'profile/table-actions.ts',
    exports: "export function resolveCode(row) { return { code: 'K', option: 'RetainUIDs' }; }",
    profile: 'basic',
    reasons: ['VerificationForbiddenAttribute', 'VerificationUid', 'VerificationDate'],
  },
  {
    family: 'roles of UIDs',
    module: 'standards/uids.ts',
    exports:
      "export function isWellKnown(uid) { return !uid.endsWith('.5.1.1') ? original.isWellKnown(uid) : true; }",
    profile: 'basic',
    reasons: ['VerificationUid'],
  },
  {
    family: 'the formula of UIDs',
    module: 'deid/identity/uid-map.ts',
    exports:
      'export function createUidMap(key, root) { const map = original.createUidMap(key, root); return (uid) => map(uid + ".1"); }',
    profile: 'basic',
    reasons: ['VerificationUid'],
  },
  {
    family: 'pseudonyms',
    module: 'deid/identity/pseudonym.ts',
    exports: "export function patientPseudonym(key, identity, form) { return 'P1'; }",
    profile: 'basic',
    reasons: ['VerificationIdentifyingValue'],
  },
  {
    family: 'dates that move',
    module: 'deid/dates/shift-date.ts',
    exports: 'export function shiftDate(text, days) { return original.shiftDate(text, days - 1); }',
    profile: 'research',
    reasons: ['VerificationDate'],
  },
  {
    family: 'days of a patient',
    module: 'deid/identity/date-offset.ts',
    exports: 'export function dayOffset() { return 7; }',
    profile: 'research',
    reasons: ['VerificationDate'],
  },
  {
    family: 'ages',
    module: 'deid/dates/age.ts',
    exports: 'export function capAge(value) { return value; }',
    profile: 'research',
    reasons: ['VerificationIdentifyingValue'],
  },
  {
    family: 'the list of safe private elements',
    module: 'standards/safe-private.ts',
    exports: "export function privateDisposition() { return { kind: 'keep' }; }",
    profile: 'research',
    reasons: ['VerificationForbiddenAttribute'],
  },
  {
    family: 'identifying values in text',
    module: 'deid/text/clean-text.ts',
    exports: 'export function scrubText(text) { return text; }',
    profile: 'basic',
    reasons: ['VerificationIdentifyingValue'],
  },
  {
    family: 'statements',
    module: 'deid/method-statements.ts',
    exports:
      "export function insertStatements(dataSet, profile, keeps, editor) { return original.insertStatements(dataSet, { ...profile, dates: 'shift' }, keeps, editor); }",
    profile: 'basic',
    reasons: ['VerificationStatement'],
  },
  {
    family: 'the file header',
    module: 'dicom/write-file-header.ts',
    exports:
      'export function writeFileHeader(names) { const header = Buffer.from(original.writeFileHeader(names)); header[0] = 77; return header; }',
    profile: 'basic',
    reasons: ['VerificationForbiddenAttribute'],
  },
  {
    family: 'pixel data',
    module: 'deid/pixel-container.ts',
    exports:
      "export async function cleanPixelContainer(parsed, editor) { const pixels = parsed.dataSet.elements.at(-1); editor.replaceBytes({ start: pixels.valueStart + 90, end: pixels.valueStart + 92, bytes: Uint8Array.of(1, 2) }); return { kind: 'clean', cleanups: [] }; }",
    profile: 'basic',
    reasons: ['VerificationPixelData'],
  },
];

/** The code of the attribute at a place. */
function codeAt(place: string): BasicCode | undefined {
  return rowFor(parseTag(place.split('/').at(-1) ?? '') ?? 0)?.basic;
}

describe('an engine that is wrong', () => {
  for (const { family, profile, reasons, code, ...doctoring } of cases) {
    it(`in ${family} is caught`, async () => {
      const engine = await doctoredEngine(doctoring);
      try {
        const finding = await findingOn(
          file,
          await engine.deidentify(file, profile),
          builtinProfiles[profile].spec,
        );
        assert.ok(finding !== undefined, 'nothing was found');
        assert.ok(reasons.includes(finding.reason), `${finding.reason} at ${finding.at}`);
        if (code !== undefined) assert.equal(codeAt(finding.at ?? ''), code, `found at ${finding.at}`);
      } finally {
        engine.remove();
      }
    });
  }
});

describe('an engine that is right', () => {
  let engine: DoctoredEngine;
  before(async () => {
    engine = await doctoredEngine();
  });
  after(() => engine.remove());

  for (const profile of ['basic', 'research'] as const) {
    for (const name of ['implicit', 'explicit', 'bigEndian', 'deflated'] as const) {
      it(`gives no cause for alarm: ${profile}, ${name}`, async () => {
        const object = dicomFile(sorted(parts), { transferSyntax: syntaxes[name] });
        const decision = await engine.deidentify(object, profile);
        for (const isResident of [true, false])
          assert.equal(
            await findingOn(object, decision, builtinProfiles[profile].spec, isResident),
            undefined,
          );
      });
    }
  }
});

describe('an output that was harmed on its way', () => {
  const spoilt: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
    'ends too early': (bytes) => bytes.subarray(0, -2),
    'goes on behind its last element': (bytes) => Buffer.concat([bytes, Buffer.alloc(10)]),
    'has a group 2 of another length': (bytes) => {
      bytes.writeUInt32LE(bytes.readUInt32LE(140) + 2, 140);
      return bytes;
    },
  };
  for (const [harm, spoil] of Object.entries(spoilt)) {
    it(`is caught: it ${harm}`, async () => {
      const engine = await doctoredEngine();
      try {
        const decision = await engine.deidentify(file, 'basic');
        assert.ok(decision.outcome === 'deidentified');
        const bytes = spoil(Buffer.concat([...(decision.output.chunks() as Iterable<Uint8Array>)]));
        const output = { ...decision.output, chunks: () => [bytes] };
        const finding = await findingOn(file, { ...decision, output }, builtinProfiles.basic.spec);
        assert.equal(finding?.reason, 'VerificationUnreadable');
      } finally {
        engine.remove();
      }
    });
  }
});
