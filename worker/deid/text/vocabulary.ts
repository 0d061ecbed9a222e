/** The words that cleaned text may keep: terms of the standard and of the trade, and plain words; no names. */

import data from './data/vocabulary.json' with { type: 'json' };
import { foldToString } from './fold.ts';
import type { Span } from './span.ts';

export interface Vocabulary {
  /** Where a text holds a phrase that makes terms of common names, such as `Circle of Willis`. */
  phrases(text: string): readonly Span[];
  /** Whether the word, in any case and spelling, or the singular of it, is in the vocabulary. */
  has(word: string): boolean;
}

const shortestPlural = 4;

const longestShortWord = 3;
const accented = /^\p{Script=Latin}*[\u00a0-\u024f]\p{Script=Latin}*$/u;

/** Finds phrases in any case, with spaces, punctuation or brackets between their words. */
function patternOf(phrases: readonly string[]): RegExp {
  const alternatives = phrases.map((phrase) =>
    phrase
      .split(' ')
      .map((word) => word.replace(/s$/, "['’]?s"))
      .join("[ _.,()\\[\\]’'-]{1,2}"),
  );
  return new RegExp(`(?<!\\p{L})(?:${alternatives.join('|') || '(?!)'})(?!\\p{L})`, 'giu');
}

/** What a vocabulary is made of. */
export interface VocabularyParts {
  /** Folded; in one of the sets. */
  readonly words: readonly ReadonlySet<string>[];
  /**
   * Short words with diacritics, not folded: bytes of another character set that are read as Latin give many short words
   * that fold to one of the vocabulary.
   */
  readonly shortAccented?: Iterable<string>;
  /** Phrases of lower-case words with one space between them. */
  readonly phrases?: readonly string[];
  /** Folded names that are no plural though the vocabulary has the word without its ending. */
  readonly namesLikePlurals?: Iterable<string>;
}

export function createVocabulary(parts: VocabularyParts): Vocabulary {
  const phrasePattern = patternOf(parts.phrases ?? []);
  const known = (folded: string): boolean => parts.words.some((words) => words.has(folded));
  const knownShort = new Set(parts.shortAccented);
  const noPlurals = new Set(parts.namesLikePlurals);
  return {
    phrases: (text) =>
      [...text.matchAll(phrasePattern)].map((match) => ({
        start: match.index,
        end: match.index + match[0].length,
      })),
    has: (word) => {
      if (word.length <= longestShortWord && accented.test(word)) {
        return knownShort.has(word.normalize('NFC').toLowerCase());
      }
      const folded = foldToString(word);
      if (known(folded)) return true;
      if (folded.length < shortestPlural || !folded.endsWith('s') || noPlurals.has(folded)) return false;
      return known(folded.slice(0, -1)) || (folded.endsWith('es') && known(folded.slice(0, -2)));
    },
  };
}

const words: ReadonlySet<string> = new Set(data.words.split(' '));

const shared = {
  shortAccented: data.shortAccented.split(' '),
  phrases: data.phrases,
  namesLikePlurals: data.namesLikePlurals.split(' '),
};

export const vocabulary: Vocabulary = createVocabulary({ words: [words], ...shared });

/** The vocabulary together with the words of Defined Terms and Enumerated Values of PS3.3, for Code Strings. */
export const codeStringVocabulary: Vocabulary = createVocabulary({
  words: [words, new Set(data.definedTerms.split(' '))],
  ...shared,
});
