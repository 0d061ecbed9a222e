/** The proleptic Gregorian calendar of the years 1 to 9999, by whole days. It knows no clock and no time zone. */

/** A day of the calendar: `year` 1 to 9999, `month` 1 to 12, `day` 1 to 31. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const firstYear = 1;
export const lastYear = 9999;

const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const daysPerFourCenturies = 146_097;
const daysPerWeek = 7;
/** Days from 0000-03-01, where the count below starts, to 1970-01-01. */
const daysToEpoch = 719_468;

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days of a month, 28 to 31; 0 for a month that does not exist. */
export function daysOfMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (daysOfMonths[month - 1] ?? 0);
}

/** Whether the numbers name a day of the years 1 to 9999. */
export function isCalendarDate({ year, month, day }: CalendarDate): boolean {
  return (
    Number.isInteger(year) &&
    year >= firstYear &&
    year <= lastYear &&
    Number.isInteger(day) &&
    day >= 1 &&
    day <= daysOfMonth(year, month)
  );
}

/** Days since 1970-01-01, negative before it. The date must be a {@link isCalendarDate calendar date}. */
export function dayNumber({ year, month, day }: CalendarDate): number {
  // Years are counted from March, so that the leap day is the last of its year.
  const marchYear = month > 2 ? year : year - 1;
  const century4 = Math.floor(marchYear / 400);
  const yearOfCentury4 = marchYear - century4 * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfCentury4 / 4) - Math.floor(yearOfCentury4 / 100);
  return century4 * daysPerFourCenturies + yearOfCentury4 * 365 + leapDays + dayOfYear - daysToEpoch;
}

/** The day that is `days` after 1970-01-01; undefined outside the years 1 to 9999. */
export function dateOfDayNumber(days: number): CalendarDate | undefined {
  const fromMarch0 = days + daysToEpoch;
  const century4 = Math.floor(fromMarch0 / daysPerFourCenturies);
  const dayOfCentury4 = fromMarch0 - century4 * daysPerFourCenturies;
  const yearOfCentury4 = Math.floor(
    (dayOfCentury4 -
      Math.floor(dayOfCentury4 / 1460) +
      Math.floor(dayOfCentury4 / 36_524) -
      Math.floor(dayOfCentury4 / 146_096)) /
      365,
  );
  const leapDays = Math.floor(yearOfCentury4 / 4) - Math.floor(yearOfCentury4 / 100);
  const dayOfYear = dayOfCentury4 - (365 * yearOfCentury4 + leapDays);
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = century4 * 400 + yearOfCentury4 + (month <= 2 ? 1 : 0);
  return year >= firstYear && year <= lastYear ? { year, month, day } : undefined;
}

/** Moves a date by whole days, into the past where negative; undefined where that leaves the years 1 to 9999. */
export function addDays(date: CalendarDate, days: number): CalendarDate | undefined {
  return dateOfDayNumber(dayNumber(date) + days);
}

/** Day of the week, 0 for Sunday to 6 for Saturday. 1970-01-01 was a Thursday. */
export function dayOfWeek(date: CalendarDate): number {
  return (((dayNumber(date) + 4) % daysPerWeek) + daysPerWeek) % daysPerWeek;
}
