/** Days that a text names in full, in digits or with the name of a month: enough to see that one of them stayed. */

/** A day of the calendar as the number YYYYMMDD. */
export type Day = number;

const yearFirst = /(?<!\d)((?:18|19|20|21)\d\d)([-./ ]?)(\d\d)\2(\d\d)(?!\d)/g;
/** Day and time without a mark between them, as in DT. */
const yearFirstWithTime = /(?<!\d)((?:18|19|20|21)\d\d)()(\d\d)(\d\d)\d{6}(?!\d)/g;
const yearLast = /(?<!\d)(\d{1,2})([-./])(\d{1,2})\2((?:18|19|20|21)\d\d)(?!\d)/g;
const dayThenName =
  /(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)?[-. ]*(?:of |de )?(\p{L}{3,10})\.?[-, ]*(?:de )?((?:18|19|20|21)\d\d)(?!\d)/giu;
const nameThenDay = /(\p{L}{3,10})\.?[- ]*(\d{1,2})(?:st|nd|rd|th)?,?[- ]+((?:18|19|20|21)\d\d)(?!\d)/giu;

/** How names of months begin in the languages of most devices: English, German, French, Spanish, Italian, Dutch. */
const monthNames: readonly RegExp[] = [
  /^(?:jan|ene|gen)/,
  /^(?:feb|fév|fev)/,
  /^(?:mar|mär|maa|mrt)/,
  /^(?:apr|avr|abr)/,
  /^(?:may|mai|mei|mag)/,
  /^(?:jun|juin|giu)/,
  /^(?:jul|juil|lug)/,
  /^(?:aug|aoû|aou|ago)/,
  /^(?:sep|set)/,
  /^(?:oct|okt|ott)/,
  /^nov/,
  /^(?:dec|dez|déc|dic)/,
];

function monthNamed(word: string): number {
  return monthNames.findIndex((name) => name.test(word.toLowerCase())) + 1;
}

/** The day; undefined where the calendar has none such. */
export function dayOf(year: number, month: number, day: number): Day | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? year * 10_000 + month * 100 + day : undefined;
}

/** The day that a DA or DT value begins with. */
export function dayOfValue(value: string): Day | undefined {
  const match = /^(\d{4})[-./]?(\d\d)[-./]?(\d\d)/.exec(value);
  return match === null ? undefined : dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
}

const hasYear = /\d{4}/;

/** Each day that may be meant: one whose month and day change places, too. */
export function daysIn(text: string): readonly Day[] {
  if (!hasYear.test(text)) return [];
  const found: (Day | undefined)[] = [];
  for (const pattern of [yearFirst, yearFirstWithTime])
    for (const [, year, , month, day] of text.matchAll(pattern))
      found.push(dayOf(Number(year), Number(month), Number(day)));
  for (const [, one, , other, year] of text.matchAll(yearLast))
    found.push(
      dayOf(Number(year), Number(one), Number(other)),
      dayOf(Number(year), Number(other), Number(one)),
    );
  for (const [, day, name = '', year] of text.matchAll(dayThenName))
    found.push(dayOf(Number(year), monthNamed(name), Number(day)));
  for (const [, name = '', day, year] of text.matchAll(nameThenDay))
    found.push(dayOf(Number(year), monthNamed(name), Number(day)));
  return found.filter((day) => day !== undefined);
}
