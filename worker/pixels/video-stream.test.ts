import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ascii, patched, videoUnit } from '../../test/builders/code-streams.ts';
import { cleanH264, cleanHevc, cleanMpeg2 } from './video-stream.ts';

const label = ascii('GRUENSPECHT^MAELINA 14.08.1957');
const zeros = Buffer.alloc(label.length);
const spaces = Buffer.alloc(label.length, 0x20);
const coded = Buffer.of(0x9a, 0x01, 0xf3, 0x80);

describe('MPEG-2', () => {
  const stream = (text: Uint8Array, behind: Uint8Array): Buffer =>
    Buffer.concat([
      videoUnit(0xb3, Buffer.of(0x16, 0x01, 0x20)),
      videoUnit(0xb2, text),
      videoUnit(0xb8, Buffer.of(0, 8, 0)),
      videoUnit(0xb2, text),
      videoUnit(0x00, Buffer.of(0, 0x10)),
      videoUnit(0xb5, Buffer.of(0x8f)),
      videoUnit(0xb2, text),
      videoUnit(0x01, coded),
      videoUnit(0xaf, coded),
      videoUnit(0xb7, behind),
    ]);

  it('user data of sequence, group and picture go, and what follows the end', () => {
    const labelled = stream(label, label);
    assert.deepEqual(patched(labelled, cleanMpeg2(labelled)), stream(zeros, zeros));
  });

  it('a program stream is refused: user data may be cut in two by a packet', () => {
    const packets = Buffer.concat([
      videoUnit(0xba, Buffer.alloc(10)),
      videoUnit(0xe0, coded),
      stream(label, zeros),
    ]);
    assert.equal(cleanMpeg2(packets), undefined);
  });

  it('reserved units, other containers and text behind the last slice are refused', () => {
    assert.equal(cleanMpeg2(Buffer.concat([stream(zeros, zeros), videoUnit(0xb0, label)])), undefined);
    assert.equal(cleanMpeg2(Buffer.concat([Buffer.of(0x47), stream(zeros, zeros)])), undefined);
    assert.equal(cleanMpeg2(Buffer.concat([videoUnit(0x01, coded), label])), undefined);
    assert.equal(cleanMpeg2(new Uint8Array(0)), undefined);
  });
});

/** A supplemental message: type and size below 255, then the payload. */
const message = (type: number, payload: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(type, payload.length), payload]);
const uuid = Buffer.from(Array.from({ length: 16 }, (_, index) => 0xa0 + index));
const uuidBlank = Buffer.alloc(16, 0x20);

interface Codec {
  readonly name: string;
  readonly clean: typeof cleanH264;
  /** Headers of a supplemental unit, of a picture, of a unit of no known kind, of the end of the stream. */
  readonly supplemental: Buffer;
  readonly picture: Buffer;
  readonly unknown: Buffer;
  readonly end: Buffer;
}

const codecs: readonly Codec[] = [
  {
    name: 'H.264',
    clean: cleanH264,
    supplemental: Buffer.of(6),
    picture: Buffer.of(0x65),
    unknown: Buffer.of(24),
    end: Buffer.of(11),
  },
  {
    name: 'HEVC',
    clean: cleanHevc,
    supplemental: Buffer.of(39 << 1, 1),
    picture: Buffer.of(19 << 1, 1),
    unknown: Buffer.of(48 << 1, 1),
    end: Buffer.of(37 << 1, 1),
  },
];

for (const { name, clean, supplemental, picture, unknown, end } of codecs) {
  const withMessages = (...messages: readonly Uint8Array[]): Buffer =>
    Buffer.concat([
      videoUnit(supplemental, ...messages, 0x80),
      // A start code of four bytes.
      Buffer.of(0),
      videoUnit(picture, coded),
    ]);
  const expectCleaned = (stream: Buffer, expected: Buffer): void =>
    assert.deepEqual(patched(stream, clean(stream)), expected);

  describe(name, () => {
    it('user data go, registered and unregistered, and the stop bit stays', () => {
      expectCleaned(
        withMessages(message(5, Buffer.concat([uuid, label])), message(4, label)),
        withMessages(message(5, Buffer.concat([uuidBlank, spaces])), message(4, spaces)),
      );
    });

    it('user data go behind other messages of the same unit', () => {
      const timing = message(1, Buffer.of(0x12, 0x34));
      expectCleaned(
        withMessages(timing, message(5, Buffer.concat([uuid, label])), timing),
        withMessages(timing, message(5, Buffer.concat([uuidBlank, spaces])), timing),
      );
    });

    it('messages of types that nobody knows go', () => {
      expectCleaned(
        withMessages(Buffer.concat([Buffer.of(0xff, 40, label.length), label])),
        withMessages(Buffer.concat([Buffer.of(0xff, 40, label.length), spaces])),
      );
    });

    it('a long message says its size in several bytes', () => {
      const text = Buffer.concat(new Array<Buffer>(12).fill(label));
      const long = (payload: Buffer): Buffer =>
        Buffer.concat([Buffer.of(4, 0xff, payload.length - 255), payload]);
      expectCleaned(withMessages(long(text)), withMessages(long(Buffer.alloc(text.length, 0x20))));
    });

    it('stuffed bytes stay where they are, so that sizes stay true', () => {
      const stuffed = Buffer.of(0, 0, 3, 0);
      const tail = Buffer.of(0, 0, 3);
      const build = (text: Buffer, one: number): Buffer =>
        withMessages(
          Buffer.of(4, label.length * 2 + 6),
          text,
          Buffer.of(0, 0, 3, one),
          text,
          stuffed.subarray(0, 1),
          tail,
          message(1, Buffer.of(1)),
        );
      // In: text, 0 0 [3] 0, text, 0 0 0 [3]; out: the zeros before a stuffed byte stay.
      const stream = build(label, 0);
      const out = patched(stream, clean(stream));
      assert.ok(!out.includes(label));
      assert.deepEqual(clean(out), [], 'read again, the messages are where they were');
    });

    it('text behind the end of the stream and in units of no known kind goes', () => {
      const build = (inUnit: Uint8Array, behind: Uint8Array): Buffer =>
        Buffer.concat([
          videoUnit(picture, coded),
          videoUnit(unknown, inUnit),
          Buffer.of(0),
          videoUnit(end, behind),
        ]);
      expectCleaned(build(label, label), build(spaces, zeros));
    });

    it('an encoder may sign its stream, and nobody else in its name', () => {
      const signature = ascii(
        'x264 - core 155 r2917 0a84d98 - H.264/MPEG-4 AVC codec - Copyleft 2003-2018 - http://www.videolan.org/x264.html - options: cabac=1 me=hex deblock=1:0:0\0',
      );
      const signed = withMessages(message(5, Buffer.concat([uuid, signature])));
      assert.deepEqual(clean(signed), []);
      const forged = withMessages(message(5, Buffer.concat([uuid, ascii('x264 - core 155 '), label])));
      assert.ok(!patched(forged, clean(forged)).includes(label));
    });

    it('messages whose sizes do not add up, and text behind the last picture, are refused', () => {
      assert.equal(clean(withMessages(Buffer.of(5, 200), label)), undefined);
      assert.equal(clean(videoUnit(supplemental, 5)), undefined);
      assert.equal(clean(videoUnit(picture, coded, label)), undefined);
      assert.equal(clean(Buffer.concat([ascii('ftyp'), videoUnit(picture, coded)])), undefined);
    });
  });
}
