/** Text in the container of pixel data goes, samples and structure stay: whole objects in, whole objects out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { builtinProfiles } from '../../crds/profiles/builtin.ts';
import { residentSource } from '../../worker/bytes/byte-source.ts';
import { createEngine } from '../../worker/deid/engine.ts';
import { ascii, jpeg, jpegSegment, rleFrame, videoUnit } from '../builders/code-streams.ts';
import { dicomFile, el, encapsulated, type Part, raw, rawHeader, sq, syntaxes } from '../builders/dicom.ts';
import { type Deidentified, deidentify, key, read } from './support/deidentify.ts';

const label = ascii('GRUENSPECHT^MAELINA 14.08.1957');
const blank = Buffer.alloc(label.length);

/** An image of 4 columns and 2 rows. */
function image(
  pixels: readonly Part[],
  options: { frames?: number; bits?: 8 | 16; stored?: number; syntax?: string; more?: readonly Part[] } = {},
): Buffer {
  const { frames = 1, bits = 8, stored = bits, syntax = syntaxes.explicit, more = [] } = options;
  return dicomFile(
    [
      el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7.2'),
      el('SOPInstanceUID', '1.2.3.4'),
      el('PatientName', 'Quast^Anna'),
      el('PatientID', '4711'),
      el('SamplesPerPixel', 1),
      el('PhotometricInterpretation', 'MONOCHROME2'),
      el('NumberOfFrames', String(frames)),
      el('Rows', 2),
      el('Columns', 4),
      el('BitsAllocated', bits),
      el('BitsStored', stored),
      el('HighBit', stored - 1),
      el('PixelRepresentation', 0),
      ...more,
      ...pixels,
    ],
    { transferSyntax: syntax },
  );
}

const reasonOf = ({ decision }: Deidentified): string =>
  'reason' in decision ? decision.reason : decision.outcome;
const cleanupsOf = ({ decision }: Deidentified): readonly string[] =>
  'record' in decision ? decision.record.cleanups : [];

/** Everything from the Pixel Data element on. */
async function pixelDataOf(file: Buffer): Promise<Buffer> {
  const { element } = await read(file);
  const { start, end } = element('PixelData') ?? { start: 0, end: 0 };
  return file.subarray(start, end);
}

/** The output has the Pixel Data of the `expected` file. */
async function expectPixels(file: Buffer, expected: Buffer): Promise<void> {
  const result = await deidentify(file);
  assert.equal(reasonOf(result), 'deidentified');
  assert.deepEqual(await pixelDataOf(result.bytes), await pixelDataOf(expected));
  assert.ok(!result.bytes.includes(label));
}

const commented = (text: Uint8Array): Buffer => jpeg([jpegSegment(0xfe, text)], text);
const cut = (bytes: Buffer, ...at: readonly number[]): Buffer[] =>
  [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length));

describe('fragments', () => {
  it('one to a frame, with a table of offsets', async () => {
    const build = (text: Uint8Array): Buffer =>
      image([encapsulated([commented(text), commented(text)], [0, commented(text).length + 8])], {
        frames: 2,
        syntax: syntaxes.jpegBaseline,
      });
    await expectPixels(build(label), build(blank));
  });

  it('several to a frame, cut within comments, with and without a table of offsets', async () => {
    const build = (text: Uint8Array, hasTable: boolean): Buffer => {
      const frame = commented(text);
      const parts = cut(frame, 16, 24, frame.length - 12);
      const length = frame.length + parts.length * 8;
      return image([encapsulated([...parts, ...parts], hasTable ? [0, length] : [])], {
        frames: 2,
        syntax: syntaxes.jpegBaseline,
      });
    };
    assert.equal(commented(label).length % 2, 0);
    await expectPixels(build(label, true), build(blank, true));
    await expectPixels(build(label, false), build(blank, false));
  });

  it('of one frame, of which one is empty', async () => {
    const build = (text: Uint8Array): Buffer =>
      image([encapsulated([...cut(commented(text), 30), Buffer.alloc(0)])], {
        syntax: syntaxes.jpegBaseline,
      });
    await expectPixels(build(label), build(blank));
  });

  it('of a code stream that the Extended Offset Table finds', async () => {
    const frame = commented(label);
    const table = Buffer.alloc(16);
    table.writeBigUInt64LE(BigInt(frame.length + 8), 8);
    const lengths = Buffer.alloc(16);
    lengths.writeBigUInt64LE(BigInt(frame.length), 0);
    lengths.writeBigUInt64LE(BigInt(frame.length), 8);
    const tables = [el('ExtendedOffsetTable', table), el('ExtendedOffsetTableLengths', lengths)];
    const file = image([encapsulated([frame, frame])], {
      frames: 2,
      syntax: syntaxes.jpegBaseline,
      more: tables,
    });
    const { bytes } = await deidentify(file);
    const { element, parsed } = await read(bytes);
    const pixels = element('PixelData');
    for (const index of [0, 1]) {
      const offsets = element('ExtendedOffsetTable');
      assert.ok(offsets !== undefined && pixels?.fragments !== undefined);
      const offset = Number(
        Buffer.from(parsed.body.view(offsets.valueStart, offsets.valueEnd)).readBigUInt64LE(index * 8),
      );
      const first = pixels.fragments[1]?.start ?? 0;
      assert.equal(pixels.fragments[index + 1]?.start, first + offset);
    }
    assert.ok(!bytes.includes(label));
  });

  it('that belong to no frame in particular hold the object back', async () => {
    const parts = cut(rleFrame([Buffer.of(7, 1, 2, 3, 4, 5, 6, 7, 8)]), 32);
    const file = image([encapsulated([...parts, ...parts])], { frames: 3, syntax: syntaxes.rle });
    assert.equal(reasonOf(await deidentify(file)), 'UncleanablePixelData');
  });
});

describe('a basic offset table that points at no fragments', () => {
  it('is emptied, whatever it holds, and the record says so', async () => {
    const words = Array.from({ length: label.length >> 2 }, (_, index) => label.readUInt32LE(index * 4));
    for (const offsets of [words, words.slice(0, 2), [0, 17]]) {
      const build = (content: readonly number[]): Buffer =>
        image([encapsulated([jpeg(), jpeg()], content)], { frames: 2, syntax: syntaxes.jpegBaseline });
      const file = build(offsets);
      const result = await deidentify(file);
      assert.deepEqual(cleanupsOf(result), ['offset table that points at no fragments']);
      assert.deepEqual(await pixelDataOf(result.bytes), await pixelDataOf(build([])));
    }
  });
});

describe('RLE', () => {
  it('loses what stands between, behind and beyond its segments', async () => {
    const runs = (text: Uint8Array): Buffer => Buffer.concat([Buffer.of(7, 1, 2, 3, 4, 5, 6, 7, 8), text]);
    const build = (text: Uint8Array): Buffer =>
      image([encapsulated([rleFrame([runs(text), runs(text)], text)])], { bits: 16, syntax: syntaxes.rle });
    await expectPixels(build(label), build(blank));
  });
});

describe('video', () => {
  it('is one stream over all fragments', async () => {
    const build = (text: Uint8Array): Buffer => {
      const stream = Buffer.concat([
        videoUnit(0xb3, Buffer.of(1, 2)),
        videoUnit(0xb2, text),
        videoUnit(1, Buffer.of(0x9a, 0x80)),
      ]);
      return image([encapsulated(cut(stream, 20))], { frames: 9, syntax: '1.2.840.10008.1.2.4.100' });
    };
    await expectPixels(build(label), build(blank));
  });
});

describe('frames that are deflated or as they are', () => {
  it('lose what stands behind them', async () => {
    const samples = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const [syntax, frame] of [
      ['1.2.840.10008.1.2.8.1', deflateRawSync(samples)],
      ['1.2.840.10008.1.2.1.98', samples],
    ] as const) {
      const build = (text: Uint8Array): Buffer =>
        image([encapsulated([Buffer.concat([frame, text])])], { syntax });
      await expectPixels(build(label), build(blank));
    }
  });
});

describe('native pixel data', () => {
  const samples = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]);

  it('of no size, or with more than a frame behind the last, hold the object back', async () => {
    assert.equal(
      reasonOf(await deidentify(image([el('PixelData', Buffer.concat([samples, label]))]))),
      'UncleanablePixelData',
    );
    const unmeasured = dicomFile([
      el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7'),
      el('SOPInstanceUID', '1.2.3.4'),
      el('PatientID', '4711'),
      el('PixelData', label),
    ]);
    assert.equal(reasonOf(await deidentify(unmeasured)), 'UncleanablePixelData');
  });

  it('lose what stands behind the last frame', async () => {
    const build = (text: Uint8Array): Buffer => image([el('PixelData', Buffer.concat([samples, text]))]);
    const slack = label.subarray(0, 6);
    await expectPixels(build(slack), build(Buffer.alloc(slack.length)));
  });

  it('lose overlay planes in unused bits, in either byte order', async () => {
    const planes = [
      el('(6000,0010)', 2, 'US'),
      el('(6000,0011)', 4, 'US'),
      el('(6000,0040)', 'G'),
      el('(6000,0100)', 16, 'US'),
      el('(6000,0102)', 13, 'US'),
    ];
    for (const syntax of [syntaxes.implicit, syntaxes.explicit, syntaxes.bigEndian]) {
      const build = (values: readonly number[]): Buffer =>
        image([el('PixelData', values, 'OW')], { bits: 16, stored: 12, syntax, more: planes });
      const file = build([0x2fff, 0x2001, 0x0abc, 0x2000, 0, 0x0fff, 0x2fff, 1]);
      await expectPixels(file, build([0x0fff, 1, 0x0abc, 0, 0, 0x0fff, 0x0fff, 1]));
    }
  });
});

describe('overlay planes in compressed samples', () => {
  const plane = [el('(6000,0102)', 13, 'US')];
  const sixteenBits = (precision: number): Buffer => {
    const stream = jpeg();
    const at = stream.indexOf(Buffer.of(0xff, 0xc0));
    stream[at + 4] = precision;
    return stream;
  };

  it('hold the object back', async () => {
    const runs = Buffer.of(7, 1, 2, 3, 4, 5, 6, 7, 8);
    for (const [syntax, frame] of [
      [syntaxes.rle, rleFrame([runs, runs])],
      [syntaxes.jpegLossless, sixteenBits(16)],
    ] as const) {
      const file = image([encapsulated([frame])], { bits: 16, stored: 12, syntax, more: plane });
      assert.equal(reasonOf(await deidentify(file)), 'UncleanablePixelData');
    }
  });

  it('cannot be where the code stream stores fewer bits', async () => {
    const file = image([encapsulated([sixteenBits(12)])], {
      bits: 16,
      stored: 12,
      syntax: syntaxes.jpegLossless,
      more: plane,
    });
    assert.equal(reasonOf(await deidentify(file)), 'deidentified');
  });
});

describe('code streams in other places', () => {
  /** An element of undefined length with fragments. */
  const fragmentsAt = (name: string): Part => {
    const inner = encapsulated([commented(label)]);
    return (encoding) => {
      const bytes = Buffer.from(inner(encoding));
      const header = Buffer.from(rawHeader(name, 'OB', 0xffffffff)(encoding));
      return Buffer.concat([header, bytes.subarray(12)]);
    };
  };

  it('go with the icon, and hold the object back where they would stay', async () => {
    const syntax = syntaxes.jpegBaseline;
    const pixels = encapsulated([jpeg()]);
    const icon = image([sq('IconImageSequence', [[fragmentsAt('PixelData')]]), pixels], { syntax });
    const withIcon = await deidentify(icon);
    assert.equal(reasonOf(withIcon), 'deidentified');
    assert.ok(!withIcon.bytes.includes(label));
    const other = image([sq('ReferencedImageSequence', [[fragmentsAt('PixelData')]]), pixels], { syntax });
    assert.equal(reasonOf(await deidentify(other)), 'UncleanablePixelData');
  });
});

it('pixel data that a rule removes are not cleaned as well', async () => {
  const profile = {
    ...builtinProfiles.basic.spec,
    dicom: {
      ...builtinProfiles.basic.spec.dicom,
      rules: [{ match: { keyword: 'PixelData' }, action: 'remove' as const }],
    },
  };
  const file = image([encapsulated([commented(label)])], { syntax: syntaxes.jpegBaseline });
  const decision = await createEngine({ profile, key }).deidentify(residentSource(file));
  assert.equal(decision.outcome, 'deidentified');
});

it('what is no pixel data keeps its bytes', async () => {
  const file = image([el('PixelData', new Uint8Array(8)), raw(new Uint8Array(0))]);
  await expectPixels(file, file);
});
