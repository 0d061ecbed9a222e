/** Makes the text cleaner of one object from its identifying values, its dates and the profile. */
import type { CompiledProfile } from '../profile/compile.ts';
import type { ObjectIdentity, ObjectText } from './application.ts';
import { cleanText, scrubText, type TextContext } from './text/clean-text.ts';
import { buildNeedles, type IdentifyingValue } from './text/identifying-values.ts';
import type { TextFindings } from './text/text-findings.ts';
import { vocabulary } from './text/vocabulary.ts';

/** Items of a multi-frame object repeat the same texts thousands of times. */
function remembering(change: (text: string) => string): (text: string) => string {
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
  values: readonly IdentifyingValue[],
  profile: CompiledProfile,
  identity: ObjectIdentity,
  find: (text: string) => TextFindings,
): ObjectText {
  const context: TextContext = {
    needles: buildNeedles(values, vocabulary),
    vocabulary,
    dates: profile.dates === 'shift' ? { kind: 'shift', days: identity.shiftDays } : { kind: profile.dates },
    ages: { capAbove: profile.capAgeAbove, keep: profile.keepsPatientCharacteristics },
    mapUid: identity.mapUid,
    find,
  };
  return {
    clean: remembering((text) => cleanText(text, context)),
    scrub: remembering((text) => scrubText(text, context)),
  };
}
