/** The values that may stand for what was there: dummies, moved dates, capped ages. */

import type { ReadElement } from './read-element.ts';

/** A dummy for each VR that holds text (PS3.15 Table E.1-1a, action D; listed in docs/verification.md). */
const dummies: Readonly<Record<string, string>> = {
  AE: 'ANON',
  AS: '000D',
  CS: 'UNKNOWN',
  DA: '19000101',
  DS: '0',
  DT: '19000101000000',
  IS: '0',
  LO: 'REMOVED',
  LT: 'REMOVED',
  PN: 'ANON',
  SH: 'REMOVED',
  ST: 'REMOVED',
  TM: '000000',
  UC: 'REMOVED',
  UR: 'urn:removed',
  UT: 'REMOVED',
};

/** True for no value, the dummy of a text VR, or numbers and bytes that are all zero. */
export function isNoValue({ vr, held, start, end }: ReadElement): boolean {
  if (start === end) return true;
  if (dummies[vr] !== undefined)
    return isNoText(vr, held.toString('latin1', start, end).replace(/[\0 ]+$/, ''));
  for (let at = start; at < end; at++) if (held[at] !== 0) return false;
  return true;
}

/** True for an empty value and the dummy of a text VR. */
export function isNoText(vr: string, value: string): boolean {
  return value === '' || value === dummies[vr];
}

/** The day, as the number YYYYMMDD, that lies `days` before. */
export function movedDay(day: number, days: number): number {
  return Number(movedDate(String(day).padStart(8, '0'), days) ?? 0);
}

const msPerDay = 86_400_000;
const dayInFront = /^(\d{4})(\d{2})(\d{2})(.*)$/s;

/**
 * A DA or DT value `days` earlier; times of day stay. Undefined where the value does not begin with a day of the calendar
 * or would lie before the year 1: nothing may stand for it then.
 */
export function movedDate(value: string, days: number): string | undefined {
  const match = dayInFront.exec(value);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', rest = ''] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  const moved = new Date(date.getTime() - days * msPerDay);
  if (moved.getUTCFullYear() < 1) return undefined;
  return moved.toISOString().slice(0, 10).replaceAll('-', '') + rest;
}

const age = /^(\d+)([DWMY])$/;
const unitsAYear: Readonly<Record<string, number>> = { D: 365, W: 52, M: 12, Y: 1 };

/** True for an age that is above the cap and is not the one that stands for all of those. */
export function isUncappedAge(value: string, capAbove: number): boolean {
  const [, number = '', unit = ''] = age.exec(value.trim()) ?? [];
  const years = Number(number) / (unitsAYear[unit] ?? 1);
  return years >= capAbove + 2;
}
