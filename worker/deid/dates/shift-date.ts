/**
 * Moves dates of the Value Representations DA and DT by whole days, and tells what is a time of day (PS3.5 section
 * 6.2). Whole days leave times of day and offsets from UTC as they are, so TM is checked and not changed.
 *
 * All functions take a value with or without its padding and with several values split by backslashes; padding and
 * separators stay. What cannot be read gives undefined, never the text itself.
 */
import { addDays, type CalendarDate, daysOfMonth, isCalendarDate } from './calendar.ts';

const padding = /^[ \0\t]*|[ \0\t\r\n]*$/g;

function eachValue(text: string, change: (value: string) => string | undefined): string | undefined {
  const changed = text.split('\\').map((padded) => {
    const value = padded.replace(padding, '');
    if (value === '') return padded;
    const start = padded.indexOf(value);
    const result = change(value);
    return result === undefined
      ? undefined
      : padded.slice(0, start) + result + padded.slice(start + value.length);
  });
  return changed.includes(undefined) ? undefined : changed.join('\\');
}

/**
 * `a-b`, `a-` and `-b` are ranges (PS3.4 section C.2.2.2.5). A hyphen can belong to a date or an offset as well, so
 * every hyphen is tried, and a value that reads as a single one is no range.
 */
function eachEnd(value: string, change: (end: string) => string | undefined): string | undefined {
  const single = change(value);
  if (single !== undefined) return single;
  for (let hyphen = value.indexOf('-'); hyphen !== -1; hyphen = value.indexOf('-', hyphen + 1)) {
    const ends = [value.slice(0, hyphen).trim(), value.slice(hyphen + 1).trim()];
    const [first = '', last = ''] = ends;
    if (first + last === '' || (last !== '' && first > last)) continue;
    const changed = ends.map((end) => (end === '' ? '' : change(end)));
    if (!changed.includes(undefined)) return changed.join('-');
  }
  return undefined;
}

const wholeDate = /^(?<year>\d{4})(?<separator>[-./]?)(?<month>\d{2})\k<separator>(?<day>\d{2})(?<rest>.*)$/s;
const twoDigits = 2;

function written(date: CalendarDate, separator: string): string {
  return [
    String(date.year).padStart(4, '0'),
    String(date.month).padStart(twoDigits, '0'),
    String(date.day).padStart(twoDigits, '0'),
  ].join(separator);
}

function shiftWhole(text: string, days: number, restIsValid: (rest: string) => boolean): string | undefined {
  const groups = wholeDate.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const date = { year: Number(groups.year), month: Number(groups.month), day: Number(groups.day) };
  const rest = groups.rest ?? '';
  if (!isCalendarDate(date) || !restIsValid(rest)) return undefined;
  const shifted = addDays(date, days);
  return shifted === undefined ? undefined : written(shifted, groups.separator ?? '') + rest;
}

const seconds = '(?:[0-5]\\d|60)';
const offset = '(?:\\s?[+-](?:0\\d|1[0-4]):?[0-5]\\d|Z)?';
const compactTime = new RegExp(
  `^(?:[ T]?(?:[01]\\d|2[0-3])(?:[0-5]\\d(?:${seconds}(?:[.,]\\d{1,9})?)?)?)?${offset}$`,
);
const colonTime = new RegExp(`^[ T]?(?:[01]\\d|2[0-3]):[0-5]\\d(?::${seconds}(?:[.,]\\d{1,9})?)?${offset}$`);

function isTimeOfDateTime(rest: string): boolean {
  return compactTime.test(rest) || colonTime.test(rest);
}

/**
 * A date without its day, or month and day: the first day of the period is moved and cut to the same precision.
 * Behind a bare year or month a negative offset that is not of whole hours is refused, because it would read as the
 * rest of a date, e.g. `1975-0930`.
 */
function shiftPartial(text: string, days: number): string | undefined {
  const match = /^(\d{4})(\d{2})?((?:\+(?:0\d|1[0-4])[0-5]\d|-(?:0\d|1[0-2])00)?)$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, rest = ''] = match;
  const first = { year: Number(year), month: Number(month ?? 1), day: 1 };
  if (daysOfMonth(first.year, first.month) === 0) return undefined;
  const shifted = isCalendarDate(first) ? addDays(first, days) : undefined;
  if (shifted === undefined) return undefined;
  return written(shifted, '').slice(0, month === undefined ? 4 : 6) + rest;
}

function shiftOneDateTime(text: string, days: number): string | undefined {
  return shiftWhole(text, days, isTimeOfDateTime) ?? shiftPartial(text, days);
}

/**
 * Moves a DA value by whole days, into the past where negative: `YYYYMMDD`, the `YYYY.MM.DD` of ACR-NEMA (PS3.5
 * section 6.2 note), `YYYY-MM-DD` and `YYYY/MM/DD`, and ranges of them. A date and time written into a DA moves as in
 * {@link shiftDateTime}. Undefined where the value is no date, or the result is outside the years 1 to 9999.
 */
export function shiftDate(text: string, days: number): string | undefined {
  return eachValue(text, (value) =>
    eachEnd(value, (end) => shiftWhole(end, days, (rest) => rest === '') ?? shiftOneDateTime(end, days)),
  );
}

/**
 * Moves a DT value `YYYYMMDDHHMMSS.FFFFFF&ZZXX` by whole days, at any precision, and ranges of them. Time and offset
 * from UTC stay as they are. The ISO 8601 form with separators is read as well.
 */
export function shiftDateTime(text: string, days: number): string | undefined {
  return eachValue(text, (value) => eachEnd(value, (end) => shiftOneDateTime(end, days)));
}

const time = new RegExp(`^(?:[01]\\d|2[0-3])(?:[0-5]\\d(?:${seconds}(?:\\.\\d{1,9})?)?)?$`);
/** The `HH:MM:SS.frac` of ACR-NEMA (PS3.5 section 6.2 note). */
const legacyTime = new RegExp(`^(?:[01]\\d|2[0-3]):[0-5]\\d(?::${seconds}(?:\\.\\d{1,9})?)?$`);

/** Whether every value of a TM is a time of day `HHMMSS.FFFFFF` at any precision, or a range of two. */
export function isTime(text: string): boolean {
  const isOne = (value: string): string | undefined =>
    time.test(value) || legacyTime.test(value) ? value : undefined;
  return eachValue(text, (value) => eachEnd(value, isOne)) !== undefined;
}
