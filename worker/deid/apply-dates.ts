/** Carries out the actions on dates, times and ages. What cannot be read as one is never passed on. */
import { capAge } from '../deid/dates/age.ts';
import { generaliseDate } from '../deid/dates/generalise-date.ts';
import { isTime, shiftDate, shiftDateTime } from '../deid/dates/shift-date.ts';
import { shiftUnixTime } from '../deid/dates/unix-time.ts';
import type { Element } from '../dicom/element.ts';
import { vrFacts } from '../dicom/vr.ts';
import type { Application } from './application.ts';
import { cleanText, writeText } from './apply-text.ts';
import { textDummy } from './dummy.ts';
import { asciiValues, bytesOf } from './element-value.ts';
import { mustHaveValue } from './required.ts';
import type { Scope } from './scope.ts';

const timezoneOffset = /^[+-](?:0\d|1[0-4])[0-5]\d$/;

function shifted(value: string, vr: Element['vr'], days: number): string | undefined {
  switch (vr) {
    case 'DA':
      return shiftDate(value, days);
    case 'DT':
      return shiftDateTime(value, days);
    case 'TM':
      return isTime(value) ? value : undefined;
    case 'SH':
      return timezoneOffset.test(value) ? value : undefined;
    default:
      return undefined;
  }
}

function changeValues(
  element: Element,
  scope: Scope,
  app: Application,
  change: (value: string) => string | undefined,
): void {
  const values = asciiValues(element, app.object.body);
  if (values.length === 0) return;
  const fallback = mustHaveValue(element, scope, app) ? (textDummy(element.vr) ?? '') : '';
  const changed = values.map((value) => (value === '' ? '' : (change(value) ?? fallback)));
  if (changed.some((value, index) => value !== values[index])) {
    writeText(element, scope, app, changed.every((value) => value === '') ? '' : changed.join('\\'));
  }
}

/** Moves dates by the patient's days; times of day stay. */
export function applyDateShift(element: Element, scope: Scope, app: Application): void {
  const { vr } = element;
  if (vr === 'DA' || vr === 'DT' || vr === 'TM' || element.tag === 0x00080201) {
    changeValues(element, scope, app, (value) => shifted(value, vr, app.identity.shiftDays));
  } else if (vrFacts[vr].kind === 'text') {
    cleanText(element, scope, app);
  } else {
    app.editor.remove(element);
  }
}

/** Moves a count of seconds since 1970, held as a number or as decimal text. */
export function applyUnixTimeShift(element: Element, app: Application): void {
  const bytes = bytesOf(element, app.object.body);
  const moved = shiftUnixTime(bytes, element.vr, element.encoding.littleEndian, app.identity.shiftDays);
  if (moved === undefined) app.editor.remove(element);
  else app.editor.replaceValue(element, moved);
}

/** Caps ages above a number of years; other numbers at that number. */
export function applyCap(element: Element, scope: Scope, app: Application, above: number): void {
  changeValues(element, scope, app, (value) => {
    if (element.vr === 'AS') return capAge(value, above);
    const number = Number(value);
    if (!Number.isFinite(number)) return undefined;
    return number > above ? String(above) : value;
  });
}

const decade = 10;

/** Generalises a date to its year, month or decade; a number to its ten. */
export function applyGeneralise(
  element: Element,
  scope: Scope,
  app: Application,
  to: 'year' | 'month' | 'decade',
): void {
  changeValues(element, scope, app, (value) => {
    if (element.vr === 'DA' || element.vr === 'DT') return generaliseDate(value, element.vr, to);
    const number = Number(value);
    return Number.isFinite(number) && to === 'decade'
      ? String(Math.floor(number / decade) * decade)
      : undefined;
  });
}
