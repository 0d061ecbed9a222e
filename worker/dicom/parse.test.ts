import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  dicomFile,
  el,
  encapsulated,
  type LengthForms,
  type Part,
  raw,
  rawHeader,
  sq,
  syntaxes,
  unSequence,
} from '../../test/builders/dicom.ts';
import { type ByteSource, residentSource } from '../bytes/byte-source.ts';
import { outputRuns, residentChunks } from '../bytes/output-runs.ts';
import { DicomError } from './dicom-error.ts';
import type { DataSet } from './element.ts';
import { fixLengths } from './fix-lengths.ts';
import { type ParsedObject, parseObject } from './parse.ts';
import { defaultLimits } from './parse-limits.ts';
import { formatTag } from './tag.ts';

const identity = [el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7'), el('SOPInstanceUID', '1.2.3')];

function outline(dataSet: DataSet): unknown {
  return dataSet.elements.map(({ tag, vr, items, fragments }) => [
    formatTag(tag),
    vr,
    ...(items === undefined ? [] : [items.map((item) => outline(item.dataSet))]),
    ...(fragments === undefined ? [] : [fragments.length]),
  ]);
}

async function rejects(bytes: Uint8Array, code: string): Promise<void> {
  await assert.rejects(
    parseObject(residentSource(bytes)),
    (error) => error instanceof DicomError && error.code === code,
  );
}

/** The data set as an empty edit list writes it. */
function passedThrough(parsed: ParsedObject): Buffer {
  const runs = outputRuns(fixLengths(parsed.dataSet, []), parsed.dataSetStart, parsed.dataSetEnd);
  return Buffer.concat(residentChunks(runs, parsed.bodySource.resident ?? new Uint8Array(0)));
}

const nested = [
  ...identity,
  sq('ReferencedStudySequence', [
    [el('ReferencedSOPInstanceUID', '1.2.4'), sq('ReferencedSeriesSequence', [[el('Modality', 'CT')], []])],
  ]),
];

describe('parsing a data set', () => {
  for (const [name, transferSyntax] of Object.entries({
    'implicit little endian': syntaxes.implicit,
    'explicit little endian': syntaxes.explicit,
    'explicit big endian': syntaxes.bigEndian,
    deflated: syntaxes.deflated,
  })) {
    it(`reads ${name}, nested`, async () => {
      const parsed = await parseObject(residentSource(dicomFile(nested, { transferSyntax })));
      assert.deepEqual(outline(parsed.dataSet), [
        ['(0008,0016)', 'UI'],
        ['(0008,0018)', 'UI'],
        [
          '(0008,1110)',
          'SQ',
          [
            [
              ['(0008,1155)', 'UI'],
              ['(0008,1115)', 'SQ', [[['(0008,0060)', 'CS']], []]],
            ],
          ],
        ],
      ]);
    });
  }

  for (const forms of [
    {},
    { sequence: 'undefined' },
    { items: 'undefined' },
    { sequence: 'undefined', items: 'undefined' },
  ] satisfies LengthForms[]) {
    it(`enters a sequence in UN, lengths ${JSON.stringify(forms)}`, async () => {
      const file = dicomFile([...identity, unSequence('(0029,1010)', [[el('PatientName', 'A^B')]], forms)]);
      const { dataSet } = await parseObject(residentSource(file));
      assert.deepEqual((outline(dataSet) as readonly unknown[])[2], [
        '(0029,1010)',
        'SQ',
        [[['(0010,0010)', 'PN']]],
      ]);
      assert.equal(dataSet.elements[2]?.items?.[0]?.dataSet.encoding.explicit, false);
    });
  }

  it('leaves bytes that only begin like a sequence opaque', async () => {
    const value = Buffer.concat([Buffer.from([0xfe, 0xff, 0x00, 0xe0, 4, 0, 0, 0]), Buffer.alloc(9, 0x41)]);
    const { dataSet } = await parseObject(
      residentSource(dicomFile([...identity, el('(0029,1010)', value, 'UN')])),
    );
    assert.equal(dataSet.elements[2]?.vr, 'UN');
    assert.equal(dataSet.elements[2]?.items, undefined);
  });

  it('reads elements behind encapsulated Pixel Data', async () => {
    const file = dicomFile(
      [
        ...identity,
        encapsulated([Buffer.alloc(6), Buffer.alloc(4)]),
        el('DataSetTrailingPadding', Buffer.alloc(4)),
      ],
      { transferSyntax: syntaxes.jpegBaseline },
    );
    const { dataSet } = await parseObject(residentSource(file));
    assert.deepEqual((outline(dataSet) as unknown[]).slice(2), [
      ['(7FE0,0010)', 'OB', 3],
      ['(FFFC,FFFC)', 'OB'],
    ]);
  });

  it('reads files without preamble, and without any header', async () => {
    for (const options of [{ preamble: 'none' }, { preamble: 'none', meta: 'none' }] as const) {
      for (const transferSyntax of [syntaxes.implicit, syntaxes.explicit, syntaxes.bigEndian]) {
        if (options.meta === undefined && transferSyntax === syntaxes.bigEndian) continue;
        const parsed = await parseObject(residentSource(dicomFile(nested, { ...options, transferSyntax })));
        assert.equal(parsed.dataSet.elements.length, 3);
        assert.equal(parsed.transferSyntax.uid, transferSyntax);
      }
    }
  });

  it('leaves out what stands behind Pixel Data and is no element', async () => {
    const parts = [...identity, el('PixelData', Buffer.alloc(8), 'OW')];
    const parsed = await parseObject(
      residentSource(dicomFile(parts, { trailing: Buffer.from('JANE DOE was here') })),
    );
    assert.equal(parsed.dataSetEnd, dicomFile(parts).length);
  });
});

describe('hostile objects end with a code', () => {
  it('empty, random, text, cut', async () => {
    await rejects(new Uint8Array(0), 'Empty');
    await rejects(Buffer.from('Patient: nobody. '.repeat(40)), 'NotDicom');
    await rejects(Buffer.alloc(512, 0xa5), 'NotDicom');
    await rejects(dicomFile(nested).subarray(0, -3), 'Truncated');
  });

  it('lengths past the end, of elements, sequences and items', async () => {
    await rejects(dicomFile([...identity, rawHeader('PatientName', 'PN', 900)]), 'Truncated');
    await rejects(dicomFile([...identity, rawHeader('PixelData', 'OW', 0xfffffff0)]), 'Truncated');
    await rejects(
      dicomFile([...identity, rawHeader('ReferencedStudySequence', 'SQ', 0xffffffff)]),
      'Truncated',
    );
  });

  it('an undefined length where none may be', async () => {
    await rejects(
      dicomFile([...identity, rawHeader('EncapsulatedDocument', 'UT' as 'OB', 0xffffffff)]),
      'Malformed',
    );
  });

  it('a VR that is none', async () => {
    await rejects(
      dicomFile([...identity, raw(Buffer.from([0x10, 0, 0x10, 0, 0x51, 0x51, 2, 0, 0x41, 0x41]))]),
      'Malformed',
    );
  });

  it('4,000 levels of nesting', async () => {
    let part: Part = sq('ReferencedStudySequence', []);
    for (let depth = 0; depth < 200; depth++) part = sq('ReferencedStudySequence', [[part]]);
    await rejects(dicomFile([...identity, part]), 'NestingTooDeep');
    const open = Array.from({ length: 4000 }, () => [
      rawHeader('ReferencedStudySequence', 'SQ', 0xffffffff),
      raw(Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff])),
    ]).flat();
    await rejects(dicomFile([...identity, ...open]), 'NestingTooDeep');
  });

  it('a deflate bomb', async () => {
    const file = dicomFile([...identity, el('PixelData', Buffer.alloc(3_000_000), 'OW')], {
      transferSyntax: syntaxes.deflated,
    });
    await assert.rejects(
      parseObject(residentSource(file), { ...defaultLimits, inflatedBytes: 1_000_000 }),
      (error) => error instanceof DicomError && error.code === 'TooLarge',
    );
  });

  it('no mutation of a sound file does anything else than parse or end with a code', async () => {
    const sound = dicomFile(
      [
        ...nested,
        el('PatientName', 'A^B'),
        unSequence('(0029,1010)', [[el('PatientID', '1')]]),
        encapsulated([Buffer.alloc(6)]),
      ],
      { transferSyntax: syntaxes.jpegBaseline },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(sound.length),
        async (changes, cut) => {
          const bytes = Buffer.from(sound.subarray(0, cut < 40 ? sound.length : cut));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          try {
            await parseObject(residentSource(bytes));
          } catch (error) {
            assert.ok(error instanceof DicomError, String(error));
          }
        },
      ),
      { numRuns: 800, seed: 20261124 },
    );
  });
});

/** Trees of sequences with every length form, and elements of odd kinds. */
const parts: fc.Memo<Part> = fc.memo((depth) =>
  depth <= 1
    ? fc.oneof(
        fc.constant(el('PatientName', 'Doe^Jane')),
        fc.constant(el('(0009,0010)', 'MAKER', 'LO')),
        fc.uint8Array({ maxLength: 20 }).map((bytes) => el('(0009,1001)', bytes, 'OB')),
        fc.string({ maxLength: 10 }).map((text) => el('PatientComments', text)),
      )
    : fc
        .tuple(
          fc.array(fc.array(parts(), { maxLength: 3 }), { maxLength: 3 }),
          fc.constantFrom<'defined' | 'undefined'>('defined', 'undefined'),
          fc.constantFrom<'defined' | 'undefined'>('defined', 'undefined'),
          fc.boolean(),
        )
        .map(([items, sequence, itemForm, hidden]) =>
          (hidden ? unSequence : sq)('(0011,1001)', items, { sequence, items: itemForm }),
        ),
);

describe('an empty edit list', () => {
  it('gives back the data set byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(parts(4), { maxLength: 6 }),
        fc.constantFrom(syntaxes.implicit, syntaxes.explicit, syntaxes.bigEndian, syntaxes.deflated),
        async (generated, transferSyntax) => {
          const file = dicomFile([...identity, ...generated], { transferSyntax });
          const parsed = await parseObject(residentSource(file));
          const body = Buffer.from(parsed.bodySource.resident ?? file);
          assert.ok(passedThrough(parsed).equals(body.subarray(parsed.dataSetStart)));
        },
      ),
      { numRuns: 200, seed: 20261124 },
    );
  });
});

/** A source that is never resident and counts what is read of it. */
function remote(
  size: number,
  read: (offset: number, length: number) => Uint8Array,
): ByteSource & { bytesRead: number } {
  const source = {
    size,
    bytesRead: 0,
    read: async (offset: number, length: number) => {
      source.bytesRead += length;
      return read(offset, length);
    },
  };
  return source;
}

describe('parsing by windows', () => {
  it('finds the same tree as parsing the whole', async () => {
    const file = dicomFile(
      [
        ...nested,
        el('PatientName', 'A^B'),
        encapsulated([Buffer.alloc(70_000), Buffer.alloc(6)]),
        el('DataSetTrailingPadding', Buffer.alloc(4)),
      ],
      { transferSyntax: syntaxes.jpegBaseline },
    );
    const source = remote(file.length, (offset, length) => file.subarray(offset, offset + length));
    const windowed = await parseObject(source, { ...defaultLimits, wholeBytes: 0, windowBytes: 64 });
    const whole = await parseObject(residentSource(file));
    assert.deepEqual(windowed.dataSet, whole.dataSet);
  });

  it('reads little of an object of 2 GB', async () => {
    const pixels = 2 * 1024 ** 3 - 2;
    const head = dicomFile([...identity, rawHeader('PixelData', 'OW', pixels)]);
    const source = remote(head.length + pixels, (offset, length) => {
      const bytes = Buffer.alloc(length);
      if (offset < head.length) head.copy(bytes, 0, offset);
      return bytes;
    });
    const parsed = await parseObject(source);
    assert.equal(parsed.dataSetEnd, source.size);
    assert.ok(source.bytesRead < 4 * 1024 ** 2, `${source.bytesRead} bytes read`);
  });
});
