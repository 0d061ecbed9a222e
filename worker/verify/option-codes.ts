/** Which code a row of PS3.15's tables has under the options of a profile. */
import type { ConfidentialityRow } from './tables.ts';

/** Options by the letters of the tables, in the order in which they are asked: those that clean before those that keep. */
const optionLetters: readonly (readonly [letter: string, option: string])[] = [
  ['s', 'CleanStructuredContent'],
  ['g', 'CleanGraphics'],
  ['m', 'RetainLongitudinalModifiedDates'],
  ['t', 'CleanDescriptors'],
  ['f', 'RetainLongitudinalFullDates'],
  ['c', 'RetainPatientCharacteristics'],
  ['d', 'RetainDeviceIdentity'],
  ['i', 'RetainInstitutionIdentity'],
  ['u', 'RetainUIDs'],
  ['p', 'RetainSafePrivate'],
];

/** The code in force, and the letter of the option that it comes from; none where it is the basic profile's. */
export interface CodeInForce {
  readonly code: string;
  readonly letter: string;
}

/** The code that a row has under the options: that of the first option that cleans, else of one that keeps. */
export function codeInForce(row: ConfidentialityRow, options: ReadonlySet<string>): CodeInForce {
  let kept: string | undefined;
  for (const [letter, option] of optionLetters) {
    const code = options.has(option) ? row.options.get(letter) : undefined;
    if (code === 'C') return { code, letter };
    if (code === 'K') kept ??= letter;
  }
  return kept === undefined ? { code: row.basic, letter: '' } : { code: 'K', letter: kept };
}
