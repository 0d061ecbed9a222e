import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ascii, patched, rleFrame } from '../../test/builders/code-streams.ts';
import { cleanRle } from './rle-frame.ts';

const label = ascii('GRUENSPECHT^MAELINA 14.08.1957');
const blank = Buffer.alloc(label.length);
/** Ten bytes: four literal, a no-op, six times the same. */
const runs = Buffer.of(3, 1, 2, 3, 4, 0x80, 251, 9);
const one = { count: 1, bytesEach: 10 };
const two = { count: 2, bytesEach: 10 };

/** What a decoder makes of a segment: exactly `wanted` bytes (PS3.5 section G.3.2). */
function decoded(frame: Uint8Array, start: number, wanted: number): number[] {
  const out: number[] = [];
  for (let at = start; out.length < wanted; ) {
    const control = frame[at] ?? 0x80;
    if (control < 0x80) out.push(...frame.subarray(at + 1, at + control + 2));
    else if (control > 0x80) out.push(...new Array<number>(257 - control).fill(frame[at + 1] ?? 0));
    at += control < 0x80 ? control + 2 : control > 0x80 ? 2 : 1;
  }
  return out.slice(0, wanted);
}

describe('bytes of RLE frames that are no pixels', () => {
  const places: Readonly<Record<string, (text: Uint8Array) => Buffer>> = {
    'behind the last segment': (text) => rleFrame([runs, Buffer.concat([runs, text])]),
    'behind the first segment': (text) => rleFrame([Buffer.concat([runs, text]), runs]),
    'between header and first segment': (text) => rleFrame([runs, runs], text),
    'unused offsets': (text) => {
      const frame = rleFrame([runs, runs]);
      frame.set(text, 12);
      return frame;
    },
  };
  for (const [name, build] of Object.entries(places)) {
    it(`are zeroed: ${name}`, () => {
      const stream = build(label);
      assert.deepEqual(patched(stream, cleanRle(stream, two)), build(blank));
    });
  }

  it('are zeroed where a literal run goes on beyond the plane', () => {
    const build = (text: Uint8Array): Buffer =>
      rleFrame([Buffer.concat([Buffer.of(9 + text.length), Buffer.alloc(10, 7), text])]);
    const stream = build(label);
    assert.deepEqual(patched(stream, cleanRle(stream, one)), build(blank));
  });

  it('one pad byte of a segment is left alone', () => {
    assert.deepEqual(cleanRle(rleFrame([Buffer.concat([runs, Buffer.of(0x20)]), runs]), two), []);
  });
});

it('decoded planes stay the same, whatever the runs', () => {
  const run = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 128 }).map((bytes) => [bytes.length - 1, ...bytes]),
    fc.tuple(fc.integer({ min: 129, max: 255 }), fc.nat(255)),
    fc.constant([0x80]),
  );
  const made = (parts: readonly (readonly number[])[]): number =>
    parts.reduce((sum, [control = 0x80]) => {
      if (control === 0x80) return sum;
      return sum + (control < 0x80 ? control + 1 : 257 - control);
    }, 0);
  fc.assert(
    fc.property(
      fc.array(run, { minLength: 1, maxLength: 12 }),
      fc.nat(5),
      fc.uint8Array(),
      (parts, less, slack) => {
        const wanted = made(parts) - less;
        if (wanted < 1) return;
        const frame = rleFrame([Buffer.from([...parts.flat(), ...slack])]);
        const patches = cleanRle(frame, { count: 1, bytesEach: wanted });
        assert.deepEqual(decoded(patched(frame, patches), 64, wanted), decoded(frame, 64, wanted));
      },
    ),
  );
});

it('RLE frames that cannot be followed are refused', () => {
  const swapped = rleFrame([runs, runs]);
  swapped.writeUInt32LE(swapped.readUInt32LE(8), 4);
  swapped.writeUInt32LE(64, 8);
  const inHeader = rleFrame([runs]);
  inHeader.writeUInt32LE(8, 4);
  const cases: readonly (readonly [string, Uint8Array, typeof one])[] = [
    ['shorter than a header', Buffer.alloc(63), one],
    ['no segments', Buffer.alloc(64), one],
    [
      'more segments than there can be',
      rleFrame(new Array<Buffer>(15).fill(runs)),
      { count: 16, bytesEach: 10 },
    ],
    ['another number of segments than the pixels have', rleFrame([runs, runs]), one],
    ['a segment with too few bytes', rleFrame([runs]), { count: 1, bytesEach: 11 }],
    ['segments out of order', swapped, two],
    ['a segment inside the header', inHeader, one],
    ['a literal run that is cut', rleFrame([Buffer.of(9, 1, 2)]), one],
    ['pixels of unknown number', rleFrame([runs]), { count: 1, bytesEach: 0 }],
  ];
  for (const [name, stream, planes] of cases) assert.equal(cleanRle(stream, planes), undefined, name);
});
