import assert from 'node:assert/strict';
import { it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { ascii, patched } from '../../test/builders/code-streams.ts';
import { cleanDeflatedFrame } from './deflated-frame.ts';

const label = ascii('GRUENSPECHT^MAELINA 14.08.1957');
const frame = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) & 0xff));
const deflated = deflateRawSync(frame);

it('text behind a deflated frame goes', () => {
  const stream = Buffer.concat([deflated, label]);
  assert.deepEqual(
    patched(stream, cleanDeflatedFrame(stream, frame.length)),
    Buffer.concat([deflated, Buffer.alloc(label.length)]),
  );
});

it('one pad byte is left alone', () => {
  assert.deepEqual(cleanDeflatedFrame(Buffer.concat([deflated, Buffer.of(0)]), frame.length), []);
});

it('a frame of another size, a bomb and other bytes are refused', () => {
  assert.equal(cleanDeflatedFrame(deflated, frame.length - 2), undefined);
  assert.equal(cleanDeflatedFrame(deflated, frame.length + 2), undefined);
  assert.equal(cleanDeflatedFrame(deflateRawSync(Buffer.alloc(64 << 20)), frame.length), undefined);
  assert.equal(cleanDeflatedFrame(deflated.subarray(0, -5), frame.length), undefined);
  assert.equal(cleanDeflatedFrame(label, frame.length), undefined);
});
