/** Makes the text cleaner of one object from its identifying values, its dates and the profile. */
import type { CompiledProfile } from '../profile/compile.ts';
import type { ObjectIdentity, ObjectText } from './application.ts';
import type { Identifying } from './collect-identifying-values.ts';
import { cleanText, scrubText, type TextContext } from './text/clean-text.ts';
import { type IdentifyingValue, needleBuilder } from './text/identifying-values.ts';
import type { Needles } from './text/needle.ts';
import { remembering } from './text/remembering.ts';
import { findInText, type TextFindings } from './text/text-findings.ts';
import { vocabulary } from './text/vocabulary.ts';

/** Reads texts for all objects of an engine. What it remembers are values of functions of one text alone. */
export interface TextReader {
  needlesOf(values: readonly IdentifyingValue[]): Needles;
  find(text: string): TextFindings;
}

export function createTextReader(): TextReader {
  return {
    needlesOf: needleBuilder(vocabulary),
    find: remembering((text) => findInText(text, vocabulary)),
  };
}

/** Items of a multi-frame object repeat the same texts thousands of times. */
function onceForEach(change: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const changed = change(text);
    known.set(text, changed);
    return changed;
  };
}

export function objectText(
  { values, dates }: Identifying,
  profile: CompiledProfile,
  identity: ObjectIdentity,
  reader: TextReader,
): ObjectText {
  const context: TextContext = {
    needles: reader.needlesOf(values),
    vocabulary,
    dates: profile.dates === 'shift' ? { kind: 'shift', days: identity.shiftDays } : { kind: profile.dates },
    ownDates: dates,
    ages: { capAbove: profile.capAgeAbove, keep: profile.keepsPatientCharacteristics },
    mapUid: identity.mapUid,
    find: reader.find,
  };
  return {
    clean: onceForEach((text) => cleanText(text, context)),
    scrub: onceForEach((text) => scrubText(text, context)),
    identifies: (text) => context.needles.find(text).length > 0,
  };
}
