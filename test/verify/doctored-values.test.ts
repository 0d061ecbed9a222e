/**
 * The verifier has teeth for values, rules and pixels: whatever an engine leaves in text, codes, numbers and code streams,
 * or does to pixels under the name of a clean-up, is caught.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import type { DeidProfileSpec } from '../../crds/v1alpha1/profile.ts';
import type { Finding } from '../../worker/verifier.ts';
import {
  ascii,
  j2kCodestream,
  j2kComment,
  j2kTilePart,
  jpeg,
  jpegSegment,
  rleFrame,
} from '../builders/code-streams.ts';
import { dicomFile, el, encapsulated, type Part, syntaxes } from '../builders/dicom.ts';
import { type Doctoring, doctoredEngine, findingOn } from './doctored-engine.ts';

const label = ascii('GRUENSPECHT^MAELINA 14.08.1957');

/** An image of 4 columns and 2 rows of an invented person. */
function image(
  more: readonly Part[],
  pixels: Part | readonly Part[],
  syntax: string = syntaxes.explicit,
  bits = 8,
): Buffer {
  return dicomFile(
    [
      el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7.2'),
      el('SOPInstanceUID', '1.2.276.0.7230010.3.99.4711.1'),
      el('StudyDate', '20190630'),
      ...more.slice(0, 2),
      el('PatientName', 'Gruenspecht^Maelina'),
      el('PatientID', '4711081500'),
      el('PatientBirthDate', '19570814'),
      ...more.slice(2),
      el('StudyInstanceUID', '1.2.276.0.7230010.3.99.4711'),
      el('SeriesInstanceUID', '1.2.276.0.7230010.3.99.4711.2'),
      el('SamplesPerPixel', 1),
      el('PhotometricInterpretation', 'MONOCHROME2'),
      el('NumberOfFrames', '1'),
      el('Rows', 2),
      el('Columns', 4),
      el('BitsAllocated', 8),
      el('BitsStored', bits),
      el('HighBit', bits - 1),
      el('PixelRepresentation', 0),
      ...(Array.isArray(pixels) ? pixels : [pixels]),
    ],
    { transferSyntax: syntax },
  );
}

const native = el('PixelData', Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]), 'OB');
const noText = [el('Modality', 'OT'), el('SeriesDescription', 'CHEST PA')] as const;

function withRules(
  rules: DeidProfileSpec['dicom']['rules'],
  unlisted: 'keep' | 'remove' = 'keep',
): DeidProfileSpec {
  const { spec } = builtinProfiles.basic;
  return { ...spec, dicom: { ...spec.dicom, rules, unlisted } };
}

interface Case {
  readonly what: string;
  readonly file: Buffer;
  readonly profile: DeidProfileSpec;
  readonly doctoring: Doctoring;
  readonly reason: Finding['reason'];
}

const { basic, research } = { basic: builtinProfiles.basic.spec, research: builtinProfiles.research.spec };
const keepsText: Doctoring = { module: 'deid/apply-text.ts', exports: 'export function keepText() {}' };
const cleansNothing: Doctoring = {
  module: 'deid/pixel-container.ts',
  exports: "export async function cleanPixelContainer() { return { kind: 'clean', cleanups: [] }; }",
};
/** Changes a byte of the pixels and says that the container was cleaned. */
const changesPixels = (fromEnd: number): Doctoring => ({
  module: 'deid/pixel-container.ts',
  exports: `export async function cleanPixelContainer(parsed, editor) {
    const pixels = parsed.dataSet.elements.at(-1);
    const last = pixels.fragments === undefined ? pixels.valueEnd : pixels.fragments.at(-1).valueEnd;
    editor.replaceBytes({ start: last - ${fromEnd}, end: last - ${fromEnd - 1}, bytes: Uint8Array.of(77) });
    return { kind: 'clean', cleanups: ['text or slack in code streams'] };
  }`,
});
const ignoresRules: Doctoring = {
  module: 'profile/rule.ts',
  exports:
    "export function compileRule(rule, index) { return { ...original.compileRule(rule, index), action: { kind: 'keep' } }; }",
};

const jpegStream = jpeg([jpegSegment(0xfe, label)]);
const j2kStream = j2kCodestream(
  [j2kComment(label.toString('latin1'))],
  [j2kTilePart([], Buffer.of(0xc7, 0x12))],
);
const rleStream = rleFrame([Buffer.concat([Buffer.of(7, 1, 2, 3, 4, 5, 6, 7, 8), label])]);

const cases: readonly Case[] = [
  {
    what: 'an identifier in a Code String',
    file: image([el('Modality', 'OT'), el('ConversionType', 'GRUENSPECHT')], native),
    profile: basic,
    doctoring: keepsText,
    reason: 'VerificationIdentifyingValue',
  },
  {
    what: 'an identifier in an Integer String',
    file: image([...noText, el('PatientWeight', '70'), el('SeriesNumber', '4711081500')], native),
    profile: research,
    doctoring: keepsText,
    reason: 'VerificationIdentifyingValue',
  },
  {
    what: 'a date of birth in a Decimal String',
    file: image([...noText, el('SliceThickness', '19570814')], native),
    profile: basic,
    doctoring: keepsText,
    reason: 'VerificationIdentifyingValue',
  },
  {
    what: 'a date in free text that no attribute holds',
    file: image([el('Modality', 'OT'), el('SeriesDescription', 'CHEST since 03.05.2018')], native),
    profile: research,
    doctoring: {
      module: 'deid/dates/dates-in-text.ts',
      exports: 'export function findDates() { return []; }',
    },
    reason: 'VerificationDate',
  },
  {
    what: 'the date of the study in free text, in words',
    file: image([el('Modality', 'OT'), el('Manufacturer', 'Werke, June 30, 2019')], native),
    profile: basic,
    doctoring: {
      module: 'deid/dates/dates-in-text.ts',
      exports: 'export function findDates() { return []; }',
    },
    reason: 'VerificationDate',
  },
  {
    what: 'what a rule replaces',
    file: image([el('Modality', 'OT'), el('Manufacturer', 'Werke Gruenspecht')], native),
    profile: withRules([{ match: { keyword: 'Manufacturer' }, action: { replace: 'A MAKER' } }]),
    doctoring: ignoresRules,
    reason: 'VerificationForbiddenAttribute',
  },
  {
    what: 'what a rule cleans',
    file: image([el('Modality', 'OT'), el('Manufacturer', 'Werke Gruenspecht')], native),
    profile: withRules([{ match: { keyword: 'Manufacturer' }, action: { clean: 'text' } }]),
    doctoring: {
      module: 'deid/apply-text.ts',
      exports: 'export function cleanText() {}\nexport function keepText() {}',
    },
    reason: 'VerificationIdentifyingValue',
  },
  {
    what: 'what no table lists',
    file: image([...noText, el('KVP', '120')], native),
    profile: withRules([], 'remove'),
    doctoring: {
      module: 'profile/compile.ts',
      exports:
        "export function compileProfile(spec) { return { ...original.compileProfile(spec), unlisted: 'keep' }; }",
    },
    reason: 'VerificationForbiddenAttribute',
  },
  {
    what: 'other pixels under a profile with rules',
    file: image(noText, native),
    profile: withRules([{ match: { keyword: 'Manufacturer' }, action: 'keep' }]),
    doctoring: changesPixels(3),
    reason: 'VerificationPixelData',
  },
  {
    what: 'other pixels with a clean-up on record',
    file: image(noText, native),
    profile: basic,
    doctoring: changesPixels(3),
    reason: 'VerificationPixelData',
  },
  {
    what: 'text behind the last frame',
    file: image(noText, el('PixelData', Buffer.concat([Buffer.alloc(8, 1), Buffer.from('GRUE')]), 'OB')),
    profile: basic,
    doctoring: cleansNothing,
    reason: 'VerificationPixelData',
  },
  {
    what: 'an overlay plane in unused bits',
    file: image(
      noText,
      [
        el('(6000,0010)', 2, 'US'),
        el('(6000,0011)', 4, 'US'),
        el('(6000,0100)', 8, 'US'),
        el('(6000,0102)', 7, 'US'),
        el('PixelData', Buffer.from([0x81, 2, 3, 4, 5, 6, 7, 8]), 'OB'),
      ],
      syntaxes.explicit,
      7,
    ),
    profile: basic,
    doctoring: cleansNothing,
    reason: 'VerificationPixelData',
  },
  ...(
    [
      ['JPEG', syntaxes.jpegBaseline, jpegStream],
      ['JPEG 2000', syntaxes.jpeg2000, j2kStream],
      ['RLE', syntaxes.rle, rleStream],
    ] as const
  ).flatMap(([codec, syntax, stream]): Case[] => [
    {
      what: `text in a ${codec} stream`,
      file: image(noText, encapsulated([stream]), syntax),
      profile: basic,
      doctoring: cleansNothing,
      reason: 'VerificationPixelData',
    },
    {
      what: `other coded data in a ${codec} stream, with a clean-up on record`,
      file: image(
        noText,
        encapsulated([
          codec === 'JPEG'
            ? jpeg()
            : codec === 'RLE'
              ? rleFrame([Buffer.of(7, 1, 2, 3, 4, 5, 6, 7, 8)])
              : j2kCodestream([], [j2kTilePart([], Buffer.of(0xc7, 0x12))]),
        ]),
        syntax,
      ),
      profile: basic,
      doctoring: changesPixels(4),
      reason: 'VerificationPixelData',
    },
  ]),
];

describe('an engine that leaves or changes', () => {
  for (const { what, file, profile, doctoring, reason } of cases) {
    it(`${what} is caught`, async () => {
      const engine = await doctoredEngine(doctoring);
      try {
        for (const isResident of [true, false]) {
          const finding = await findingOn(file, await engine.deidentify(file, profile), profile, isResident);
          assert.equal(finding?.reason, reason, finding?.at);
        }
      } finally {
        engine.remove();
      }
    });
  }
});

describe('the engine as it is', () => {
  it('gives no cause for alarm by the same files', async () => {
    const engine = await doctoredEngine();
    try {
      for (const { what, file, profile } of cases) {
        const decision = await engine.deidentify(file, profile);
        for (const isResident of [true, false])
          assert.equal(await findingOn(file, decision, profile, isResident), undefined, what);
      }
    } finally {
      engine.remove();
    }
  });

  it('is held back where a name stands in bytes', async () => {
    const engine = await doctoredEngine();
    try {
      const file = image([...noText, el('RedPaletteColorLookupTableData', label, 'OW')], native);
      const finding = await findingOn(file, await engine.deidentify(file, basic), basic);
      assert.deepEqual(finding, { reason: 'VerificationIdentifyingValue', at: '(0010,0010)' });
    } finally {
      engine.remove();
    }
  });

  it('is held back where a short identifier is a whole value elsewhere', async () => {
    const engine = await doctoredEngine();
    try {
      const file = image(
        [el('AccessionNumber', 'Q7'), el('Modality', 'OT'), el('SoftwareVersions', 'q7')],
        native,
      );
      const finding = await findingOn(file, await engine.deidentify(file, basic), basic);
      assert.deepEqual(finding, { reason: 'VerificationIdentifyingValue', at: '(0008,0050)' });
    } finally {
      engine.remove();
    }
  });
});
