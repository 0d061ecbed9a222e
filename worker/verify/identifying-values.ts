/**
 * The values of a source that identify somebody and must stand nowhere in its output: what the profile removes or
 * replaces, folded so that case, diacritics and punctuation do not matter.
 */
import type { Expectation } from './expectation.ts';
import { placeOf, type ReadElement } from './object-reader.ts';
import { attributeOf, confidentialityOf, isRegisteredUid, standardWords } from './tables.ts';
import { readingsOf, trim, valuesOf } from './values.ts';

/** A value to search for, and the place at which the source has it. */
export interface SoughtValue {
  /** Folded, with a space at either end: it is found where it stands as words of its own. */
  readonly folded: string;
  readonly at: string;
}

const shortest = 4;
const shortestPhrase = 12;
const identifier = /(?:ID|IDs|Identifier|Number|Barcode|UDI)$/;

const isAscii = /^[\0-\x7f]*$/;

/** Letters without marks and digits, in small letters; whatever else stands between them is one space. */
export function folded(text: string): string {
  const unmarked = isAscii.test(text) ? text : text.normalize('NFKD').replace(/\p{M}+/gu, '');
  const plain = unmarked
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return ` ${plain} `;
}

function isRepeated(word: string): boolean {
  return /^(.)\1*$/u.test(word);
}

function isSought(word: string): boolean {
  return [...word].length >= shortest && !standardWords.has(word) && !isRepeated(word);
}

/** The words of a name and the name as a whole. */
function ofName(value: string): readonly string[] {
  return value.split('=').flatMap((group) => {
    const whole = folded(group).trim();
    const words = whole.split(' ');
    return [
      ...words,
      ...(words.length > 1 && !words.every((word) => standardWords.has(word)) ? [whole] : []),
    ];
  });
}

/** An identifier as a whole; one without a digit may be any word. */
function ofIdentifier(value: string): readonly string[] {
  const whole = folded(value).trim();
  return /\d/.test(whole) ? [whole] : [];
}

/** What is neither a name nor an identifier is sought as a phrase, as its words alone say nothing of anybody. */
function ofPhrase(value: string): readonly string[] {
  const whole = folded(value).trim();
  const words = whole.split(' ');
  const isTelling = words.length > 1 && words.some((word) => isSought(word));
  return whole.length >= shortestPhrase && isTelling ? [whole] : [];
}

const searchedVrs = new Set('PN LO SH UC'.split(' '));
const longest = 1024;

/** The values to seek, of elements with what is expected of each. */
export function identifyingValues(
  elements: Iterable<readonly [ReadElement, Expectation]>,
): readonly SoughtValue[] {
  const sought = new Map<string, string>();
  const kept = new Set<string>();
  const phrases = new Set<string>();
  const open = new Set<string>();
  for (const [element, expectation] of elements) {
    const { vr, tag, value } = element;
    if (!searchedVrs.has(vr) || value.length === 0 || value.length > longest) continue;
    if (expectation === 'open') for (const one of valuesOf(element)) open.add(folded(one).trim());
    if (expectation === 'kept') for (const one of valuesOf(element)) kept.add(folded(one).trim());
    if (expectation !== 'gone' && expectation !== 'pseudonym') continue;
    if (vr !== 'PN' && confidentialityOf(tag) === undefined) continue;
    const isIdentifier = identifier.test(attributeOf(tag)?.keyword ?? '');
    const words = vr === 'PN' ? ofName : isIdentifier ? ofIdentifier : ofPhrase;
    for (const reading of readingsOf(element)) {
      for (const one of reading.split('\\').map(trim).flatMap(words)) {
        if (!isSought(one)) continue;
        sought.set(one, placeOf(element));
        if (words === ofPhrase) phrases.add(one);
      }
    }
  }
  // A phrase that the profile keeps under another attribute, such as the name of a model, tells nothing.
  const isKept = (word: string): boolean => kept.has(word) || (phrases.has(word) && open.has(word));
  return [...sought].filter(([word]) => !isKept(word)).map(([word, at]) => ({ folded: ` ${word} `, at }));
}

/** UIDs of the source that name something of their own and have been replaced. */
export function replacedUids(
  elements: Iterable<readonly [ReadElement, Expectation]>,
): readonly SoughtValue[] {
  const replaced = new Map<string, string>();
  const staying = new Set<string>();
  for (const [element, expectation] of elements) {
    if (element.vr !== 'UI') continue;
    for (const uid of valuesOf(element)) {
      if (expectation === 'uid' || expectation === 'gone') replaced.set(uid, placeOf(element));
      else staying.add(uid);
    }
  }
  return [...replaced]
    .filter(([uid]) => uid.length >= 18 && !isRegisteredUid(uid) && !staying.has(uid))
    .map(([uid, at]) => ({ folded: uid, at }));
}
