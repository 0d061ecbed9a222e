import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cleanText, scrubText, type TextContext } from './clean-text.ts';
import { buildNeedles, type IdentifyingValue } from './identifying-values.ts';
import { findInText } from './text-findings.ts';
import { vocabulary } from './vocabulary.ts';

const values: readonly IdentifyingValue[] = [
  { kind: 'personName', text: 'Grünspecht-Ölmann^Anna Maria^Q^^=山田^太郎=やまだ^たろう' },
  { kind: 'personName', text: "O'Quirk^Wu" },
  { kind: 'identifier', text: 'QRX0012345' },
  { kind: 'identifier', text: '000987654' },
  { kind: 'date', text: '19600102' },
  { kind: 'institution', text: 'Klinikum Quastenburg' },
  { kind: 'telephone', text: '+49 89 1234567' },
  { kind: 'address', text: 'Wispelweg 5, 80333 Quastenburg' },
];

function context(change: Partial<TextContext> = {}): TextContext {
  return {
    needles: buildNeedles(values, vocabulary),
    vocabulary,
    dates: { kind: 'shift', days: -100 },
    ownDates: new Set(),
    ages: { capAbove: 89, keep: true },
    mapUid: () => '2.25.1',
    find: (text) => findInText(text, vocabulary),
    ...change,
  };
}

describe('cleaning leaves harmless text byte for byte', () => {
  for (const text of [
    'CT CHEST W CONTRAST',
    'P4^P101^S108^I0, Gated, 0.0%',
    't2_tse_sag_p2',
    'ep2d_diff_3scan_trace_p2_ADC',
    'AxT2Flair',
    'Head^Routine (Adult)',
    'Thorax 1.0 B60f',
    'DR CHEST PA',
    'MR BRAIN W/O',
    'No acute cardiopulmonary process. Heart size is normal.',
    'TR 10000 TE 12.5 FOV 512x512',
    '3.5 mm slices, kVp 120, 250 mAs',
    'Neck 0.75 Br38 S3',
    'FDG PET/CT skull base to mid-thigh',
    '胸部CT 造影',
    'Schädel nativ',
    '',
    ' \\ ',
  ]) {
    it(JSON.stringify(text), () => {
      assert.equal(cleanText(text, context()), text);
      assert.equal(scrubText(text, context()), text);
    });
  }
});

describe("cleaning removes the object's own values in every spelling", () => {
  for (const [text, clean] of [
    ['T1 AX MPRAGE Grünspecht', 'T1 AX MPRAGE'],
    ['GRUENSPECHT, chest', 'chest'],
    ['grunspecht-olmann chest', 'chest'],
    ['Anna Maria Grünspecht-Ölmann', ''],
    ['GRÜNSPECHTOELMANNANNA chest', 'chest'],
    ['chest agruenspecht', 'chest'],
    ['OQuirk chest', 'chest'],
    ["chest of O'QUIRK", 'chest of'],
    ['QRX0012345 chest', 'chest'],
    ['qrx-001-2345 chest', 'chest'],
    ['987654 chest', 'chest'],
    ['chest 000-987-654', 'chest'],
    ['chest, Quastenburg', 'chest'],
    ['chest 01/02/1960', 'chest'],
    ['chest 2 Jan 1960', 'chest'],
    ['chest 19600102', 'chest'],
    ['chest 089/1234567', 'chest'],
    ['山田太郎 胸部', '胸部'],
    ['太郎山田 胸部', '胸部'],
  ] as const) {
    it(JSON.stringify(text), () => {
      assert.equal(cleanText(text, context()), clean);
    });
  }

  it('a word of a name goes even if it is clinical', () => {
    const needles = buildNeedles([{ kind: 'personName', text: 'Hand^Rosa' }], vocabulary);
    assert.equal(cleanText('XR HAND PA', context({ needles })), 'XR PA');
  });

  it('a name does not reach into the word behind it', () => {
    const needles = buildNeedles([{ kind: 'personName', text: 'Quastner^Li' }], vocabulary);
    assert.equal(cleanText('Quastner, L. Impression: normal', context({ needles })), 'Impression: normal');
  });

  it('a fragment of a clinical word is no hit', () => {
    const needles = buildNeedles([{ kind: 'personName', text: 'Stern^Tho' }], vocabulary);
    assert.equal(scrubText('sternum thorax', context({ needles })), 'sternum thorax');
  });
});

describe('cleaning removes what nobody told it', () => {
  for (const [text, clean] of [
    ['Kowalczyk chest', 'chest'],
    ['Dr. Brown CHEST', 'CHEST'],
    ['Dr. Brown C-SPINE', 'C-SPINE'],
    ['Mr. Brown T2W_FLAIR', 'T2W_FLAIR'],
    ['Mr. Brown MoCoSeries', 'MoCoSeries'],
    ['Dr. Brown 胸部CT 造影', '胸部CT 造影'],
    ['Dr. Brown 뇌 MRI', '뇌 MRI'],
    ['chest, Herr Schmidt', 'chest'],
    ['Patient Name: John Q Public', 'Patient Name'],
    ['chest MRN 48151', 'chest'],
    ['jane.doe@example.org chest', 'chest'],
    ['chest call 555-123-4567', 'chest'],
    ['file C:\\images\\doe\\1.dcm', 'file'],
    ['KOWALCZYK_17 chest', 'chest'],
    ['number 48151623', 'number'],
    ['山下様 胸部', '胸部'],
    ['胸部 山下', '胸部'],
  ] as const) {
    it(JSON.stringify(text), () => {
      assert.equal(cleanText(text, context()), clean);
    });
  }
});

describe('dates, ages and UIDs in text', () => {
  it('dates move with the patient', () => {
    assert.equal(cleanText('seen 2019-06-30', context()), 'seen 2019-03-22');
  });

  it('dates go where the profile removes them', () => {
    assert.equal(cleanText('seen 2019-06-30', context({ dates: { kind: 'remove' } })), 'seen');
  });

  it('ages above the cap become the first one above it', () => {
    assert.equal(cleanText('95 y/o female', context()), '90 y/o female');
    assert.equal(cleanText('89 y/o female', context()), '89 y/o female');
  });

  it('ages go where the profile keeps no characteristics', () => {
    assert.equal(cleanText('45 year old man', context({ ages: { capAbove: 89, keep: false } })), 'man');
  });

  it('UIDs are mapped, registered ones stay', () => {
    assert.equal(scrubText('see 1.2.840.113619.2.5.17.21.97.78', context()), 'see 2.25.1');
    assert.equal(scrubText('1.2.840.10008.5.1.4.1.1.2', context()), '1.2.840.10008.5.1.4.1.1.2');
  });
});

describe('scrubbing', () => {
  it('keeps words that it does not know', () => {
    assert.equal(
      scrubText('SOMATOM Definition AS+ Kowalczyk', context()),
      'SOMATOM Definition AS+ Kowalczyk',
    );
  });

  it('keeps version numbers and dates that are not the birth date', () => {
    assert.equal(scrubText('syngo 5.0.1.2 2019-06-30', context()), 'syngo 5.0.1.2 2019-06-30');
  });

  it('removes identifying values and contacts', () => {
    assert.equal(scrubText('SOMATOM of Grünspecht', context()), 'SOMATOM of');
    assert.equal(scrubText('SOMATOM tel +49 30 1234567', context()), 'SOMATOM tel');
  });

  it('an identifier of one repeated digit is none', () => {
    const needles = buildNeedles([{ kind: 'identifier', text: '000000' }], vocabulary);
    assert.equal(scrubText('0.000000', context({ needles })), '0.000000');
  });
});
