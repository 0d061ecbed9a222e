/** Objects of gigabytes take no more memory than small ones. No such object exists: their bytes are made as they are read. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ByteSource } from '../../worker/bytes/byte-source.ts';
import { ascii, jpeg, jpegSegment } from '../builders/code-streams.ts';
import { dicomFile, el, rawHeader, syntaxes } from '../builders/dicom.ts';
import { engines } from './support/deidentify.ts';

const mebibyte = 1024 * 1024;
const label = ascii('GRUENSPECHT^MAELINA 14.08.1957');

const identity = [
  el('SOPClassUID', '1.2.840.10008.5.1.4.1.1.7.2'),
  el('SOPInstanceUID', '1.2.3.4'),
  el('PatientName', 'Quast^Anna'),
  el('PatientID', '4711'),
];

/** A head, then one part over and over, then a tail. Counts the bytes that are read and the most memory seen. */
function repeating(head: Buffer, part: Buffer, times: number, tail: Buffer) {
  const bodyEnd = head.length + part.length * times;
  const seen = { arrayBuffers: 0, longestRead: 0, reads: 0 };
  const source: ByteSource = {
    size: bodyEnd + tail.length,
    read: async (offset, length) => {
      const bytes = Buffer.alloc(length);
      let at = 0;
      while (at < length) {
        const place = offset + at;
        const [piece, from] =
          place < head.length
            ? [head, place]
            : place < bodyEnd
              ? [part, (place - head.length) % part.length]
              : [tail, place - bodyEnd];
        at += piece.copy(bytes, at, from);
      }
      seen.reads += 1;
      seen.longestRead = Math.max(seen.longestRead, length);
      seen.arrayBuffers = Math.max(seen.arrayBuffers, process.memoryUsage().arrayBuffers);
      return bytes;
    },
  };
  return { source, seen };
}

const item = (length: number): Buffer => {
  const header = Buffer.from('feff00e000000000', 'hex');
  header.writeUInt32LE(length, 4);
  return header;
};

/** A square image of that many equal JPEG frames, a fragment each. */
function compressedFrames(frame: Buffer, frames: number, side: number) {
  const padded = Buffer.concat([frame, Buffer.alloc(frame.length & 1)]);
  const head = dicomFile(
    [
      ...identity,
      el('NumberOfFrames', String(frames)),
      el('SamplesPerPixel', 1),
      el('Rows', side),
      el('Columns', side),
      el('BitsAllocated', 8),
      rawHeader('PixelData', 'OB', 0xffffffff),
      () => item(0),
    ],
    { transferSyntax: syntaxes.jpegBaseline },
  );
  const part = Buffer.concat([item(padded.length), padded]);
  return repeating(head, part, frames, Buffer.from('feffdde000000000', 'hex'));
}

it('two gigabytes of compressed frames with text in each', async () => {
  // Half of each fragment is slack, so that what overwrites it counts too.
  const image = jpeg([jpegSegment(0xfe, label)], Buffer.concat([label, Buffer.alloc(mebibyte / 2, 0x41)]));
  const scan = image.length - mebibyte / 2 - label.length;
  const frame = Buffer.concat([
    image.subarray(0, scan - 2),
    Buffer.alloc(mebibyte / 2, 0x33),
    image.subarray(scan - 2),
  ]);
  const frames = 2000;
  const { source, seen } = compressedFrames(frame, frames, 2048);
  const before = process.memoryUsage().arrayBuffers;
  const decision = await engines.basic.deidentify(source);
  assert.equal(decision.outcome, 'deidentified');
  assert.ok('output' in decision);
  assert.ok(seen.longestRead <= 2 * mebibyte, `a read of ${seen.longestRead} bytes`);
  assert.ok(seen.arrayBuffers - before < 512 * mebibyte, `${seen.arrayBuffers - before} bytes in memory`);
  let written = 0;
  for await (const chunk of decision.output.chunks()) {
    written += chunk.length;
    assert.ok(chunk.length <= 8 * mebibyte);
    assert.ok(!Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).includes(label));
    if (written > 64 * mebibyte) break;
  }
});

it('two gigabytes that call themselves deflated are refused unread', async () => {
  const head = dicomFile([], { transferSyntax: syntaxes.deflated });
  const { source, seen } = repeating(head, Buffer.alloc(mebibyte, 0x55), 2048, Buffer.alloc(0));
  const decision = await engines.basic.deidentify(source);
  assert.deepEqual([decision.outcome, 'reason' in decision && decision.reason], ['rejected', 'TooLarge']);
  assert.ok(seen.longestRead <= mebibyte);
});

it('a hundred thousand fragments are walked in small reads', async () => {
  const frames = 100_000;
  const frame = jpeg();
  const { source, seen } = compressedFrames(frame, frames, 8);
  const before = process.memoryUsage().arrayBuffers;
  const decision = await engines.basic.deidentify(source);
  assert.equal(decision.outcome, 'deidentified');
  assert.ok(seen.arrayBuffers - before < 256 * mebibyte);
});
