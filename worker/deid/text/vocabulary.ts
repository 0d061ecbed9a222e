/** The words that cleaned text may keep: terms of the standard and of the trade, and plain words; no names. */
import data from './data/vocabulary.json' with { type: 'json' };
import { foldToString } from './fold.ts';

export interface Vocabulary {
  /** Whether the word, in any case and spelling, or the singular of it, is in the vocabulary. */
  has(word: string): boolean;
}

const shortestPlural = 4;

/** A vocabulary of `words`, which are folded already. */
export function createVocabulary(words: Iterable<string>): Vocabulary {
  const known = new Set(words);
  return {
    has: (word) => {
      const folded = foldToString(word);
      if (known.has(folded)) return true;
      if (folded.length < shortestPlural || !folded.endsWith('s')) return false;
      return known.has(folded.slice(0, -1)) || (folded.endsWith('es') && known.has(folded.slice(0, -2)));
    },
  };
}

export const vocabulary: Vocabulary = createVocabulary(data.words.split(' '));

/** The vocabulary together with the words of Defined Terms and Enumerated Values of PS3.3, for Code Strings. */
export const codeStringVocabulary: Vocabulary = createVocabulary(
  `${data.words} ${data.definedTerms}`.split(' '),
);
