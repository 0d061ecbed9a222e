import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesText, counted, countText, durationText } from './figures.ts';

describe('bytes as text', () => {
  it('have the unit in which they are a number below 1,024', () => {
    assert.deepEqual([0, 1023, 1024, 1536, 1024 ** 3, 5 * 1024 ** 5, 2000 * 1024 ** 5].map(bytesText), [
      ...['0 B', '1023 B', '1.0 KiB', '1.5 KiB', '1.0 GiB', '5.0 PiB', '2000.0 PiB'],
    ]);
  });
});

describe('counts as text', () => {
  it('have a comma before each three digits', () => {
    assert.deepEqual([0, 999, 1000, 12_345, 1_234_567].map(countText), [
      '0',
      '999',
      '1,000',
      '12,345',
      '1,234,567',
    ]);
  });

  it('have their thing in the right number', () => {
    assert.deepEqual([counted(1, 'object'), counted(2, 'object')], ['1 object', '2 objects']);
  });
});

it('durations in the unit that fits', () => {
  for (const [ms, text] of [
    [0, '0 ms'],
    [850, '850 ms'],
    [12_400, '12.4 s'],
    [200_000, '3 min 20 s'],
    [18_120_000, '5 h 2 min'],
  ] as const)
    assert.equal(durationText(ms), text);
});
