/**
 * Finds the dates in free text, in the forms and languages in which people and devices write them, and moves them so
 * that each keeps its form. It knows nothing of DICOM.
 */
import { addDays, type CalendarDate } from './calendar.ts';
import { type DateForm, datePatterns } from './date-patterns.ts';
import { foldText } from './fold-text.ts';
import { blankNumbering } from './numbering.ts';
import { type DateField, type DatePrecision, type DayMonthOrder, readWrittenDate } from './written-date.ts';

/** A date in a text: `[start, end)` in UTF-16 code units, day of the week included where it stands beside the date. */
export interface TextDate {
  readonly start: number;
  readonly end: number;
  readonly form: DateForm;
  /** The date in the Gregorian calendar, also where it is written in another one. */
  readonly date: CalendarDate;
  readonly precision: DatePrecision;
  /** The text of `[start, end)` for another date: same form, language, case, digits and padding. */
  render(date: CalendarDate): string;
}

export interface DateReading {
  /**
   * How `03/05/2024` is read where no other date of the same text, such as `25/12/2024`, tells. `monthFirst` unless
   * given. Dates with full stops or hyphens are read day first. Whatever the reading, all dates move by the same days.
   */
  readonly slashOrder?: DayMonthOrder;
}

const slashDate = /(?<!\d)(\d{1,2})\/(\d{1,2})\/(?:\d{4}|\d\d)(?!\d)/g;
const lastMonth = 12;

/** The order that the text's own unambiguous dates use, where they agree. */
function orderInUse(text: string): DayMonthOrder | undefined {
  const seen = new Set<DayMonthOrder>();
  for (const [, first, second] of text.matchAll(slashDate)) {
    if (Number(first) > lastMonth) seen.add('dayFirst');
    else if (Number(second) > lastMonth) seen.add('monthFirst');
  }
  return seen.size === 1 ? [...seen][0] : undefined;
}

function rendererOf(text: string, start: number, end: number, fields: readonly DateField[]) {
  return (date: CalendarDate): string => {
    let written = '';
    let at = start;
    for (const field of fields) {
      written += text.slice(at, field.start) + field.write(date);
      at = field.end;
    }
    return written + text.slice(at, end);
  };
}

/** Gives the dates of a text in order of their place. They do not overlap; of two that would, the first and longer counts. */
export function findDates(text: string, reading: DateReading = {}): readonly TextDate[] {
  if (!/\p{Nd}/u.test(text)) return [];
  const folded = blankNumbering(foldText(text));
  const slashOrder = orderInUse(folded) ?? reading.slashOrder ?? 'monthFirst';
  const candidates = datePatterns.flatMap(({ form, pattern }) =>
    [...folded.matchAll(pattern)].flatMap((match): readonly TextDate[] => {
      const written = readWrittenDate(form, match, text, slashOrder);
      if (written === undefined) return [];
      const { date, precision, fields } = written;
      const start = Math.min(match.index, fields[0]?.start ?? match.index);
      const end = Math.max(match.index + match[0].length, fields.at(-1)?.end ?? 0);
      return [{ start, end, form, date, precision, render: rendererOf(text, start, end, fields) }];
    }),
  );
  candidates.sort((a, b) => a.start - b.start || b.end - a.end);
  const found: TextDate[] = [];
  for (const candidate of candidates) {
    if (candidate.start >= (found.at(-1)?.end ?? 0)) found.push(candidate);
  }
  return found;
}

/** Moves every date of a text by whole days, into the past where negative. Everything else stays as it is. */
export function shiftDatesInText(text: string, days: number, reading: DateReading = {}): string {
  let shifted = '';
  let at = 0;
  for (const found of findDates(text, reading)) {
    const date = addDays(found.date, days);
    shifted += text.slice(at, found.start) + (date === undefined ? '' : found.render(date));
    at = found.end;
  }
  return shifted + text.slice(at);
}
