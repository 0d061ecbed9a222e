import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generaliseDate } from './generalise-date.ts';

test('a date is generalised to a valid value of its own Value Representation', () => {
  const cases = [
    ['20240305', 'DA', 'month', '20240301'],
    ['20240305', 'DA', 'year', '20240101'],
    ['20240305 ', 'DA', 'decade', '20200101'],
    ['2024.03.05', 'DA', 'year', '20240101'],
    ['20240305120000.5+0100', 'DT', 'month', '202403'],
    ['20240305120000.5+0100', 'DT', 'year', '2024'],
    ['2024', 'DT', 'decade', '2020'],
    ['2024', 'DT', 'month', undefined],
    ['202403', 'DA', 'month', undefined],
    ['20240305-20240306', 'DA', 'year', undefined],
    ['20230229', 'DA', 'year', undefined],
    ['unknown', 'DT', 'year', undefined],
    ['2024 or so', 'DT', 'year', undefined],
    ['00050101', 'DA', 'decade', undefined],
  ] as const;
  for (const [value, vr, to, expected] of cases) assert.equal(generaliseDate(value, vr, to), expected);
});
