import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dateOfDayNumber, dayNumber, isCalendarDate } from './calendar.ts';
import { isTime, shiftDate, shiftDateTime } from './shift-date.ts';

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

const anyDay = fc.integer({
  min: dayNumber({ year: 1900, month: 1, day: 1 }),
  max: dayNumber({ year: 2100, month: 1, day: 1 }),
});
const anyShift = fc.integer({ min: -36_500, max: 36_500 });

function da(days: number): string {
  const date = dateOfDayNumber(days) ?? { year: 0, month: 0, day: 0 };
  return digits(date.year, 4) + digits(date.month, 2) + digits(date.day, 2);
}

function daysOf(text: string | undefined): number {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text ?? '') ?? [];
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  assert.ok(isCalendarDate(date));
  return dayNumber(date);
}

test('shifted dates are valid, keep intervals and order, and come back', () => {
  fc.assert(
    fc.property(anyDay, anyDay, anyShift, (a, b, shift) => {
      const [first, second] = [shiftDate(da(a), shift), shiftDate(da(b), shift)];
      assert.equal(daysOf(second) - daysOf(first), b - a);
      assert.equal(Math.sign(Number(second) - Number(first)), Math.sign(b - a));
      assert.equal(shiftDate(first ?? '', -shift), da(a));
    }),
    { seed: 1 },
  );
});

test('dates keep their form, padding and number', () => {
  const moved: readonly (readonly [string, string])[] = [
    ['20240301', '20240229'],
    ['20240301 ', '20240229 '],
    ['2024.03.01', '2024.02.29'],
    ['2024-03-01', '2024-02-29'],
    ['2024/03/01', '2024/02/29'],
    ['20240301-20240302', '20240229-20240301'],
    ['2024-03-01-2024-03-02', '2024-02-29-2024-03-01'],
    ['20240301-', '20240229-'],
    ['-20240301', '-20240229'],
    ['20240301\\20230101', '20240229\\20221231'],
    ['20240301\\\\20230101 ', '20240229\\\\20221231 '],
    ['20240301120000.5', '20240229120000.5'],
    ['', ''],
    ['  ', '  '],
  ];
  for (const [before, after] of moved) assert.equal(shiftDate(before, -1), after);
});

test('datetimes keep their time of day, offset and precision', () => {
  const moved: readonly (readonly [string, string])[] = [
    ['20240301', '20240229'],
    ['2024030100', '2024022900'],
    ['202403012359', '202402292359'],
    ['20240301235960.123456+0100', '20240229235960.123456+0100'],
    ['20240301000000-0330', '20240229000000-0330'],
    ['20240301-0500', '20240229-0500'],
    ['20240301000000-20240302000000', '20240229000000-20240301000000'],
    ['20240301000000-0500-20240302000000-0500', '20240229000000-0500-20240301000000-0500'],
    ['2024-03-01T10:00:00Z', '2024-02-29T10:00:00Z'],
    ['2024-03-01 10:00:00.250+01:00', '2024-02-29 10:00:00.250+01:00'],
    ['202403', '202402'],
    ['2024', '2023'],
    ['2024+0100', '2023+0100'],
    ['2024-0500', '2023-0500'],
    ['2022-2024', '2021-2023'],
    ['2024\\202403 ', '2023\\202402 '],
  ];
  for (const [before, after] of moved) assert.equal(shiftDateTime(before, -1), after);
});

test('what is no date is never given back', () => {
  const unreadable = [
    '00000000',
    '20230229',
    '20241301',
    '2024030',
    'unknown',
    '20240301x',
    '01.03.2024',
    '20240301\\x',
    '-',
    '2024-0315',
    '1975-0930',
    '2024030125',
    '202403011260',
    '20240301+1500',
    '2024.03-01',
    '99991399',
  ];
  for (const text of unreadable) {
    assert.equal(shiftDate(text, -1), undefined, 'as DA');
    assert.equal(shiftDateTime(text, -1), undefined, 'as DT');
  }
  assert.equal(shiftDate('00010101', -1), undefined);
  assert.equal(shiftDate('99991231', 1), undefined);
});

test('a time of day is told from a date and from text', () => {
  for (const text of [
    '12',
    '1200',
    '120000',
    '235960.123456',
    '120000.1 ',
    '12:00:00',
    '12:00:00.25',
    '1200-1300',
    '-1200',
    '12\\13',
    '',
  ]) {
    assert.ok(isTime(text));
  }
  for (const text of [
    '20240301',
    '25',
    '1260',
    'noon',
    '2024-03-01',
    '12:00:00 SMITH',
    '120000+0100',
    '1',
    '120',
    '19750930',
  ]) {
    assert.ok(!isTime(text));
  }
});
