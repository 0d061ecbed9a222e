import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shiftUnixTime } from './unix-time.ts';

const day = 86_400;
const time = 1_395_360_000;

function bytesOf(size: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  write(new DataView(bytes.buffer));
  return bytes;
}

function text(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value, 'latin1'));
}

test('seconds move in every shape in which objects hold them', () => {
  for (const littleEndian of [true, false]) {
    const int32 = (value: number) => bytesOf(4, (view) => view.setInt32(0, value, littleEndian));
    const int64 = (value: number) => bytesOf(8, (view) => view.setBigInt64(0, BigInt(value), littleEndian));
    const double = (value: number) => bytesOf(8, (view) => view.setFloat64(0, value, littleEndian));
    for (const vr of ['SL', 'UL', 'OB', 'UN'] as const) {
      assert.deepEqual(shiftUnixTime(int32(time), vr, littleEndian, -3), int32(time - 3 * day));
    }
    for (const vr of ['SV', 'OB', 'UN'] as const) {
      assert.deepEqual(shiftUnixTime(int64(time), vr, littleEndian, -3), int64(time - 3 * day));
    }
    for (const vr of ['FD', 'OB', 'UN'] as const) {
      assert.deepEqual(shiftUnixTime(double(time + 0.5), vr, littleEndian, -3), double(time + 0.5 - 3 * day));
    }
    assert.deepEqual(shiftUnixTime(int64(time * 1000), 'SV', littleEndian, -1), int64((time - day) * 1000));
  }
});

test('decimal text moves as a number, or as the date that it is', () => {
  for (const [before, after] of [
    [`${time}`, `${time - 3 * day}`],
    [`${time}.25 `, `${time - 3 * day}.25`],
    [`${time}\\${time + 1}`, `${time - 3 * day}\\${time + 1 - 3 * day}`],
    ['20140321', '20140318'],
  ] as const) {
    for (const vr of ['LO', 'DS', 'UN'] as const)
      assert.deepEqual(shiftUnixTime(text(before), vr, true, -3), text(after));
  }
});

test('times that are not set stay, because moved they would give the days away', () => {
  for (const value of [0, -1]) {
    const bytes = bytesOf(4, (view) => view.setInt32(0, value, true));
    for (const vr of ['SL', 'UL', 'UN'] as const) assert.deepEqual(shiftUnixTime(bytes, vr, true, -3), bytes);
  }
});

test('several values move together, and the bytes given are not written to', () => {
  const bytes = bytesOf(8, (view) => {
    view.setUint32(0, time, true);
    view.setUint32(4, time + 60, true);
  });
  const before = Uint8Array.from(bytes);
  const moved = shiftUnixTime(bytes, 'UL', true, -1);
  assert.deepEqual(bytes, before);
  assert.deepEqual(
    moved,
    bytesOf(8, (view) => {
      view.setUint32(0, time - day, true);
      view.setUint32(4, time + 60 - day, true);
    }),
  );
});

test('what is no time is refused', () => {
  assert.equal(shiftUnixTime(text('yesterday'), 'LO', true, -1), undefined);
  assert.equal(shiftUnixTime(new Uint8Array(3), 'SL', true, -1), undefined);
  assert.equal(shiftUnixTime(new Uint8Array(6).fill(7), 'UN', true, -1), undefined);
  assert.equal(shiftUnixTime(new Uint8Array(8).fill(0xfe), 'OB', true, -1), undefined);
  assert.equal(shiftUnixTime(new Uint8Array(4), 'FL', true, -1), undefined);
  assert.equal(shiftUnixTime(text('AB12'), 'CS', true, -1), undefined);
  const least = bytesOf(4, (view) => view.setInt32(0, -(2 ** 31), true));
  assert.equal(shiftUnixTime(least, 'SL', true, -1), undefined);
  const early = bytesOf(4, (view) => view.setUint32(0, 100, true));
  assert.equal(shiftUnixTime(early, 'UL', true, -1), undefined);
});

test('moving there and back gives the same bytes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 400_000_000, max: 2_000_000_000 }),
      fc.integer({ min: 1, max: 3650 }),
      (count, days) => {
        const bytes = bytesOf(4, (view) => view.setUint32(0, count, true));
        const there = shiftUnixTime(bytes, 'UL', true, -days);
        assert.deepEqual(shiftUnixTime(there ?? new Uint8Array(), 'UL', true, days), bytes);
      },
    ),
    { seed: 1 },
  );
});
