/** Searches an output for the identifying values of its source, in whatever character set they may have been written. */
import type { Finding } from '../verifier.ts';
import type { Day } from './dates-in-text.ts';
import type { Expectation } from './expectation.ts';
import type { FoldedTexts } from './folded-text.ts';
import type { Sought } from './identifying-values.ts';
import { latin1, placeOf, type ReadElement } from './read-element.ts';
import { readingsOf, valuesOf } from './values.ts';

type Expecting = (element: ReadElement) => Expectation;

/** Values that are checked one by one, and numbers, in which letters and digits stand by chance. */
const notSearched = new Set('UI DA DT TM AS AT FD FL OB OD OF OL OV OW SL SQ SS SV UL US UV'.split(' '));
const shortestNumber = 6;
const numberVrs = new Set('DS IS'.split(' '));
/** Values that may be a short identifier as a whole, and in which a date may stand. */
const freeTextVrs = new Set('LO SH UC ST LT UT'.split(' '));
/** Left to a rule, or the patient's own new name. */
const notSought: ReadonlySet<Expectation> = new Set(['kept', 'unsure', 'pseudonym', 'replaced']);

const holds = (source: ReadElement): Finding => ({
  reason: 'VerificationIdentifyingValue',
  at: placeOf(source),
});

function numberIn(element: ReadElement, sought: Sought): ReadElement | undefined {
  for (const value of valuesOf(element)) {
    const digits = value.startsWith('+') || value.startsWith('-') ? value.slice(1) : value;
    const found =
      sought.numbers.get(digits) ?? (digits.length === 8 ? sought.days.get(Number(digits)) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function dayIn(days: readonly Day[], sought: Sought, isCleaned: boolean): ReadElement | undefined {
  const among = (of: ReadonlyMap<Day, ReadElement>): ReadElement | undefined => {
    const day = days.find((one) => of.has(one));
    return day === undefined ? undefined : of.get(day);
  };
  return days.length === 0
    ? undefined
    : (among(sought.days) ?? (isCleaned ? among(sought.daysInText) : undefined));
}

/** Letters that hardly stand in a row by chance, in bytes that are no text. */
const shortestInBytes = 6;
const singleWord = /^[a-z0-9]+$/;
const byteVrs = new Set('OB OW'.split(' '));

/**
 * The first identifying value that stands in a text of the output; the place is the source's. `bulkTexts` are bulk values
 * byte by byte, in small letters.
 */
export function checkText(
  output: readonly ReadElement[],
  bulkTexts: readonly string[],
  sought: Sought,
  expect: Expecting,
  texts: FoldedTexts,
): Finding | undefined {
  const hasDays = sought.days.size > 0 || sought.daysInText.size > 0;
  const searched: string[] = [];
  const bytes = [...bulkTexts];
  for (const element of output) {
    const { vr, start, end } = element;
    if (start === end) continue;
    if (byteVrs.has(vr) && end - start >= shortestInBytes) bytes.push(latin1(element).toLowerCase());
    if (notSearched.has(vr)) continue;
    const expectation = expect(element);
    if (notSought.has(expectation)) continue;
    if (numberVrs.has(vr)) {
      if (end - start < shortestNumber || (sought.numbers.size === 0 && !hasDays)) continue;
      const source = numberIn(element, sought);
      if (source !== undefined) return holds(source);
      continue;
    }
    const isFreeText = freeTextVrs.has(vr);
    for (const reading of readingsOf(element)) {
      const folded = vr === 'CS' ? texts.foldWithoutTerms(reading) : texts.fold(reading);
      searched.push(folded);
      if (!isFreeText) continue;
      const source = sought.short.get(folded);
      if (source !== undefined) return holds(source);
      const day = hasDays ? dayIn(texts.daysIn(reading), sought, expectation === 'cleaned') : undefined;
      if (day !== undefined) return { reason: 'VerificationDate', at: placeOf(element) };
    }
  }
  if (sought.words.size === 0) return undefined;
  // A word is found between spaces; the mark, which no folded text holds, keeps one text from being read on into the next.
  const haystack = ` ${searched.join(' | ')} `;
  for (const [word, source] of sought.words) {
    if (haystack.includes(` ${word} `)) return holds(source);
    const isLong = word.length >= shortestInBytes && singleWord.test(word);
    if (isLong && bytes.some((text) => text.includes(word))) return holds(source);
  }
  return undefined;
}

/** Whatever could be a UID, as long as it goes. */
const dottedNumber = /\d+(?:\.\d+)+/g;
const shortestUid = 18;
const dot = 0x2e;

/** The first of the replaced UIDs that stands in any value of the output that is no bulk. */
export function checkUidsInText(
  output: readonly ReadElement[],
  { uids }: Sought,
  expect: Expecting,
): Finding | undefined {
  if (uids.size === 0) return undefined;
  for (const element of output) {
    const { held, start, end, vr } = element;
    if (end - start < shortestUid) continue;
    if (vr === 'UI') {
      const source = valuesOf(element)
        .map((uid) => uids.get(uid))
        .find((replaced) => replaced !== undefined);
      const isLeft = source !== undefined && expect(element) !== 'kept' && expect(element) !== 'unsure';
      if (isLeft) return { reason: 'VerificationUid', at: placeOf(source) };
      continue;
    }
    const firstDot = held.indexOf(dot, start);
    if (firstDot < 0 || firstDot >= end) continue;
    const expectation = expect(element);
    if (expectation === 'kept' || expectation === 'unsure') continue;
    for (const [token] of latin1(element).matchAll(dottedNumber)) {
      const source = uids.get(token);
      if (source !== undefined) return { reason: 'VerificationUid', at: placeOf(source) };
    }
  }
  return undefined;
}
