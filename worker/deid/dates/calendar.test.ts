import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDays, dateOfDayNumber, dayNumber, dayOfWeek, daysOfMonth, isCalendarDate } from './calendar.ts';

const firstDay = dayNumber({ year: 1, month: 1, day: 1 });
const lastDay = dayNumber({ year: 9999, month: 12, day: 31 });
const anyDay = fc.integer({ min: firstDay, max: lastDay });

test('days are numbered as the calendar of the platform numbers them', () => {
  fc.assert(
    fc.property(anyDay, (days) => {
      const date = dateOfDayNumber(days);
      assert.ok(date !== undefined && isCalendarDate(date));
      const platform = new Date(days * 86_400_000);
      assert.deepEqual(date, {
        year: platform.getUTCFullYear(),
        month: platform.getUTCMonth() + 1,
        day: platform.getUTCDate(),
      });
      assert.equal(dayOfWeek(date), platform.getUTCDay());
      assert.equal(dayNumber(date), days);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test('the calendar ends where its years end', () => {
  assert.equal(addDays({ year: 1, month: 1, day: 1 }, -1), undefined);
  assert.equal(addDays({ year: 9999, month: 12, day: 31 }, 1), undefined);
  assert.deepEqual(addDays({ year: 2000, month: 3, day: 1 }, -1), { year: 2000, month: 2, day: 29 });
  assert.deepEqual(addDays({ year: 1900, month: 3, day: 1 }, -1), { year: 1900, month: 2, day: 28 });
});

test('days and months that do not exist are no dates', () => {
  for (const [year, month, day] of [
    [2023, 2, 29],
    [1900, 2, 29],
    [2024, 13, 1],
    [2024, 0, 1],
    [2024, 4, 31],
    [2024, 1, 0],
    [0, 1, 1],
  ]) {
    assert.ok(!isCalendarDate({ year: year ?? 0, month: month ?? 0, day: day ?? 0 }));
  }
  assert.equal(daysOfMonth(2024, 13), 0);
});
