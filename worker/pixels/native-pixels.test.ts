import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import {
  bitsOutside,
  frameBytes,
  maskOf,
  maskSamples,
  type PixelFacts,
  pixelBytes,
  rlePlanes,
} from './native-pixels.ts';

const facts: PixelFacts = {
  rows: 3,
  columns: 5,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  frames: 2,
  photometricInterpretation: 'MONOCHROME2',
};

it('frames are measured by samples and bits', () => {
  assert.equal(frameBytes(facts), 30);
  assert.equal(pixelBytes(facts), 60);
  assert.equal(frameBytes({ ...facts, samplesPerPixel: 3, bitsAllocated: 8 }), 45);
  assert.equal(
    frameBytes({
      ...facts,
      columns: 4,
      samplesPerPixel: 3,
      bitsAllocated: 8,
      photometricInterpretation: 'YBR_FULL_422',
    }),
    24,
  );
  assert.equal(pixelBytes({ ...facts, bitsAllocated: 1 }), 4, 'frames of one-bit pixels share bytes');
});

it('RLE planes are bytes of samples', () => {
  assert.deepEqual(rlePlanes(facts), { count: 2, bytesEach: 15 });
  assert.deepEqual(rlePlanes({ ...facts, samplesPerPixel: 3, bitsAllocated: 8 }), {
    count: 3,
    bytesEach: 15,
  });
  assert.deepEqual(rlePlanes({ ...facts, bitsAllocated: 1 }), { count: 1, bytesEach: 2 });
});

it('planes lie outside the stored bits, above or below', () => {
  assert.deepEqual(bitsOutside(facts, [0, 11, 12, 15, 16]), [12, 15]);
  assert.deepEqual(bitsOutside({ ...facts, highBit: 15 }, [0, 3, 4, 15]), [0, 3]);
  assert.deepEqual(bitsOutside(facts, []), []);
});

it('masking clears the planes, keeps every stored bit, and says where nothing changed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(0xffff), { minLength: 1 }),
      fc.subarray([12, 13, 14, 15]),
      fc.boolean(),
      (samples, planes, littleEndian) => {
        const bytes = new Uint8Array(samples.length * 2);
        const view = new DataView(bytes.buffer);
        for (const [index, sample] of samples.entries()) view.setUint16(index * 2, sample, littleEndian);
        const masked = maskSamples(bytes, maskOf(planes), 16, littleEndian);
        const after = new DataView((masked ?? bytes).buffer);
        const cleared = planes.reduce((bits, bit) => bits | (1 << bit), 0);
        for (const [index, sample] of samples.entries()) {
          assert.equal(after.getUint16(index * 2, littleEndian), sample & ~cleared);
        }
        assert.equal(
          masked === undefined,
          samples.every((sample) => (sample & cleared) === 0),
        );
      },
    ),
  );
});

it('samples of eight bits are masked likewise', () => {
  assert.deepEqual(maskSamples(Uint8Array.of(0xff, 0x8f), maskOf([7]), 8, true), Uint8Array.of(0x7f, 0x0f));
});
