/** Reads one match of a pattern as a date, and writes another date in the same form. */
import type { CalendarDate } from './calendar.ts';
import { dayOfWeek, isCalendarDate } from './calendar.ts';
import { japaneseEras } from './calendar-names.ts';
import { ambiguousMonthWords, type DateForm } from './date-patterns.ts';
import { writeDigits, zeroOf } from './fold-text.ts';
import { type NameReading, readMonth, weekdayWriter, writeName } from './name-lookup.ts';

/** How much of the date is written. What is missing is read as 1: the first day of the month; as the year 2000 where none is written. */
export type DatePrecision = 'day' | 'month' | 'dayOfYear';

/** The order of day and month in `a/b/year` where the numbers leave it open. */
export type DayMonthOrder = 'dayFirst' | 'monthFirst';

/** A place in the text whose characters depend on the date, and what stands there for another date. */
export interface DateField {
  readonly start: number;
  readonly end: number;
  write(date: CalendarDate): string;
}

export interface WrittenDate {
  readonly date: CalendarDate;
  readonly precision: DatePrecision;
  readonly fields: readonly DateField[];
}

type Part = 'year' | 'shortYear' | 'month' | 'day' | 'ordinal' | 'monthName' | 'era' | 'eraYear';
type Roles = readonly (readonly [group: string, part: Part])[];

interface Reading {
  readonly date: CalendarDate;
  readonly precision: DatePrecision;
  readonly roles: Roles;
  readonly month?: NameReading;
}

/** A year with a leap day, so that 29 February is a date where no year is written. */
const yearWhereNoneIsWritten = 2000;
/** Years of two digits up to this one are of the 21st century. */
const lastShortYearOf2000 = 49;
const buddhistYears = 543;
const firstBuddhistYear = 2400;

function gregorianYear(written: number): number {
  return written >= firstBuddhistYear ? written - buddhistYears : written;
}

function yearOfShort(written: number): number {
  return written + (written <= lastShortYearOf2000 ? 2000 : 1900);
}

type Groups = Readonly<Record<string, string | undefined>>;

function numberOf(groups: Groups, name: string): number {
  return Number(groups[name] ?? Number.NaN);
}

function readingOf(year: number, month: number, day: number, roles: Roles): Reading | undefined {
  const date = { year, month, day };
  return isCalendarDate(date) ? { date, precision: 'day', roles } : undefined;
}

/** The first of the readings that is a date of the calendar. */
function firstDate(...readings: readonly (() => Reading | undefined)[]): Reading | undefined {
  for (const read of readings) {
    const reading = read();
    if (reading !== undefined) return reading;
  }
  return undefined;
}

function readDayAndMonth(
  [first, second]: readonly [string, string],
  year: number,
  yearRole: Roles[number],
  groups: Groups,
  order: DayMonthOrder,
): Reading | undefined {
  const one = numberOf(groups, first);
  const two = numberOf(groups, second);
  const dayFirst = (): Reading | undefined =>
    readingOf(year, two, one, [[first, 'day'], [second, 'month'], yearRole]);
  const monthFirst = (): Reading | undefined =>
    readingOf(year, one, two, [[first, 'month'], [second, 'day'], yearRole]);
  return order === 'dayFirst' ? firstDate(dayFirst, monthFirst) : firstDate(monthFirst, dayFirst);
}

function readShortYear(groups: Groups, order: DayMonthOrder): Reading | undefined {
  return firstDate(
    () => readDayAndMonth(['a', 'b'], yearOfShort(numberOf(groups, 'c')), ['c', 'shortYear'], groups, order),
    () =>
      readDayAndMonth(
        ['b', 'c'],
        yearOfShort(numberOf(groups, 'a')),
        ['a', 'shortYear'],
        groups,
        'monthFirst',
      ),
  );
}

/** Prefers the language that what stands around the name speaks for: a German ordinal's full stop, a Romance "de". */
function monthReading(word: string, matched: string): NameReading | undefined {
  const readings = readMonth(word);
  const hint = /^\d{1,2}\.\s/.test(matched) ? 'de' : /\sde\s/i.test(matched) ? 'es' : undefined;
  const preferred = readings.filter(({ language }) => language === hint);
  const candidates = preferred.length > 0 ? preferred : readings;
  // A word that is both, such as May, is taken for an abbreviation where no space separates it.
  const form = /\s/.test(matched) ? 'full' : 'abbreviation';
  return candidates.find((reading) => reading.form === form) ?? candidates[0];
}

function readMonthName(form: DateForm, groups: Groups, matched: string): Reading | undefined {
  const word = groups.mon ?? '';
  const month = monthReading(word, matched);
  if (month === undefined) return undefined;
  const ambiguous = ambiguousMonthWords.has(word.toLowerCase());
  const lowerCase = word === word.toLowerCase();
  if (ambiguous && (groups.y === undefined || groups.d === undefined)) return undefined;
  if (form === 'dayMonthName' && lowerCase && (/^\p{L}/u.test(matched) || /^ma(?:y|rch)$/i.test(word)))
    return undefined;
  const roles: Roles = [
    ['mon', 'monthName'],
    ['d', 'day'],
    ['ord', 'ordinal'],
    ['y', 'year'],
    ['yy', 'shortYear'],
  ];
  const year =
    groups.y !== undefined
      ? numberOf(groups, 'y')
      : groups.yy !== undefined
        ? yearOfShort(numberOf(groups, 'yy'))
        : yearWhereNoneIsWritten;
  const reading = readingOf(year, month.index, groups.d === undefined ? 1 : numberOf(groups, 'd'), roles);
  if (reading === undefined) return undefined;
  const precision = groups.d === undefined ? 'month' : (groups.y ?? groups.yy) ? 'day' : 'dayOfYear';
  return { ...reading, precision, month };
}

function readEra(groups: Groups): Reading | undefined {
  const era = japaneseEras.find(({ names }) => names.some((name) => name === groups.era?.toUpperCase()));
  if (era === undefined) return undefined;
  const yearOfEra = groups.ey === '元' ? 1 : numberOf(groups, 'ey');
  return readingOf(era.start.year + yearOfEra - 1, numberOf(groups, 'm'), numberOf(groups, 'd'), [
    ['era', 'era'],
    ['ey', 'eraYear'],
    ['m', 'month'],
    ['d', 'day'],
  ]);
}

function readGroups(
  form: DateForm,
  groups: Groups,
  matched: string,
  slashOrder: DayMonthOrder,
): Reading | undefined {
  const order = matched.includes('/') ? slashOrder : 'dayFirst';
  const year = gregorianYear(numberOf(groups, 'y'));
  const named: Roles = [
    ['y', 'year'],
    ['m', 'month'],
    ['d', 'day'],
  ];
  switch (form) {
    case 'compactDateTime':
    case 'compact':
      return readingOf(year, numberOf(groups, 'm'), numberOf(groups, 'd'), named);
    case 'yearFirst':
      return readDayAndMonth(['a', 'b'], year, ['y', 'year'], groups, 'monthFirst');
    case 'compactDayFirst':
    case 'yearLast':
      return readDayAndMonth(['a', 'b'], year, ['y', 'year'], groups, order);
    case 'shortYear':
      return readShortYear(groups, order);
    case 'dayMonthNameYear':
    case 'monthNameDayYear':
    case 'yearMonthNameDay':
    case 'monthNameYear':
    case 'dayMonthName':
      return readMonthName(form, groups, matched);
    case 'cjk':
    case 'monthYear': {
      const reading = readingOf(
        year,
        numberOf(groups, 'm'),
        groups.d === undefined ? 1 : numberOf(groups, 'd'),
        named,
      );
      if (reading === undefined) return undefined;
      return groups.d === undefined ? { ...reading, precision: 'month' } : reading;
    }
    case 'era':
      return readEra(groups);
    default:
      return form satisfies never;
  }
}

function isBefore(a: CalendarDate, b: CalendarDate): boolean {
  return a.year !== b.year ? a.year < b.year : a.month !== b.month ? a.month < b.month : a.day < b.day;
}

/** The era of a date; dates before the oldest one are counted in it all the same. */
function eraOf(date: CalendarDate): (typeof japaneseEras)[number] {
  return (
    japaneseEras.find(({ start }) => !isBefore(date, start)) ??
    japaneseEras[japaneseEras.length - 1] ??
    japaneseEras[0]
  );
}

/** The letters behind the number of a day: those of English, or the French ones that only the first day has. */
function writeOrdinal(day: number, sample: string): string {
  const french = sample.toLowerCase() === 'er';
  const english = day >= 11 && day <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  const letters = french ? (day === 1 ? 'er' : '') : english;
  return sample === sample.toUpperCase() ? letters.toUpperCase() : letters;
}

function writerOf(
  part: Part,
  sample: string,
  written: { readonly padded: boolean; readonly reading: Reading },
): (date: CalendarDate) => string {
  const zero = zeroOf(sample);
  const pad = (value: number, width: number): string => writeDigits(String(value).padStart(width, '0'), zero);
  const { padded, reading } = written;
  switch (part) {
    case 'year': {
      const offset =
        Number(writeDigits(sample, 0x30)) === reading.date.year + buddhistYears ? buddhistYears : 0;
      return (date) => pad(date.year + offset, 4);
    }
    case 'shortYear':
      return (date) => pad(date.year % 100, 2);
    case 'month':
      return (date) => pad(date.month, padded ? 2 : 1);
    case 'day':
      return (date) => pad(date.day, padded ? 2 : 1);
    case 'ordinal':
      return (date) => writeOrdinal(date.day, sample);
    case 'monthName':
      return (date) =>
        reading.month === undefined ? sample : writeName(reading.month, date.month, 1, sample);
    case 'era':
      return (date) => {
        const [name, letter] = eraOf(date).names;
        return sample.length === 1 ? letter : name;
      };
    case 'eraYear':
      return (date) => {
        const yearOfEra = date.year - eraOf(date).start.year + 1;
        return yearOfEra === 1 && sample === '元' ? '元' : pad(yearOfEra, sample.length);
      };
    default:
      return part satisfies never;
  }
}

const weekdayBefore =
  /(?<![\p{L}\d])(?<wd>\p{L}{2,10}(?:-feira)?)\.?,?\s{1,2}(?:(?:den|dem|le|the|el|il)\s)?$/u;
const weekdayAfter = /^[年月日일]?\s?[(（](?<wd>[日月火水木金土]|\p{L}{2,10})\.?[)）]/u;
const longestWeekday = 24;

/** The day of the week beside a date, which would give the shift away modulo seven if it stayed. */
function weekdayFields(text: string, start: number, end: number, date: CalendarDate): readonly DateField[] {
  const from = Math.max(0, start - longestWeekday);
  const before = weekdayBefore.exec(text.slice(from, start));
  const after = weekdayAfter.exec(text.slice(end, end + longestWeekday));
  return [[before, from] as const, [after, end] as const].flatMap(([match, offset]) => {
    const word = match?.groups?.wd;
    if (match === null || word === undefined) return [];
    const write = weekdayWriter(word, dayOfWeek(date));
    if (write === undefined) return [];
    const at = offset + match.index + match[0].lastIndexOf(word);
    return [{ start: at, end: at + word.length, write: (other) => write(dayOfWeek(other)) }];
  });
}

/** Reads a match over the folded text; `text` is the text as written. Undefined where it is no date of the calendar. */
export function readWrittenDate(
  form: DateForm,
  match: RegExpExecArray,
  text: string,
  slashOrder: DayMonthOrder,
): WrittenDate | undefined {
  const groups: Groups = match.groups ?? {};
  const reading = readGroups(form, groups, match[0], slashOrder);
  if (reading === undefined) return undefined;
  const numeric = reading.roles.filter(([, part]) => part === 'month' || part === 'day');
  // Beside a name and a space a day of two digits says nothing of how one of one digit is written.
  const spacedName = groups.mon !== undefined && /\s/.test(match[0]) && !/(?<!\d)0\d(?!\d)/.test(match[0]);
  const padded = !spacedName && numeric.every(([group]) => groups[group]?.length !== 1);
  const fields = reading.roles.flatMap(([group, part]): readonly DateField[] => {
    const place = match.indices?.groups?.[group];
    if (place === undefined) return [];
    const [start, end] = place;
    return [{ start, end, write: writerOf(part, text.slice(start, end), { padded, reading }) }];
  });
  const end = match.index + match[0].length;
  const weekday = reading.precision === 'day' ? weekdayFields(text, match.index, end, reading.date) : [];
  return { ...reading, fields: [...fields, ...weekday].sort((a, b) => a.start - b.start) };
}
