/** Dates and times with labels: they go, or move by exactly the patient's days. */
import { type LabelledValue, type Labelling, same, type Verdict } from './labelling.ts';
import { movedDate } from './published-formulas.ts';

function dateChecks(label: string, expected: string, isKept: boolean): (text: string) => readonly Verdict[] {
  return (text) =>
    isKept
      ? [['date_shifted', text === expected, `${label} -> ${text}, not ${expected}`]]
      : [['date_shifted', !text.includes(label.slice(0, 8)), `${label} -> ${text}`]];
}

/** DA and DT. */
export function labelledDate({ facts, at, code, mayStay, check }: Labelling): LabelledValue {
  const { vr, keyword } = facts;
  const { persona, random, profile, formulas } = at;
  const days = formulas.days(persona.issuer, persona.mrn);
  const date = keyword.includes('Birth')
    ? persona.birthDate
    : `${2003 + random.below(20)}0${1 + random.below(9)}1${random.below(9)}`;
  const rest = vr === 'DT' ? `${10 + random.below(13)}1502.25` : '';
  const isKept = profile === 'research' && mayStay && (code === undefined || code === 'C');
  return check(date + rest, dateChecks(date + rest, movedDate(date, days) + rest, isKept));
}

/** TM. */
export function labelledTime({ at, code, mayStay, check }: Labelling): LabelledValue {
  const { random, profile } = at;
  const time = `1${random.below(10)}3${random.below(10)}0${random.below(10)}.${random.digits(3)}`;
  if (profile === 'research' && mayStay && (code === undefined || code === 'C'))
    return check(time, same(time));
  return check(time, (text) => (code === undefined ? [] : [['text_removed', text !== time]]));
}
