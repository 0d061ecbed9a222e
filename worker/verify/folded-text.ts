/** Texts made comparable: case, diacritics and punctuation do not matter; and the words of them that tell somebody. */
import { type Day, daysIn } from './dates-in-text.ts';
import { definedTerms } from './defined-terms.ts';
import { remembering } from './remembering.ts';
import { standardWords } from './tables.ts';

const shortest = 4;
const shortestPhrase = 12;
const isAscii = /^[\0-\x7f]*$/;

/** Letters without marks and digits, in small letters; whatever else stands between them is one space. */
export function fold(text: string): string {
  const unmarked = isAscii.test(text) ? text : text.normalize('NFKD').replace(/\p{M}+/gu, '');
  return unmarked
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function isRepeated(word: string): boolean {
  return /^(.)\1*$/u.test(word);
}

function isTelling(word: string): boolean {
  return [...word].length >= shortest && !standardWords.has(word) && !isRepeated(word);
}

/** What of a value is sought: parts that are found wherever they stand as words, or all of a short value. */
export interface SoughtParts {
  readonly words: readonly string[];
  /** Two or three letters and digits: found where they are a whole value. */
  readonly short: string | undefined;
}

function shortOf(whole: string): string | undefined {
  const { length } = [...whole];
  return length > 1 && length < shortest && !isRepeated(whole) && !standardWords.has(whole)
    ? whole
    : undefined;
}

/** The words of a name, in each of its representations, and the name as a whole. */
function partsOfName(value: string): SoughtParts {
  const wholes = value.split('=').map(fold);
  const words = wholes.flatMap((whole) => {
    const single = whole.split(' ');
    const isName = single.length > 1 && !single.every((word) => standardWords.has(word));
    return isName ? [...single, whole] : single;
  });
  return { words: words.filter(isTelling), short: shortOf(wholes[0] ?? '') };
}

/** An identifier as a whole; one without a digit may be any word. */
function partsOfIdentifier(value: string): SoughtParts {
  const whole = fold(value);
  return { words: /\d/.test(whole) && isTelling(whole) ? [whole] : [], short: shortOf(whole) };
}

/** What is neither a name nor an identifier is sought as a phrase, as its words alone say nothing of anybody. */
function partsOfPhrase(value: string): SoughtParts {
  const whole = fold(value);
  const words = whole.split(' ');
  const isPhrase = whole.length >= shortestPhrase && words.length > 1 && words.some(isTelling);
  return { words: isPhrase && isTelling(whole) ? [whole] : [], short: undefined };
}

/** A Code String folded; a mark, which no folded text holds, stands for a defined term. */
function foldWithoutTerms(text: string): string {
  return fold(text)
    .split(' ')
    .map((word) => (definedTerms.has(word) ? '|' : word))
    .join(' ');
}

/** The functions above, remembering what they made of texts that come again. */
export interface FoldedTexts {
  fold(text: string): string;
  foldWithoutTerms(text: string): string;
  daysIn(text: string): readonly Day[];
  partsOfName(value: string): SoughtParts;
  partsOfIdentifier(value: string): SoughtParts;
  partsOfPhrase(value: string): SoughtParts;
}

export function createFoldedTexts(): FoldedTexts {
  return {
    fold: remembering(fold),
    foldWithoutTerms: remembering(foldWithoutTerms),
    daysIn: remembering(daysIn),
    partsOfName: remembering(partsOfName),
    partsOfIdentifier: remembering(partsOfIdentifier),
    partsOfPhrase: remembering(partsOfPhrase),
  };
}
