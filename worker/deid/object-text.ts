/** Makes the text cleaner of one object from its identifying values, its dates and the profile. */
import type { CompiledProfile } from '../profile/compile.ts';
import type { ObjectIdentity, ObjectText } from './application.ts';
import { cleanText, type TextContext } from './text/clean-text.ts';
import { buildNeedles, type IdentifyingValue } from './text/identifying-values.ts';
import { vocabulary } from './text/vocabulary.ts';

export function objectText(
  values: readonly IdentifyingValue[],
  profile: CompiledProfile,
  identity: ObjectIdentity,
): ObjectText {
  const needles = buildNeedles(values);
  const base: TextContext = {
    needles,
    dates: profile.dates === 'shift' ? { kind: 'shift', days: identity.shiftDays } : { kind: profile.dates },
    ages: { capAbove: profile.capAgeAbove, keep: profile.keepsPatientCharacteristics },
    mapUid: identity.mapUid,
  };
  const withVocabulary: TextContext = { ...base, vocabulary };
  return {
    clean: (text) => cleanText(text, withVocabulary).text,
    scrub: (text) => cleanText(text, base).text,
  };
}
