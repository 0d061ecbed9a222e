/**
 * Writes `worker/deid/text/data/vocabulary.json`: the words that cleaned text may keep.
 *
 * node scripts/vocabulary/generate.ts --standards DIR --concepts FILE --names DIR --english DIR --functions FILE
 *
 * `--standards` holds the dictionary of PS3.6 and the module descriptions of PS3.3; `--concepts` is pydicom's
 * `_concepts_dict.py` (meanings of PS3.16's context groups, MIT); `--names` holds the frequency lists of names of the
 * United States census of 1990 (`dist.*`, public domain); `--english` the lists of SCOWL that Debian's `wamerican` and
 * `wbritish-small` install; `--functions` the JSON of `stopwords-iso` (MIT). Words that are common names are left out, but
 * for the few in `words/despite-names.txt`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { foldToString, isUnspacedScript } from '../../worker/deid/text/fold.ts';
import { parseTsv } from '../standards/tsv.ts';
import { commonNames, plainEnglishLimits, termLimits } from './common-names.ts';
import { conceptMeanings, functionWords, moduleDescriptions, plainWords } from './sources.ts';

const { values } = parseArgs({
  options: {
    standards: { type: 'string' },
    concepts: { type: 'string' },
    names: { type: 'string' },
    english: { type: 'string' },
    functions: { type: 'string' },
  },
});

function required(name: keyof typeof values): string {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

function ownLines(name: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, 'words', name), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

function ownWords(name: string): readonly string[] {
  return ownLines(name)
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => word !== '');
}

/** Runs of letters. Two letters at least: single ones are judged where they stand. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\p{L}[\p{L}\p{M}]+/gu) ?? [];
}

const ownLists = [
  'imaging.txt',
  'medicine.txt',
  'english.txt',
  'german.txt',
  'french.txt',
  'iberian.txt',
  'other-european.txt',
  'other-scripts.txt',
  'other-languages.txt',
];

const standards = required('standards');
const namesFolder = required('names');
const nameLists = readdirSync(namesFolder)
  .filter((file) => file.startsWith('dist.'))
  .map((file) => ({ file, text: readFileSync(join(namesFolder, file), 'utf8') }));
const names = commonNames(nameLists, termLimits);
const rarerNames = commonNames(nameLists, plainEnglishLimits);
/** Names of other countries. Single characters are words as well, and needed. */
for (const name of ownWords('names.txt').map(foldToString)) {
  if (name.length > 1) names.add(name);
  rarerNames.add(name);
}
const despiteNames = new Set(ownWords('despite-names.txt'));

const dictionary = parseTsv(
  readFileSync(join(standards, 'dictionary/ps3.6_data_elements_2026c.tsv'), 'utf8'),
);
const gathered = [
  ...dictionary.flatMap((row) => wordsOf(row.name ?? Object.values(row)[1] ?? '')),
  ...conceptMeanings(readFileSync(required('concepts'), 'utf8')).flatMap(wordsOf),
  ...moduleDescriptions(readFileSync(join(standards, 'dictionary/innolitics_modules.json'), 'utf8')).flatMap(
    wordsOf,
  ),
].map(foldToString);
const own = ownLists.flatMap(ownWords).flatMap((word) => (isUnspacedScript(word) ? [word] : wordsOf(word)));
const english = readdirSync(required('english')).map((file) =>
  readFileSync(join(required('english'), file), 'utf8'),
);

const words = new Set<string>();
for (const word of gathered) if (!names.has(word) || despiteNames.has(word)) words.add(word);
for (const word of plainWords(english).map(foldToString)) if (!rarerNames.has(word)) words.add(word);
for (const word of functionWords(readFileSync(required('functions'), 'utf8')).map(foldToString)) {
  if (!rarerNames.has(word)) words.add(word);
}
for (const word of [...own, ...despiteNames]) {
  const folded = foldToString(word);
  if (isUnspacedScript(word) || !names.has(folded) || despiteNames.has(folded)) words.add(folded);
}
/** What the vocabulary would otherwise take for the plural of a word. */
const namesLikePlurals = [...rarerNames].filter(
  (name) =>
    name.endsWith('s') && !words.has(name) && (words.has(name.slice(0, -1)) || words.has(name.slice(0, -2))),
);
/** Shorter words are told by their diacritics too: other character sets read as Latin give many such. */
const shortestFolded = 3;
const definedTerms = new Set(ownWords('defined-terms.txt').map(foldToString));
const data = {
  edition: '2026c',
  words: [...words]
    .filter((word) => word !== '')
    .sort()
    .join(' '),
  shortAccented: [...new Set(own.map((word) => word.normalize('NFC').toLowerCase()))]
    .filter(
      (word) => word.length <= shortestFolded && /^\p{Script=Latin}+$/u.test(word) && /[^a-z]/.test(word),
    )
    .sort()
    .join(' '),
  definedTerms: [...definedTerms]
    .filter((word) => !words.has(word))
    .sort()
    .join(' '),
  namesLikePlurals: namesLikePlurals.sort().join(' '),
  phrases: ownLines('phrases.txt'),
};
writeFileSync(
  join(import.meta.dirname, '../../worker/deid/text/data/vocabulary.json'),
  `${JSON.stringify(data)}\n`,
);
