/** The digits in which people and devices write a date that must go. */
import type { CalendarDate } from '../dates/calendar.ts';
import { isCalendarDate } from '../dates/calendar.ts';

/** The date of a DA or DT value; undefined where it has no day or is none. */
export function calendarDateOf(text: string): CalendarDate | undefined {
  const match = /^(\d{4})[.\-/]?(\d{2})[.\-/]?(\d{2})/.exec(text.trim());
  if (match === null) return undefined;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return isCalendarDate(date) ? date : undefined;
}

/** What of a DA or DT value text is searched for: its day as `YYYYMMDD`; the text itself where it is no date. */
export function searchedDay(text: string): string {
  return digitForms(text)[0] ?? text;
}

/** `YYYYMMDD`, `DDMMYYYY`, `MMDDYYYY` and, as part of national identifiers, `YYMMDD` and `DDMMYY`. */
export function digitForms(text: string): readonly string[] {
  const match = /^(\d{2})(\d{2})[.\-/]?(\d{2})[.\-/]?(\d{2})/.exec(text.trim());
  if (match === null || calendarDateOf(text) === undefined) return [];
  const [, century = '', year = '', month = '', day = ''] = match;
  return [
    `${century}${year}${month}${day}`,
    `${day}${month}${century}${year}`,
    `${month}${day}${century}${year}`,
    `${year}${month}${day}`,
    `${day}${month}${year}`,
  ];
}
