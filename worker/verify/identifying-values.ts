/**
 * The values of a source that identify somebody and must stand nowhere in its output: what the profile removes or
 * replaces.
 */
import { movedDay } from './allowed-values.ts';
import { type Day, dayOfValue } from './dates-in-text.ts';
import type { Expectation } from './expectation.ts';
import type { FoldedTexts } from './folded-text.ts';
import type { ReadElement } from './read-element.ts';
import { attributeOf, confidentialityOf, isRegisteredUid } from './tables.ts';
import { readingsOf, valuesOf } from './values.ts';

/** What to search for. Each is mapped to the element that holds it in the source. */
export interface Sought {
  /** Folded words and phrases. */
  readonly words: ReadonlyMap<string, ReadElement>;
  /** Folded values of two or three letters and digits. */
  readonly short: ReadonlyMap<string, ReadElement>;
  /** Digits of identifiers. */
  readonly numbers: ReadonlyMap<string, ReadElement>;
  /** Days of dates that went or moved, and of those that stand in cleaned text. */
  readonly days: ReadonlyMap<Day, ReadElement>;
  readonly daysInText: ReadonlyMap<Day, ReadElement>;
  /** UIDs that have been replaced. */
  readonly uids: ReadonlyMap<string, ReadElement>;
}

type Expecting = (element: ReadElement) => Expectation;

const identifier = /(?:ID|IDs|Identifier|Number|Barcode|UDI|AETitle)$/;
const searchedVrs = new Set('PN LO SH UC AE'.split(' '));
const freeTextVrs = new Set('LO SH UC ST LT UT'.split(' '));
const longest = 1024;
const shortestNumber = 6;
const shortestUid = 18;
/** Stands for any date (PS3.15 Table E.1-1a, action D). */
const dummyDay: Day = 19000101;

/** Where nothing of a value stays. What a rule takes away may be a description as well: no phrase of it is sought. */
const goes: ReadonlySet<Expectation> = new Set(['gone', 'pseudonym']);
const goesByRule: ReadonlySet<Expectation> = new Set(['absent', 'empty', 'replaced']);

type Found = Map<string, ReadElement>;

function soughtTexts(
  elements: readonly ReadElement[],
  expect: Expecting,
  texts: FoldedTexts,
): Pick<Sought, 'words' | 'short' | 'numbers'> {
  const words: Found = new Map();
  const short: Found = new Map();
  const phrases = new Set<string>();
  const kept = new Set<string>();
  const open = new Set<string>();
  for (const element of elements) {
    const { vr, tag, start, end } = element;
    if (start === end || end - start > longest || !searchedVrs.has(vr)) continue;
    const expectation = expect(element);
    if (expectation === 'open' || expectation === 'cleaned')
      for (const one of valuesOf(element)) open.add(texts.fold(one));
    if (expectation === 'kept' || expectation === 'unsure')
      for (const one of valuesOf(element)) kept.add(texts.fold(one));
    const isByRule = goesByRule.has(expectation);
    if (!isByRule && !goes.has(expectation)) continue;
    if (vr !== 'PN' && confidentialityOf(tag) === undefined) continue;
    const isIdentifier = identifier.test(attributeOf(tag)?.keyword ?? '');
    const isPhrase = vr !== 'PN' && !isIdentifier;
    if (isPhrase && isByRule) continue;
    const partsOf =
      vr === 'PN' ? texts.partsOfName : isIdentifier ? texts.partsOfIdentifier : texts.partsOfPhrase;
    for (const reading of readingsOf(element)) {
      for (const value of reading.split('\\')) {
        const parts = partsOf(value);
        for (const word of parts.words) {
          words.set(word, element);
          if (isPhrase) phrases.add(word);
        }
        if (parts.short !== undefined) short.set(parts.short, element);
      }
    }
  }
  const numbers: Found = new Map();
  for (const [word, element] of words) {
    // A phrase that the profile keeps under another attribute, such as the name of a model, tells nothing.
    if (kept.has(word) || (phrases.has(word) && open.has(word))) words.delete(word);
    else if (word.length >= shortestNumber && /^\d+$/.test(word)) numbers.set(word, element);
  }
  for (const value of short.keys()) if (kept.has(value)) short.delete(value);
  return { words, short, numbers };
}

function soughtDays(
  elements: readonly ReadElement[],
  expect: Expecting,
  texts: FoldedTexts,
  days: number,
): Pick<Sought, 'days' | 'daysInText'> {
  const found = new Map<Day, ReadElement>();
  const inText = new Map<Day, ReadElement>();
  for (const element of elements) {
    const { vr, start, end } = element;
    if (start === end) continue;
    if (vr === 'DA' || vr === 'DT') {
      const expectation = expect(element);
      if (expectation !== 'movedDate' && !goes.has(expectation) && !goesByRule.has(expectation)) continue;
      for (const value of valuesOf(element)) {
        const day = dayOfValue(value);
        if (day !== undefined && day !== dummyDay) found.set(day, element);
      }
    } else if (freeTextVrs.has(vr) && expect(element) === 'cleaned') {
      for (const day of texts.daysIn(readingsOf(element)[0] ?? '')) inText.set(day, element);
    }
  }
  // A day on which another one has come to lie by moving may stand.
  const moved = days === 0 ? [] : [...found.keys(), ...inText.keys()].map((day) => movedDay(day, days));
  for (const day of moved) {
    found.delete(day);
    inText.delete(day);
  }
  return { days: found, daysInText: inText };
}

function replacedUids(elements: readonly ReadElement[], expect: Expecting): Found {
  const replaced: Found = new Map();
  const staying = new Set<string>();
  for (const element of elements) {
    if (element.vr !== 'UI') continue;
    const expectation = expect(element);
    for (const uid of valuesOf(element)) {
      if (expectation !== 'uid' && expectation !== 'gone') staying.add(uid);
      else if (uid.length >= shortestUid && !isRegisteredUid(uid)) replaced.set(uid, element);
    }
  }
  for (const uid of staying) replaced.delete(uid);
  return replaced;
}

/**
 * The values of a source to seek in its output. Dates move by `days`, 0 where they go; undefined where they stay as they
 * are, and none is sought.
 */
export function soughtValues(
  elements: readonly ReadElement[],
  expect: Expecting,
  texts: FoldedTexts,
  days: number | undefined,
): Sought {
  return {
    ...soughtTexts(elements, expect, texts),
    ...(days === undefined
      ? { days: new Map(), daysInText: new Map() }
      : soughtDays(elements, expect, texts, days)),
    uids: replacedUids(elements, expect),
  };
}
