import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ascii,
  box,
  j2kCodestream,
  j2kComment,
  j2kSegment,
  j2kTilePart,
  patched,
} from '../../test/builders/code-streams.ts';
import { cleanJpeg2000, jpeg2000Precision } from './jpeg2000-stream.ts';

const label = 'GRUENSPECHT^MAELINA 14.08.1957';
const blank = '\0'.repeat(label.length);
/** Packet data with bytes in them that look like a comment marker and like the end. */
const data = Buffer.of(0xc7, 0xff, 0x64, 0x00, 0x04, 0x41, 0xff, 0x4f, 0x12);
const cleaned = (stream: Uint8Array): Buffer => patched(stream, cleanJpeg2000(stream));

function expectCleaned(build: (text: string) => Buffer): void {
  assert.deepEqual(cleaned(build(label)), build(blank));
}

describe('text in JPEG 2000 code streams', () => {
  it('goes from comments in the main header and in tile-part headers', () => {
    expectCleaned((text) =>
      j2kCodestream(
        [j2kComment(text), j2kComment(text)],
        [j2kTilePart([j2kComment(text)], data), j2kTilePart([j2kComment(text)], data)],
      ),
    );
  });

  it('goes from binary comments too', () => {
    expectCleaned((text) =>
      j2kCodestream(
        [j2kSegment(0xff64, Buffer.concat([Buffer.of(0, 0), ascii(text)]))],
        [j2kTilePart([], data)],
      ),
    );
  });

  it('goes from behind the end of the code stream', () => {
    expectCleaned((text) => j2kCodestream([], [j2kTilePart([], data)], ascii(text)));
  });

  it('goes although the last tile-part does not say its length', () => {
    expectCleaned((text) =>
      j2kCodestream([j2kComment(text)], [j2kTilePart([], data), j2kTilePart([], data, 0)], ascii(text)),
    );
  });

  it('leaves tile data alone, whatever they look like', () => {
    assert.deepEqual(cleanJpeg2000(j2kCodestream([], [j2kTilePart([], data)])), []);
  });

  it('lets an encoder sign its stream', () => {
    for (const text of ['Kakadu-v7.10.2', 'Created by OpenJPEG version 2.5.0', 'OpenJPH Ver 0.9.0.']) {
      assert.deepEqual(cleanJpeg2000(j2kCodestream([j2kComment(text)], [j2kTilePart([], data)])), [], text);
    }
    const forged = j2kCodestream([j2kComment('Kakadu-v7 QUAST')], [j2kTilePart([], data)]);
    assert.ok(!cleaned(forged).includes('QUAST'));
  });
});

describe('text in boxes around JPEG 2000', () => {
  const signature = box('jP  ', Buffer.of(0x0d, 0x0a, 0x87, 0x0a));
  const type = box('ftyp', ascii('jp2 \0\0\0\0jp2 '));
  const imageHeader = box('ihdr', Buffer.alloc(14, 1));
  const colour = box('colr', Buffer.of(1, 0, 0, 0, 0, 0, 16));

  it('goes from all boxes but those that describe the image', () => {
    expectCleaned((text) =>
      Buffer.concat([
        signature,
        type,
        box('xml ', ascii(text)),
        box('jp2h', Buffer.concat([imageHeader, colour, box('xml ', ascii(text)), box('lbl ', ascii(text))])),
        box('uuid', ascii(text), 'long'),
        box('uinf', ascii(text)),
        box('jp2i', ascii(text)),
        box('jp2c', j2kCodestream([j2kComment(text)], [j2kTilePart([], data)], ascii(text))),
        box('asoc', ascii(text)),
      ]),
    );
  });

  it('goes from behind a code stream whose box reaches to the end', () => {
    expectCleaned((text) =>
      Buffer.concat([
        signature,
        type,
        box('jp2h', imageHeader),
        box('jp2c', j2kCodestream([], [j2kTilePart([], data, 0)], ascii(text)), 'open'),
      ]),
    );
  });

  it('boxes without a code stream, or with other bytes for one, are refused', () => {
    assert.equal(cleanJpeg2000(Buffer.concat([signature, type])), undefined);
    assert.equal(cleanJpeg2000(Buffer.concat([signature, type, box('jp2c', ascii(label))])), undefined);
    assert.equal(
      cleanJpeg2000(Buffer.concat([signature, box('jp2h', ascii(label)), box('jp2c', data)])),
      undefined,
    );
  });
});

describe('JPEG 2000 streams that cannot be followed', () => {
  it('are refused', () => {
    const tile = j2kTilePart([], data);
    const cases: Readonly<Record<string, Uint8Array>> = {
      'other bytes': ascii(label),
      empty: new Uint8Array(0),
      'no tile-part': j2kCodestream([j2kComment(label)], []).subarray(0, -2),
      'a tile-part longer than the stream': j2kCodestream([], [j2kTilePart([], data, 10_000)]),
      'a tile-part shorter than its header': j2kCodestream([], [j2kTilePart([], data, 3)]),
      'cut inside a comment': j2kCodestream([j2kComment(label)], [tile]).subarray(0, 60),
      'a segment length below two': j2kCodestream([Buffer.of(0xff, 0x64, 0, 1)], [tile]),
      'bytes between tile-parts': j2kCodestream([], [tile, ascii(label), tile]),
      'no end, and text in its place': Buffer.concat([
        j2kCodestream([], [j2kTilePart([], data, 0)]).subarray(0, -2),
        ascii(label),
      ]),
    };
    for (const [name, stream] of Object.entries(cases)) {
      assert.equal(cleanJpeg2000(stream), undefined, name);
    }
  });

  it('a missing end marker is no reason to refuse', () => {
    const stream = j2kCodestream([j2kComment(label)], [j2kTilePart([], data)]).subarray(0, -2);
    assert.ok(!cleaned(stream).includes(label));
  });
});

it('the bits of a sample stand in the SIZ segment', () => {
  const size = Buffer.alloc(39);
  size[36] = 0x80 | 11;
  const stream = Buffer.concat([Buffer.of(0xff, 0x4f), j2kSegment(0xff51, size)]);
  assert.equal(jpeg2000Precision(stream), 12);
  assert.equal(jpeg2000Precision(box('jP  ', stream)), undefined);
});
