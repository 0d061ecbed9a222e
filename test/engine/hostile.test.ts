/** Whatever the bytes, the engine answers with an outcome, soon and in little memory, and throws nothing. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import type { ByteSource } from '../../worker/bytes/byte-source.ts';
import {
  dicomFile,
  el,
  encapsulated,
  type Part,
  rawHeader,
  sq,
  syntaxes,
  unSequence,
} from '../builders/dicom.ts';
import { deidentify, engines } from './support/deidentify.ts';

const identity = [
  el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7'),
  el('SOPInstanceUID', '1.2.3.4'),
  el('PatientName', 'Quast^Anna'),
  el('PatientID', '4711'),
];

const rich = dicomFile([
  el('SpecificCharacterSet', 'ISO_IR 192'),
  ...identity,
  el('(0029,0010)', 'ACME 1', 'LO'),
  el('(0029,1010)', 'x', 'LO'),
  sq('ContentSequence', [[el('ValueType', 'TEXT'), el('TextValue', 'seen by Quast')]], {
    sequence: 'undefined',
  }),
  unSequence('(0029,1020)', [[el('PatientName', 'Quast^Anna')]], { items: 'undefined' }),
  el('Rows', 2),
  el('Columns', 2),
  el('BitsAllocated', 8),
  el('PixelData', new Uint8Array(4)),
]);

it('a file cut at any byte has an outcome', async () => {
  for (let end = 0; end <= rich.length; end += 1) {
    const { decision } = await deidentify(rich.subarray(0, end), 'research');
    assert.ok(decision.outcome !== 'skipped');
  }
});

it('a file with any bytes changed has an outcome, and an output has the size that it says', async () => {
  const change = fc.tuple(fc.nat(rich.length - 1), fc.constantFrom(0, 0x20, 0x5c, 0x7f, 0x80, 0xfe, 0xff));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const file = Buffer.from(rich);
      for (const [at, byte] of changes) file[at] = byte;
      const { decision, bytes } = await deidentify(file, 'research');
      if ('output' in decision) assert.equal(bytes.length, decision.output.size);
    }),
    { numRuns: 3000 },
  );
});

it('arbitrary bytes behind a sound header have an outcome', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (tail) => {
      await deidentify(dicomFile(identity, { trailing: tail }));
    }),
    { numRuns: 2000 },
  );
});

it('lengths that reach beyond the file are refused', async () => {
  for (const length of [0xfffffffe, 0x7fffffff, 0x10000]) {
    const { decision } = await deidentify(dicomFile([...identity, rawHeader('PixelData', 'OW', length)]));
    assert.equal(decision.outcome, 'rejected');
  }
});

it('nesting beyond any standard object is refused', async () => {
  let part: Part = el('PatientName', 'Quast^Anna');
  for (let depth = 0; depth < 500; depth += 1) {
    const inner = part;
    part = sq('(0054,0016)', [[inner]]);
  }
  const { decision } = await deidentify(dicomFile([...identity, part]));
  assert.deepEqual(
    [decision.outcome, 'reason' in decision && decision.reason],
    ['rejected', 'NestingTooDeep'],
  );
});

it('a data set that inflates without end is refused', async () => {
  const head = dicomFile([], { transferSyntax: syntaxes.deflated });
  const bomb = deflateRawSync(Buffer.alloc(300 * 1024 * 1024), { level: 9 });
  const { decision } = await deidentify(Buffer.concat([head.subarray(0, head.length - 2), bomb]));
  assert.equal(decision.outcome, 'rejected');
});

it('a frame that is no code stream is refused', async () => {
  const file = dicomFile(
    [
      ...identity,
      el('Rows', 8),
      el('Columns', 8),
      el('BitsAllocated', 8),
      encapsulated([Buffer.from('Quast was here  ')]),
    ],
    { transferSyntax: syntaxes.jpegBaseline },
  );
  const { decision } = await deidentify(file);
  assert.deepEqual(
    [decision.outcome, 'reason' in decision && decision.reason],
    ['rejected', 'UncleanablePixelData'],
  );
});

it('pixel data of two gigabytes take no more memory than small ones', async () => {
  const frames = 128;
  const size = 2048 * 2048 * 4 * frames;
  const head = dicomFile([
    ...identity,
    el('NumberOfFrames', String(frames)),
    el('SamplesPerPixel', 1),
    el('Rows', 2048),
    el('Columns', 2048),
    el('BitsAllocated', 32),
    rawHeader('PixelData', 'OW', size),
  ]);
  const source: ByteSource = {
    size: head.length + size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      if (offset < head.length) bytes.set(head.subarray(offset, offset + length));
      return bytes;
    },
  };
  let most = 0;
  const decision = await engines.basic.deidentify(source);
  assert.equal(decision.outcome, 'deidentified');
  assert.ok('output' in decision);
  let written = 0;
  const before = process.memoryUsage().arrayBuffers;
  for await (const chunk of decision.output.chunks()) {
    written += chunk.length;
    most = Math.max(most, chunk.length);
    if (written > 64 * 1024 * 1024) break;
  }
  assert.ok(most <= 8 * 1024 * 1024, `a chunk of ${most} bytes`);
  assert.ok(process.memoryUsage().arrayBuffers - before < 512 * 1024 * 1024);
});

it('a Modality that is no term of the standard stands in no record', async () => {
  for (const [modality, recorded] of [
    ['CT', 'CT'],
    ['GRUENSPECHT', undefined],
  ] as const) {
    const { decision } = await deidentify(dicomFile([...identity, el('Modality', modality)]));
    assert.equal('record' in decision ? decision.record.modality : 'none', recorded);
  }
});
