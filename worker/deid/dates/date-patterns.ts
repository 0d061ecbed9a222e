/**
 * The forms in which dates are written in free text, as patterns over text whose digits and punctuation were folded to
 * ASCII. Groups have fixed meanings: `y` a year of four digits, `yy` one of two, `m` and `d` month and day,
 * `ord` the letters of an ordinal, `mon` a month's name, `a b c` numbers whose order is to be decided, `s` the separator, `era` and `ey` a Japanese era
 * and the year in it.
 */
import { fullMonthWords, monthWords } from './name-lookup.ts';

export type DateForm =
  | 'compactDateTime'
  | 'compact'
  | 'compactDayFirst'
  | 'yearFirst'
  | 'yearLast'
  | 'shortYear'
  | 'dayMonthNameYear'
  | 'monthNameDayYear'
  | 'yearMonthNameDay'
  | 'monthNameYear'
  | 'dayMonthName'
  | 'cjk'
  | 'era'
  | 'monthYear';

export interface DatePattern {
  readonly form: DateForm;
  readonly pattern: RegExp;
}

/** Years that a date in text can plausibly have; 25xx are years of the Buddhist calendar. */
const year = '(?<y>18[5-9]\\d|19\\d\\d|20\\d\\d)';
const yearOrBuddhist = '(?<y>18[5-9]\\d|19\\d\\d|20\\d\\d|25\\d\\d)';
const month = '(?<m>0[1-9]|1[0-2])';
const day = '(?<d>0[1-9]|[12]\\d|3[01])';
const anyMonth = `(?<mon>${monthWords.join('|')})`;
const fullMonth = `(?<mon>${fullMonthWords.join('|')})`;
const notInNumber = '(?<!\\d)';
const endOfNumber = '(?!\\d)';
const notInWord = '(?<!\\p{L})';
const englishOrdinal = '(?<ord>st|nd|rd|th)?';
const ordinal = '(?:(?<ord>st|nd|rd|th|er)|º|°|ª|\\.)?';
const of = '(?:(?:of|de|del|di|van)\\s)?';
/** A number before a unit is a measurement, whatever it looks like. */
const notMeasured = '(?!\\s?(?:[mck]m|m[lsgAVT]|kV|kHz|MHz|Hz|%)(?!\\p{L}))';
const shortYear = `'?(?<yy>\\d\\d)(?![\\d:]|[.,]\\d)${notMeasured}`;
const timeOfDay = '\\d{1,2}:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?';

function pattern(form: DateForm, ...alternatives: readonly string[]): DatePattern {
  return { form, pattern: new RegExp(alternatives.join('|'), 'dgiu') };
}

/** Earlier forms are preferred to later ones where both start at the same place and are equally long. */
export const datePatterns: readonly DatePattern[] = [
  pattern(
    'compactDateTime',
    `${notInNumber}${year}${month}${day}(?=(?:[01]\\d|2[0-3])[0-5]\\d(?:[0-5]\\d\\d{0,6})?${endOfNumber})`,
  ),
  pattern('compact', `${notInNumber}${year}${month}${day}${endOfNumber}`),
  pattern('compactDayFirst', `${notInNumber}(?<a>\\d\\d)(?<b>\\d\\d)${year}${endOfNumber}`),
  pattern(
    'yearFirst',
    `${notInNumber}${yearOrBuddhist}(?<s>[-/._])\\s?(?<a>\\d{1,2})\\k<s>\\s?(?<b>\\d{1,2})${endOfNumber}`,
    `${notInNumber}${year} (?<a>\\d\\d) (?<b>\\d\\d)(?![\\d.,])${notMeasured}`,
  ),
  pattern(
    'yearLast',
    `${notInNumber}(?<a>\\d{1,2})(?<s>[/._])\\s?(?<b>\\d{1,2})\\k<s>\\s?${yearOrBuddhist}${endOfNumber}`,
    `(?<!\\d|\\d-)(?<a>\\d{1,2})-(?<b>\\d{1,2})-${yearOrBuddhist}${endOfNumber}`,
    `(?<![\\d.,])(?<a>\\d\\d) (?<b>\\d\\d) ${year}(?![\\d.,])${notMeasured}`,
  ),
  pattern(
    'shortYear',
    `(?<!\\d|\\d-)(?<a>\\d\\d)-(?<b>\\d\\d)-(?<c>\\d\\d)(?![-./_:]?\\d)${notMeasured}`,
    `(?<!\\d|\\d[./])(?<a>\\d\\d)(?<s>[._])(?<b>\\d\\d)\\k<s>(?<c>\\d\\d)(?![./_:]?\\d)${notMeasured}`,
    `(?<!\\d|\\d[./])(?<a>\\d{1,2})/(?<b>\\d{1,2})/(?<c>\\d\\d)(?![./_:]?\\d)${notMeasured}`,
    // Single digits between full stops are a date only where the words before say so.
    `(?<=\\b(?:am|vom|den|dem|seit|bis|geb|on|dated?|datum)[.:]? {1,2})(?<a>\\d{1,2})\\.\\s?(?<b>\\d{1,2})\\.\\s?(?<c>\\d\\d)(?![-./_:]?\\d)${notMeasured}`,
  ),
  pattern(
    'dayMonthNameYear',
    `${notInNumber}(?<d>\\d{1,2})${ordinal}[\\s\\-./_,]{0,2}${of}${anyMonth}\\.?,?[\\s\\-./_]{0,2}${of}(?:${year}${endOfNumber}|${shortYear})`,
  ),
  pattern(
    'monthNameDayYear',
    `${notInWord}${anyMonth}\\.?[\\s\\-./_]{0,2}(?<d>\\d{1,2})${englishOrdinal}(?:\\s?,\\s{0,2}|[\\s\\-./_]{1,2})${year}${endOfNumber}`,
    `${notInWord}${anyMonth}\\.?[\\s\\-./_]{0,2}(?<d>\\d\\d)${year}${endOfNumber}`,
    `${notInWord}${anyMonth}\\.?[\\s\\-./_]{0,2}(?<d>\\d{1,2})${englishOrdinal}(?:,\\s?|\\s(?=')|[-/])${shortYear}`,
    `${notInWord}${anyMonth}\\s{1,2}(?<d>\\d{1,2})\\s${timeOfDay}\\s(?:[A-Z]{2,5}\\s)?${year}${endOfNumber}`,
  ),
  pattern(
    'yearMonthNameDay',
    `${notInNumber}${year}[\\s\\-./_,]{0,2}${anyMonth}\\.?[\\s\\-./_,]{0,2}(?<d>\\d{1,2})${endOfNumber}`,
  ),
  pattern(
    'cjk',
    `${notInNumber}${year}\\s?[年년]\\s?(?<m>\\d{1,2})\\s?[月월]\\s?(?<d>\\d{1,2})`,
    `${notInNumber}${year}\\s?[年년]\\s?(?<m>\\d{1,2})\\s?[月월]`,
  ),
  pattern(
    'era',
    '(?<era>明治|大正|昭和|平成|令和)\\s?(?<ey>\\d{1,2}|元)\\s?[年./-]\\s?(?<m>\\d{1,2})\\s?[月./-]\\s?(?<d>\\d{1,2})',
    '(?<![\\p{L}\\d])(?<era>[MTSHR])(?<ey>\\d{2}|(?<=R)\\d)(?<s>[./-])(?<m>\\d\\d)\\k<s>(?<d>\\d\\d)(?![\\d./-])',
  ),
  pattern(
    'monthNameYear',
    `${notInWord}${anyMonth}\\.?,?[\\s\\-./_]{0,2}${of}(?:${year}${endOfNumber}|'(?<yy>\\d\\d)${endOfNumber})`,
    `${notInNumber}${year}[\\s\\-./_]{1,2}${anyMonth}(?!\\p{L})`,
  ),
  pattern(
    'monthYear',
    `(?<![\\d./-])${month}/${year}(?![./-]?\\d)`,
    `(?<![\\d./-])(?<m>0[1-9])\\.${year}(?![./-]?\\d)`,
    `(?<![\\p{L}\\d./-])${year}-${month}(?![./:-]?[\\p{L}\\d])`,
  ),
  pattern(
    'dayMonthName',
    `${notInNumber}(?<d>\\d{1,2})${ordinal}\\s?${of}${fullMonth}(?!\\p{L})`,
    `${notInWord}${fullMonth}\\s(?<d>\\d{1,2})${englishOrdinal}(?![\\p{L}\\d]|[.,/]\\d)`,
    `(?<![\\p{L}\\d])(?<d>\\d{1,2})-${anyMonth}(?![\\p{L}\\d-])`,
    `(?<![\\p{L}\\d])(?<d>\\d{1,2})\\s${anyMonth}(?=\\s${timeOfDay})`,
    `${notInWord}${anyMonth}\\s{1,2}(?<d>\\d{1,2})(?=\\s${timeOfDay})`,
  ),
];

/** Abbreviations that are everyday words too; they count only in a full date with a year of four digits. */
export const ambiguousMonthWords: ReadonlySet<string> = new Set([
  'set',
  'sett',
  'out',
  'ago',
  'mag',
  'gen',
  'ott',
]);
