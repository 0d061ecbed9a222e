/**
 * Damaged objects in every encoding: each has an outcome, no error gets out, and a name that stands in the object stands in
 * no output that counts as de-identified and in no place that a rejection names.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { residentSource } from '../../worker/bytes/byte-source.ts';
import { outputRuns, residentChunks } from '../../worker/bytes/output-runs.ts';
import { fixLengths } from '../../worker/dicom/fix-lengths.ts';
import { parseObject } from '../../worker/dicom/parse.ts';
import { ascii, jpeg, jpegSegment, rleFrame, videoUnit } from '../builders/code-streams.ts';
import { dicomFile, el, encapsulated, type Part, sq, syntaxes, unSequence } from '../builders/dicom.ts';
import { deidentify, read } from './support/deidentify.ts';

const name = 'GRUENSPECHT';
const label = `${name}^MAELINA`;

/** An object with the label in text, sequences of every form, private elements and the container of its pixels. */
function labelled(transferSyntax: string, pixels: Part): Buffer {
  return dicomFile(
    [
      el('SpecificCharacterSet', 'ISO_IR 192'),
      el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7.2'),
      el('SOPInstanceUID', '1.2.3.4'),
      el('StudyDate', '20240229'),
      el('Modality', 'OT'),
      el('StudyDescription', `seen by ${label}`),
      el('PatientName', label),
      el('PatientID', '47110815'),
      sq('OtherPatientIDsSequence', [[el('PatientID', label)]], { sequence: 'undefined' }),
      el('(0029,0010)', 'ACME 1', 'LO'),
      el('(0029,1010)', label, 'LO'),
      unSequence('(0029,1020)', [[el('PatientName', label)]], { items: 'undefined' }),
      sq('ContentSequence', [[el('ValueType', 'TEXT'), el('TextValue', label)]], {
        sequence: 'undefined',
        items: 'undefined',
      }),
      el('SamplesPerPixel', 1),
      el('PhotometricInterpretation', 'MONOCHROME2'),
      el('NumberOfFrames', '1'),
      el('Rows', 2),
      el('Columns', 4),
      el('BitsAllocated', 8),
      el('BitsStored', 8),
      el('HighBit', 7),
      el('PixelRepresentation', 0),
      pixels,
    ],
    { transferSyntax, preamble: ascii(label), trailing: ascii(label) },
  );
}

const runs = Buffer.of(7, 1, 2, 3, 4, 5, 6, 7, 8);
const native = el('PixelData', new Uint8Array(8));
const video = Buffer.concat([
  videoUnit(0xb3, Buffer.of(1)),
  videoUnit(0xb2, ascii(label)),
  videoUnit(1, runs),
]);
const objects: Readonly<Record<string, Buffer>> = {
  'implicit little endian': labelled(syntaxes.implicit, native),
  'explicit little endian': labelled(syntaxes.explicit, native),
  'explicit big endian': labelled(syntaxes.bigEndian, native),
  deflated: labelled(syntaxes.deflated, native),
  JPEG: labelled(syntaxes.jpegBaseline, encapsulated([jpeg([jpegSegment(0xfe, ascii(label))])], [0])),
  RLE: labelled(syntaxes.rle, encapsulated([rleFrame([Buffer.concat([runs, ascii(label)])])])),
  'MPEG-2': labelled('1.2.840.10008.1.2.4.100', encapsulated([video])),
};

/** A change of the bytes of an object. Places are fractions, so that they shrink for objects of any length. */
type Damage = (file: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const delimiters: readonly Buffer[] = [
  'fefe0de000000000',
  'feffdde000000000',
  'feff00e0ffffffff',
  'feff00e000000000',
].map((hex) => Buffer.from(hex, 'hex'));

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(
    ([at, bit]): Damage =>
      (file) => {
        const index = Math.floor(at * file.length);
        file[index] = (file[index] ?? 0) ^ (1 << bit);
        return file;
      },
  ),
  place.map(
    (at): Damage =>
      (file) =>
        file.subarray(0, Math.floor(at * file.length)),
  ),
  fc.tuple(place, fc.constantFrom(0, 1, 2, 8, 0x7fffffff, 0xfffffffe, 0xffffffff)).map(
    ([at, length]): Damage =>
      (file) => {
        if (file.length >= 4) file.writeUInt32LE(length, Math.floor(at * (file.length - 3)));
        return file;
      },
  ),
  fc.tuple(place, fc.constantFrom(...delimiters)).map(
    ([at, bytes]): Damage =>
      (file) => {
        const index = Math.floor(at * file.length);
        return Buffer.concat([file.subarray(0, index), bytes, file.subarray(index)]);
      },
  ),
  fc.tuple(place, place).map(
    ([from, to]): Damage =>
      (file) => {
        const [start, end] = [from, to].map((at) => Math.floor(at * file.length)).sort((a, b) => a - b);
        return Buffer.concat([file.subarray(0, start), file.subarray(end)]);
      },
  ),
);

/** Everything that can be read of an output: its bytes, and what a deflated data set holds. */
async function readable(bytes: Buffer): Promise<Buffer> {
  const { parsed } = await read(bytes);
  if (!parsed.transferSyntax.deflated) return bytes;
  const start = bytes.indexOf(Buffer.from('1.2.840.10008.1.2.1.99')) + 22;
  for (let at = start; at < start + 400; at += 1) {
    try {
      return Buffer.concat([bytes, inflateRawSync(bytes.subarray(at))]);
    } catch {}
  }
  return assert.fail('a deflated output cannot be inflated');
}

it('the undamaged objects are de-identified', async () => {
  for (const [encoding, file] of Object.entries(objects)) {
    assert.equal((await deidentify(file, 'research')).decision.outcome, 'deidentified', encoding);
  }
});

describe('a damaged object', () => {
  for (const [encoding, file] of Object.entries(objects)) {
    it(`${encoding}: has an outcome and gives away no name`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(damage, { minLength: 0, maxLength: 3 }), async (damages) => {
          const damaged = damages.reduce<Buffer>((bytes, apply) => apply(bytes), Buffer.from(file));
          const { decision, bytes } = await deidentify(damaged, 'research');
          assert.ok(!JSON.stringify(decision).includes(name));
          if (!('output' in decision)) return;
          assert.equal(bytes.length, decision.output.size);
          assert.ok(!(await readable(bytes)).includes(name), 'the name is left');
        }),
        { numRuns: 700, interruptAfterTimeLimit: 8000 },
      );
    });

    it(`${encoding}: comes out byte for byte where nothing is edited, or is refused`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(damage, { minLength: 0, maxLength: 2 }), async (damages) => {
          const damaged = damages.reduce<Buffer>((bytes, apply) => apply(bytes), Buffer.from(file));
          const parsed = await parseObject(residentSource(damaged)).catch((error: unknown) => {
            assert.match(String(error), /^DicomError: [A-Za-z]+ at [(),/\dA-Fbyte ]+$/);
          });
          if (!parsed) return;
          const { dataSet, dataSetStart, dataSetEnd, bodySource } = parsed;
          const body = bodySource.resident ?? new Uint8Array(0);
          const out = residentChunks(outputRuns(fixLengths(dataSet, []), dataSetStart, dataSetEnd), body);
          assert.deepEqual(Buffer.concat(out), Buffer.from(body.subarray(dataSetStart, dataSetEnd)));
        }),
        { numRuns: 500, interruptAfterTimeLimit: 5000 },
      );
    });
  }
});
