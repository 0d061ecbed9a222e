/** Recognises names of months and of days of the week, and writes another one in the same language and manner. */
import { calendarNames, hanWeekdays } from './calendar-names.ts';

/** One way to read a word: which month (1 to 12) or day of the week (0 to 6), in which language, in full or not. */
export interface NameReading {
  readonly language: string;
  readonly index: number;
  readonly form: 'full' | 'abbreviation';
  /** The name at every index in the same language and form, by the offset that {@link index} starts at. */
  readonly names: readonly string[];
}

type Names = ReadonlyMap<string, readonly NameReading[]>;

function indexNames(
  kinds: readonly (readonly [
    form: NameReading['form'],
    of: (names: (typeof calendarNames)[number]) => readonly string[],
  ])[],
  firstIndex: number,
): Names {
  const readings = new Map<string, NameReading[]>();
  for (const language of calendarNames) {
    for (const [form, namesOf] of kinds) {
      const spellings = namesOf(language).map((name) => name.split('|'));
      const names = spellings.map((spelling) => spelling[0] ?? '');
      for (const [position, spelling] of spellings.entries()) {
        for (const word of spelling) {
          const known = readings.get(word.toLowerCase()) ?? [];
          known.push({ language: language.language, index: position + firstIndex, form, names });
          readings.set(word.toLowerCase(), known);
        }
      }
    }
  }
  return readings;
}

const months = indexNames(
  [
    ['full', (names) => names.months],
    ['abbreviation', (names) => names.monthAbbreviations],
  ],
  1,
);

const weekdays = indexNames(
  [
    ['full', (names) => names.weekdays],
    ['abbreviation', (names) => names.weekdayAbbreviations],
  ],
  0,
);

/** Every spelling of a month, longest first, so that a pattern never stops at the beginning of one. */
export const monthWords: readonly string[] = [...months.keys()].sort((a, b) => b.length - a.length);

/** The spellings that are full names in some language, longest first. */
export const fullMonthWords: readonly string[] = monthWords.filter((word) =>
  months.get(word)?.some(({ form }) => form === 'full'),
);

/** What a word can mean as a month, best first; empty where it is none. */
export function readMonth(word: string): readonly NameReading[] {
  return months.get(word.toLowerCase()) ?? [];
}

const asciiLetters: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };

function inAscii(name: string): string {
  return name
    .replace(/[äöüß]/gi, (letter) => asciiLetters[letter.toLowerCase()] ?? '')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
}

/**
 * Writes the name at `index` as `sample` was written: in capitals, lower case or with a capital, and within ASCII
 * where `sample` was, so that a character set that could hold the text still can.
 */
export function writeName(reading: NameReading, index: number, firstIndex: number, sample: string): string {
  const canonical = reading.names[index - firstIndex] ?? '';
  const name = /^[\x20-\x7e]*$/.test(sample) ? inAscii(canonical) : canonical;
  if (sample === sample.toUpperCase()) return name.toUpperCase();
  if (sample === sample.toLowerCase()) return name.toLowerCase();
  return name.slice(0, 1).toUpperCase() + name.slice(1).toLowerCase();
}

/**
 * Gives the writer of another day of the week in place of `word`; undefined where `word` does not name the day
 * `weekday` (0 for Sunday), and so is no more than a word that looks like one.
 */
export function weekdayWriter(word: string, weekday: number): ((weekday: number) => string) | undefined {
  if (hanWeekdays.includes(word)) {
    return hanWeekdays[weekday] === word ? (other) => hanWeekdays[other] ?? '' : undefined;
  }
  const reading = weekdays.get(word.toLowerCase())?.find(({ index }) => index === weekday);
  return reading === undefined ? undefined : (other) => writeName(reading, other, 0, word);
}
