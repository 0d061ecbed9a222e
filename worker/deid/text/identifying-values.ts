/** Turns the identifying values of an object into needles: folded forms that text is searched for. */
import { digitForms } from './date-needles.ts';
import { foldToString, isUnspacedScript } from './fold.ts';
import { nameNeedles } from './name-needles.ts';
import { type Needle, type Needles, needlesOf } from './needle.ts';
import { remembering } from './remembering.ts';
import type { Vocabulary } from './vocabulary.ts';

const identifyingKinds = [
  'personName',
  'identifier',
  'telephone',
  'address',
  'date',
  'institution',
  'device',
  'other',
] as const;

/** A value that identifies somebody, and what kind of value it is. */
export interface IdentifyingValue {
  readonly kind: (typeof identifyingKinds)[number];
  readonly text: string;
}

const allDigits = /^\p{Nd}+$/u;
const shortestNumber = 5;
const shortestWord = 4;
const shortestInsideWords = 6;
const shortestPhrase = 8;
const telephoneDigits = 7;
const longTelephone = 10;

const words = (text: string): readonly string[] =>
  text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '');

function isOrdinary(text: string, vocabulary: Vocabulary): boolean {
  return words(text).every((word) => vocabulary.has(word));
}

/** Codes of less than four characters, and a single one repeated, are too common in text to tell anybody. */
function codeNeedles(text: string): readonly Needle[] {
  const folded = foldToString(text);
  if (folded.length < shortestWord) return [];
  if (/^(.)\1*$/u.test(folded)) return [];
  if (allDigits.test(folded)) {
    const significant = folded.replace(/^0+/, '');
    const forms = significant.length >= shortestNumber ? [folded, significant] : [folded];
    return forms.map((form) => ({ folded: form, match: 'number' }));
  }
  const numbers = (text.match(/\p{Nd}+/gu) ?? []).filter((number) => number.length >= shortestNumber);
  return [
    { folded, match: folded.length >= shortestInsideWords ? 'anywhere' : 'word' },
    ...numbers.map((number): Needle => ({ folded: foldToString(number), match: 'number' })),
  ];
}

function phraseNeedle(text: string, shortest: number): readonly Needle[] {
  const folded = foldToString(text);
  if (folded.length < (isUnspacedScript(text) ? 2 : shortest)) return [];
  return [
    {
      folded,
      match: allDigits.test(folded) ? 'number' : folded.length >= shortestInsideWords ? 'anywhere' : 'word',
    },
  ];
}

/** The words of a place that no protocol uses: `Musterstadt` of `Klinikum Musterstadt`. */
function distinctiveWords(text: string, vocabulary: Vocabulary): readonly Needle[] {
  return words(text).flatMap((word): readonly Needle[] => {
    const folded = foldToString(word);
    if (allDigits.test(folded)) return folded.length >= shortestNumber ? [{ folded, match: 'number' }] : [];
    const long = folded.length >= (isUnspacedScript(word) ? 2 : shortestWord);
    return long && !vocabulary.has(word) ? [{ folded, match: 'word' }] : [];
  });
}

function needlesFor({ kind, text }: IdentifyingValue, vocabulary: Vocabulary): readonly Needle[] {
  switch (kind) {
    case 'personName':
      return nameNeedles(text, vocabulary);
    case 'identifier':
      return codeNeedles(text);
    case 'device':
      return isOrdinary(text, vocabulary) ? [] : codeNeedles(text);
    case 'telephone': {
      const digits = foldToString(text).replace(/\P{Nd}/gu, '');
      if (digits.length < telephoneDigits) return codeNeedles(text);
      const forms = digits.length >= longTelephone ? [digits, digits.slice(-telephoneDigits)] : [digits];
      return forms.map((folded) => ({ folded, match: 'number' }));
    }
    case 'address':
    case 'institution':
      return [
        ...(isOrdinary(text, vocabulary) && words(text).length < 2
          ? []
          : phraseNeedle(text, shortestWord - 1)),
        ...text
          .split(/[,;^\r\n]/)
          .flatMap((part) => (isOrdinary(part, vocabulary) ? [] : phraseNeedle(part, shortestWord))),
        ...distinctiveWords(text, vocabulary),
      ];
    case 'date':
      return digitForms(text).map((folded) => ({ folded, match: 'number' }));
    case 'other':
      return isOrdinary(text, vocabulary) && words(text).length < 2 ? [] : phraseNeedle(text, shortestPhrase);
    default:
      return kind satisfies never;
  }
}

/**
 * Gives the needles of an object's identifying values. A word of a name is one even if it is in the vocabulary. The
 * objects of a patient repeat the same values, so the needles of a value are remembered from one object to the next.
 */
export function needleBuilder(vocabulary: Vocabulary): (values: readonly IdentifyingValue[]) => Needles {
  const byKind = Object.fromEntries(
    identifyingKinds.map((kind) => [kind, remembering((text) => needlesFor({ kind, text }, vocabulary))]),
  ) as Readonly<Record<IdentifyingValue['kind'], (text: string) => readonly Needle[]>>;
  return (values) => {
    const dates = values.filter(({ kind }) => kind === 'date').map(({ text }) => text);
    return needlesOf(
      values.flatMap(({ kind, text }) => byKind[kind](text)),
      dates,
      vocabulary,
    );
  };
}

/** The needles of one object's identifying values. */
export function buildNeedles(values: readonly IdentifyingValue[], vocabulary: Vocabulary): Needles {
  return needleBuilder(vocabulary)(values);
}
