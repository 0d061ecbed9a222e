/** Names whose character set is declared wrongly, or written against the rules, go from short texts all the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dicomFile, el } from '../builders/dicom.ts';
import { deidentify } from './support/deidentify.ts';

const delimiter = Buffer.from('^');
const koreanFamily = Buffer.from('b5b6b0ed', 'hex');
const koreanGiven = Buffer.from('bfb5c0e7', 'hex');
const korean = Buffer.from('1b242943', 'hex');
const chineseFamily = Buffer.from('c5b7d1f4', 'hex');

const cases: Readonly<
  Record<string, { readonly declared: string; readonly sequence: Buffer; readonly family: Buffer }>
> = {
  'an escape sequence that is not repeated behind the delimiter': {
    declared: '\\ISO 2022 IR 149',
    sequence: korean,
    family: koreanFamily,
  },
  'GBK without a declaration': { declared: '', sequence: Buffer.alloc(0), family: chineseFamily },
};

describe('a family name in a short text outside the table', () => {
  for (const [name, { declared, sequence, family }] of Object.entries(cases)) {
    for (const profile of ['basic', 'research'] as const) {
      it(`${name}, ${profile}`, async () => {
        const { bytes } = await deidentify(
          dicomFile([
            el('SpecificCharacterSet', declared),
            el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
            el('SOPInstanceUID', '1.2.3.4'),
            el('PatientName', Buffer.concat([sequence, family, delimiter, koreanGiven])),
            el('PatientID', 'Q4711'),
            el('LUTExplanation', Buffer.concat([sequence, family, Buffer.from(' CHEST PA')])),
          ]),
          profile,
        );
        assert.ok(bytes.length > 0);
        assert.ok(!bytes.includes(family));
        assert.ok(bytes.includes('CHEST PA'));
      });
    }
  }
});
