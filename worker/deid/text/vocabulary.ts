/** The words that cleaned text may keep: terms of the standard and of the trade, and plain words; no names. */
import data from './data/vocabulary.json' with { type: 'json' };
import { foldToString } from './fold.ts';

export interface Vocabulary {
  /** Whether the word, in any case and spelling, or the singular of it, is in the vocabulary. */
  has(word: string): boolean;
}

const shortestPlural = 4;

const longestShortWord = 3;
const accented = /^\p{Script=Latin}*[\u00a0-\u024f]\p{Script=Latin}*$/u;

/**
 * A vocabulary of `words`, which are folded already, and of short words with diacritics, which are not: bytes of
 * another character set that are read as Latin give many short words that fold to one of the vocabulary.
 */
export function createVocabulary(words: Iterable<string>, shortAccented: Iterable<string> = []): Vocabulary {
  const known = new Set(words);
  const knownShort = new Set(shortAccented);
  return {
    has: (word) => {
      if (word.length <= longestShortWord && accented.test(word)) {
        return knownShort.has(word.normalize('NFC').toLowerCase());
      }
      const folded = foldToString(word);
      if (known.has(folded)) return true;
      if (folded.length < shortestPlural || !folded.endsWith('s')) return false;
      return known.has(folded.slice(0, -1)) || (folded.endsWith('es') && known.has(folded.slice(0, -2)));
    },
  };
}

const shortAccented = data.shortAccented.split(' ');

export const vocabulary: Vocabulary = createVocabulary(data.words.split(' '), shortAccented);

/** The vocabulary together with the words of Defined Terms and Enumerated Values of PS3.3, for Code Strings. */
export const codeStringVocabulary: Vocabulary = createVocabulary(
  `${data.words} ${data.definedTerms}`.split(' '),
  shortAccented,
);
