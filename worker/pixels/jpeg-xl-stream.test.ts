import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ascii, box, patched } from '../../test/builders/code-streams.ts';
import { cleanJpegXl } from './jpeg-xl-stream.ts';

const label = ascii('GRUENSPECHT^MAELINA 14.08.1957');
const codestream = Buffer.of(0xff, 0x0a, 0x41, 0x42, 0x43, 0xf0, 0x10, 0x7f, 0x80, 0x99, 0x01);
const start = Buffer.concat([
  box('JXL ', Buffer.of(0x0d, 0x0a, 0x87, 0x0a)),
  box('ftyp', ascii('jxl \0\0\0\0jxl ')),
]);

describe('text around JPEG XL', () => {
  it('goes from every box that holds no image, and the box becomes free space', () => {
    for (const type of ['Exif', 'xml ', 'jumb', 'brob', 'jbrd', 'uuid', 'GRUE']) {
      const stream = Buffer.concat([start, box(type, label), box('jxlc', codestream)]);
      const expected = Buffer.concat([
        start,
        box('free', Buffer.alloc(label.length)),
        box('jxlc', codestream),
      ]);
      assert.deepEqual(patched(stream, cleanJpegXl(stream)), expected, type);
    }
  });

  it('goes from boxes behind and between the parts of the image', () => {
    const build = (type: string, text: Uint8Array): Buffer =>
      Buffer.concat([
        start,
        box('jxlp', Buffer.concat([Buffer.alloc(4), codestream])),
        box(type, text, 'long'),
        box('jxlp', Buffer.concat([Buffer.of(0x80, 0, 0, 1), codestream])),
        box(type, text, 'open'),
      ]);
    const stream = build('xml ', label);
    assert.deepEqual(patched(stream, cleanJpegXl(stream)), build('free', Buffer.alloc(label.length)));
  });

  it('a code stream alone is left as it is', () => {
    assert.deepEqual(cleanJpegXl(codestream), []);
    assert.deepEqual(cleanJpegXl(Buffer.concat([start, box('jxlc', codestream)])), []);
  });
});

it('JPEG XL that is not understood, or ends in text, is refused', () => {
  const cases: Readonly<Record<string, Uint8Array>> = {
    'other bytes': label,
    empty: new Uint8Array(0),
    'boxes without an image': start,
    'text behind a bare code stream': Buffer.concat([codestream, label]),
    'text and zeros behind a bare code stream': Buffer.concat([codestream, label, Buffer.alloc(9)]),
    'text behind a code stream in a box': Buffer.concat([
      start,
      box('jxlc', Buffer.concat([codestream, label])),
    ]),
    'text behind the boxes': Buffer.concat([start, box('jxlc', codestream), label]),
  };
  for (const [name, stream] of Object.entries(cases)) assert.equal(cleanJpegXl(stream), undefined, name);
});
