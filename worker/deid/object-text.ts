/** Makes the text cleaner of an object from its identifying values, its dates and the profile. */
import type { CompiledProfile } from '../profile/compile.ts';
import type { ObjectIdentity, ObjectText } from './application.ts';
import type { Identifying } from './collect-identifying-values.ts';
import { cleanText, scrubText, type TextContext } from './text/clean-text.ts';
import { needleBuilder } from './text/identifying-values.ts';
import { remembering } from './text/remembering.ts';
import { findInText } from './text/text-findings.ts';
import { vocabulary } from './text/vocabulary.ts';

/** Gives the text cleaner of an object; all objects of one engine must have the same `mapUid`. */
export type ObjectTexts = (identifying: Identifying, identity: ObjectIdentity) => ObjectText;

/** Patients, days or devices whose objects may come by turns. */
const mostCleaners = 8;
const mostCharacters = 1_000_000;

/** Objects of a series, and items of a multi-frame object, repeat the same texts thousands of times. */
function onceForEach(change: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  let characters = 0;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const changed = change(text);
    characters += text.length + changed.length;
    if (characters > mostCharacters) {
      known.clear();
      characters = text.length + changed.length;
    }
    known.set(text, changed);
    return changed;
  };
}

/** All that a cleaner hangs on beside the engine. */
function keyOf({ values, dates }: Identifying, { shiftDays }: ObjectIdentity): string {
  return JSON.stringify([shiftDays, ...dates, ...values.map(({ kind, text }) => `${kind} ${text}`)]);
}

/**
 * Makes the text cleaners of an engine's objects. Objects with the same identifying values, dates and shift share one, so
 * that a text of a series is cleaned once; what is remembered are values of functions of these and of one text.
 */
export function createObjectTexts(profile: CompiledProfile): ObjectTexts {
  const needlesOf = needleBuilder(vocabulary);
  const find = remembering((text) => findInText(text, vocabulary));
  const cleaners = new Map<string, ObjectText>();

  const make = ({ values, dates }: Identifying, { shiftDays, mapUid }: ObjectIdentity): ObjectText => {
    const context: TextContext = {
      needles: needlesOf(values),
      vocabulary,
      dates: profile.dates === 'shift' ? { kind: 'shift', days: shiftDays } : { kind: profile.dates },
      ownDates: dates,
      ages: { capAbove: profile.capAgeAbove, keep: profile.keepsPatientCharacteristics },
      mapUid,
      find,
    };
    return {
      clean: onceForEach((text) => cleanText(text, context)),
      scrub: onceForEach((text) => scrubText(text, context)),
      identifies: (text) => context.needles.find(text).length > 0,
    };
  };
  return (identifying, identity) => {
    const key = keyOf(identifying, identity);
    const known = cleaners.get(key);
    if (known !== undefined) return known;
    const made = make(identifying, identity);
    if (cleaners.size >= mostCleaners) cleaners.delete(cleaners.keys().next().value ?? '');
    cleaners.set(key, made);
    return made;
  };
}
