/** Generalises dates to the month, year or decade they lie in, written as a valid value of the same Value Representation. */
import { isCalendarDate } from './calendar.ts';

export type DateGeneralisation = 'month' | 'year' | 'decade';

const leadingDate = /^(\d{4})(?:([-./]?)(\d{2})(?:\2(\d{2}))?)?(?=$|[^-./])/;

function period(
  year: string,
  month: string,
  to: DateGeneralisation,
): { year: string; month: string | undefined } {
  switch (to) {
    case 'month':
      return { year, month };
    case 'year':
      return { year, month: undefined };
    case 'decade':
      return { year: `${year.slice(0, 3)}0`, month: undefined };
    default:
      return to satisfies never;
  }
}

/**
 * Gives the first day of the period as a DA (`20240305` to `20240101` for a year), and no more than the period as a DT
 * (`2024`); time and offset from UTC go. Undefined where the value is no date, no single one, or too imprecise for `to`.
 */
export function generaliseDate(value: string, vr: 'DA' | 'DT', to: DateGeneralisation): string | undefined {
  const match = leadingDate.exec(value.trim());
  if (match === null) return undefined;
  const [whole, year = '', , month, day] = match;
  const date = { year: Number(year), month: Number(month ?? 1), day: Number(day ?? 1) };
  if (!isCalendarDate(date)) return undefined;
  const rest = value.trim().slice(whole.length);
  if (vr === 'DA' && (day === undefined || rest !== '')) return undefined;
  if (rest !== '' && !/^[ T]?\d{2}[\d:]*(?:\.\d+)?(?:[+-]\d{2}:?\d{2}|Z)?$|^\+\d{4}$/.test(rest))
    return undefined;
  if (month === undefined && to === 'month') return undefined;
  const result = period(year, month ?? '01', to);
  // The year 0000 of the first decade does not exist.
  if (result.year === '0000') return undefined;
  return vr === 'DA' ? `${result.year}${result.month ?? '01'}01` : `${result.year}${result.month ?? ''}`;
}
