/** What the labels of decisions in records mean to a person: see `decisionLabel`. */
import { codeMeanings } from './conformance-attributes.ts';

const fixed: Readonly<Record<string, string>> = {
  'private safe':
    'Private attribute that Table E.3.10-1 or the TCIA knowledge base calls safe: treated as they say',
  'private declaredSafe': 'Private attribute that the object itself declares safe: kept',
  'private unsafe': 'Private attribute that nobody calls safe: removed',
  'private creator': 'Private Creator: kept where an attribute of its block is kept',
  'private orphan': 'Private attribute without a Private Creator: removed',
  'structure groupLength': 'Group length: removed',
  'structure notInDataSets': 'Element of a group that does not belong into data sets: removed',
  'structure deidentification': 'Earlier statement about de-identification: removed, ours is written anew',
  'structure overlay': 'Overlay group: removed whole',
  'supplement X': 'Identifying attribute that the table lacks: removed or replaced, by its Type',
  'supplement Z': 'Identifying attribute that the table lacks: emptied or replaced, by its Type',
  'supplement C': 'Free text that the table lacks: cleaned',
  'VR PN': 'Name that the table lacks: removed, emptied or replaced, by its Type',
  'VR UI': 'UID: replaced by the one that the project key gives, unless it names a class',
  'VR DA': 'Date that the table lacks: treated like those that it lists',
  'VR DT': 'Date and time that the table lacks: treated like those that it lists',
  'VR TM': 'Time that the table lacks: treated like those that it lists',
  'VR AS': 'Age: capped',
  'unlisted keep': 'Attribute that is not listed: kept, its text searched for identifying values',
  'unlisted clean': 'Free text that is not listed: cleaned',
  'unlisted remove': 'Attribute that is not listed: removed',
  'unlisted reject': 'Attribute that is not listed: the object is held back',
  'unknown remove': 'Element that PS3.6 does not define: removed',
  'unknown reject': 'Element that PS3.6 does not define: the object is held back',
  'E.3.4-1': 'Content item that Table E.3.4-1 names: treated as it says',
  'content item': 'Content item: kept, its value cleaned or replaced',
};

/** The meaning of a label; empty for one of another version of the program. */
export function decisionMeaning(label: string): string {
  const known = fixed[label];
  if (known !== undefined) return known;
  if (/^rule \d+ /.test(label)) return 'Rule of the profile: see the conformance statement';
  const [table, code = '', option] = label.split(' ');
  if (table !== 'E.1-1' || !(code in codeMeanings)) return '';
  if (code === 'C' && option === 'RetainLongitudinalModifiedDates')
    return "Moved by the patient's number of days";
  return codeMeanings[code as keyof typeof codeMeanings];
}
