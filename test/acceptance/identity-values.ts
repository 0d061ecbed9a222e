/** The values that identify somebody in a reference file, and where they lie in an output. No value leaves this module but as a count. */
import { latin1, type TopLevel } from './top-level-elements.ts';

/** The identity fields that the index of the reference data reports, dates, characteristics and free text left out. */
const identityTags = [
  '00080050',
  '00080081',
  '00080090',
  '00081050',
  '00081060',
  '00081070',
  '00100010',
  '00100020',
  '00101000',
  '00101001',
  '00101040',
  '00101060',
  '00102154',
  '00181000',
  '00200010',
] as const;

/** Shorter values stand in every file by chance. */
const shortestNeedle = 6;

/** Words that stand where nobody's name is known, and in Code Strings too. */
const placeholder = /^(?:unknown|none|removed|anonymous|anonymized|modified|operator)$/i;

/** The input's own identifying values, as they are written in it and as a person would write them. */
export function identityValues(input: TopLevel): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const tag of identityTags) {
    const needles = latin1(input, tag)
      .split('\\')
      .flatMap((value) => [value.replace(/[\^ ]+$/, ''), value.replace(/\^+/g, ' ').trim()])
      .filter(
        (value) =>
          value.replace(/[^A-Za-z0-9\u0080-\u00ff]/g, '').length >= shortestNeedle &&
          !placeholder.test(value),
      );
    if (needles.length > 0) found.set(tag, [...new Set(needles)]);
  }
  return found;
}

/** The fields whose value stands somewhere in the output, whatever the case of its letters. */
export function fieldsLeftIn(
  output: TopLevel,
  values: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const haystack = Buffer.from(output.bytes).toString('latin1').toLowerCase();
  return [...values]
    .filter(([, needles]) => needles.some((needle) => haystack.includes(needle.toLowerCase())))
    .map(([tag]) => tag);
}
