/** Ages as Age String values (VR AS, PS3.5 section 6.2), their cap, and ages that two dates give away. */
import { isCalendarDate } from './calendar.ts';

const age = /^(\d{1,3})([DWMY])$/;

const yearsPerUnit = { D: 1 / 365.25, W: 7 / 365.25, M: 1 / 12, Y: 1 } as const;
const digits = 3;
const most = 999;

function isUnit(letter: string | undefined): letter is keyof typeof yearsPerUnit {
  return letter !== undefined && letter in yearsPerUnit;
}

/**
 * Caps an AS value: an age of more than `above` completed years, in whatever unit, becomes `above + 1` years, so that
 * 89 gives `090Y` (the group "90 or older" of 45 CFR 164.514(b)(2)(i)(C)). Other ages are given as three digits and a
 * unit in capitals. Several values are split by backslashes. Undefined where a value is no age.
 */
export function capAge(value: string, above: number): string | undefined {
  const capped = value.split('\\').map((one) => {
    const text = one.replace(/[ \0]+/g, '').toUpperCase();
    if (text === '') return '';
    const [, number, unit] = age.exec(text) ?? [];
    if (number === undefined || !isUnit(unit)) return undefined;
    const years = Math.floor(Number(number) * yearsPerUnit[unit] + 1e-9);
    return years > above
      ? `${String(Math.min(above + 1, most)).padStart(digits, '0')}Y`
      : number.padStart(digits, '0') + unit;
  });
  return capped.includes(undefined) ? undefined : capped.join('\\');
}

function dateOf(text: string) {
  const match = /^(\d{4})([-./]?)(\d{2})\2(\d{2})/.exec(text.trim());
  if (match === null) return undefined;
  const date = { year: Number(match[1]), month: Number(match[3]), day: Number(match[4]) };
  return isCalendarDate(date) ? date : undefined;
}

/**
 * Completed years from a birth date to another date, both DA or DT values of at least day precision: the age that
 * keeping both would give away, shifted or not. Undefined where either is no such date; negative where the order is wrong.
 */
export function ageAt(birthDate: string, date: string): number | undefined {
  const birth = dateOf(birthDate);
  const at = dateOf(date);
  if (birth === undefined || at === undefined) return undefined;
  const hadBirthday = at.month !== birth.month ? at.month > birth.month : at.day >= birth.day;
  return at.year - birth.year - (hadBirthday ? 0 : 1);
}
