/** Each kind of code stream is walked to its end, shows where text may hide, and never brings the reader down. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import {
  ascii,
  box,
  j2kCodestream,
  j2kComment,
  j2kTilePart,
  jpeg,
  jpegSegment,
  rleFrame,
  videoUnit,
} from '../../../test/builders/code-streams.ts';
import { isFreeOfText } from './free-range.ts';
import { codeStreamKind } from './walk.ts';

const label = ascii('GRUENSPECHT^MAELINA 14.08.1957');
const pixels = Buffer.of(1, 2, 3, 4, 5, 6, 7, 8);
const frame = { bytes: 8, planes: { count: 1, bytesEach: 8 } };
const run = Buffer.concat([Buffer.of(7), pixels]);
const jxl = [box('JXL ', Buffer.of(0x0d, 0x0a, 0x87, 0x0a)), box('jxlc', Buffer.of(0xff, 0x0a, 0x41, 0x99))];
const tile = j2kTilePart([], Buffer.of(0xc7, 0x12));

/** By transfer syntax: a stream that holds no text, and the same with text in each place where it can hide. */
const streams: Readonly<Record<string, { sound: Buffer; withText: readonly Buffer[] }>> = {
  '4.50': {
    sound: jpeg(),
    withText: [jpeg([jpegSegment(0xfe, label)]), jpeg([jpegSegment(0xe1, label)]), jpeg([], label)],
  },
  '4.80': { sound: jpeg(), withText: [jpeg([jpegSegment(0xe8, label)]), jpeg([], label)] },
  '4.90': {
    sound: j2kCodestream([], [tile]),
    withText: [
      j2kCodestream([j2kComment(label.toString('latin1'))], [tile]),
      j2kCodestream([], [tile], label),
      Buffer.concat([
        box('jP  ', Buffer.of(13, 10, 0x87, 10)),
        box('xml ', label),
        box('jp2c', j2kCodestream([], [tile])),
      ]),
    ],
  },
  '4.110': { sound: Buffer.concat(jxl), withText: [Buffer.concat([...jxl, box('Exif', label)])] },
  '5': {
    sound: rleFrame([run]),
    withText: [rleFrame([Buffer.concat([run, label])]), rleFrame([run], label)],
  },
  '8.1': { sound: deflateRawSync(pixels), withText: [Buffer.concat([deflateRawSync(pixels), label])] },
  '1.98': { sound: pixels, withText: [Buffer.concat([pixels, label])] },
  '4.100': {
    sound: videoUnit(0xb3, 1, 2),
    withText: [Buffer.concat([videoUnit(0xb3, 1, 2), videoUnit(0xb2, label)])],
  },
  '4.102': {
    sound: videoUnit(0x65, 1, 2),
    withText: [Buffer.concat([videoUnit(0x06, 5, 30, label, 0x80), videoUnit(0x65, 1, 2)])],
  },
  '4.107': {
    sound: videoUnit(0x26, 1, 2),
    withText: [Buffer.concat([videoUnit(0x4e, 1, 5, 30, label, 0x80), videoUnit(0x26, 1, 2)])],
  },
};

for (const [suffix, { sound, withText }] of Object.entries(streams)) {
  const kind = codeStreamKind(`1.2.840.10008.1.2.${suffix}`) ?? assert.fail(suffix);
  const isFree = (stream: Buffer): boolean =>
    (kind.walk(stream, frame) ?? assert.fail('cannot be walked')).every((range) =>
      isFreeOfText(stream, range),
    );

  describe(`code streams of 1.2.840.10008.1.2.${suffix}`, () => {
    it('are walked where they are sound', () => assert.ok(isFree(sound)));

    it('show the text that they hide', () => {
      for (const stream of withText) assert.ok(!isFree(stream));
    });

    it('are refused or walked whatever they hold', () => {
      const seeds = [sound, ...withText];
      fc.assert(
        fc.property(
          fc.nat(seeds.length - 1),
          fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }),
          fc.nat(200),
          (index, changes, cut) => {
            const stream = Buffer.from((seeds[index] ?? sound).subarray(0, Math.max(2, 200 - cut)));
            for (const [at, byte] of changes) if (at < stream.length) stream[at] = byte;
            const free = kind.walk(stream, frame) ?? [];
            for (const { start, end } of free) assert.ok(start >= 0 && end <= stream.length);
          },
        ),
      );
    });
  });
}

it('signatures of encoders may stand in comments', () => {
  const stream = jpeg([jpegSegment(0xfe, ascii('CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90'))]);
  const free = codeStreamKind('1.2.840.10008.1.2.4.50')?.walk(stream, frame) ?? [];
  assert.ok(free.length > 0 && free.every((range) => isFreeOfText(stream, range)));
});
