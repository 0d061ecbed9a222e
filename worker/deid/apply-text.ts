/** Carries out the actions that change text: cleaning, scrubbing, replacing, and the checks on codes and numbers. */
import { decodingsOf, undeclaredReadings } from '../dicom/character-set/decode-tolerant.ts';
import type { Element } from '../dicom/element.ts';
import { isPrivate } from '../dicom/tag.ts';
import { type Vr, vrFacts } from '../dicom/vr.ts';
import type { Application } from './application.ts';
import { textDummy } from './dummy.ts';
import { bytesOf, textOf, trimPadding } from './element-value.ts';
import { mustHaveValue } from './required.ts';
import type { Scope } from './scope.ts';
import { codeStringVocabulary, vocabulary } from './text/vocabulary.ts';

const empty = new Uint8Array(0);

/** Text that lies outside what the character set can hold is dropped character by character. */
function encodeAsFarAsPossible(text: string, encode: (part: string) => Uint8Array | undefined): Uint8Array {
  const whole = encode(text);
  if (whole !== undefined) return whole;
  return encode([...text].filter((character) => encode(character) !== undefined).join('')) ?? empty;
}

/** Writes `text` as the element's whole value, in the character set in which it was read. */
export function writeText(element: Element, scope: Scope, app: Application, text: string): void {
  // An empty private element says no more than none, but for the name of what it held.
  if (text === '' && isPrivate(element.tag)) return app.editor.remove(element);
  if (text === '' && mustHaveValue(element, scope, app)) {
    app.editor.replaceValue(element, Buffer.from(textDummy(element.vr) ?? '', 'latin1'));
    return;
  }
  const { encode } = textOf(element, scope, app.object.body);
  app.editor.replaceValue(element, encodeAsFarAsPossible(text, encode));
}

/** Values one by one: separators stay, so that the order of values keeps its meaning. */
function eachValue(text: string, vr: Vr, change: (value: string) => string): string {
  if (!vrFacts[vr].multiValued) return change(text);
  return text.split('\\').map(change).join('\\');
}

function changeText(
  element: Element,
  scope: Scope,
  app: Application,
  change: (value: string, certain: boolean) => string,
): void {
  if (element.valueStart === element.valueEnd) return;
  const { text, certain } = textOf(element, scope, app.object.body);
  const changed = eachValue(text, element.vr, (value) => change(value, certain));
  if (certain && hidesMisreadIdentity(element, scope, app, changed)) {
    writeText(element, scope, app, '');
  } else if (changed !== text) {
    // Padding is written anew; what was padding before may stand before other padding now.
    writeText(element, scope, app, trimPadding(changed) === '' ? '' : changed.replace(/[ \0]+$/, ''));
  } else if (!certain && hidesIdentity(element, scope, app)) {
    writeText(element, scope, app, '');
  }
}

/** Whether any other plausible reading of undecodable text shows an identifying value. */
function hidesIdentity(element: Element, scope: Scope, app: Application): boolean {
  const readings = decodingsOf(bytesOf(element, app.object.body), scope.characterSet, element.vr);
  return readings.some((reading) => app.text.scrub(reading) !== reading);
}

/** Whether text that its declaration explains shows an identifying value under a declaration that it should have had. */
function hidesMisreadIdentity(element: Element, scope: Scope, app: Application, text: string): boolean {
  if (!vrFacts[element.vr].usesCharacterSet || !beyondAscii.test(text)) return false;
  // What the set cannot write back, as control characters of C1, is judged by the bytes that came.
  const bytes = textOf(element, scope, app.object.body).encode(text) ?? bytesOf(element, app.object.body);
  return undeclaredReadings(bytes, text).some(app.text.identifies);
}

const beyondAscii = /[^\0-\x7f]/;
const uncertainWord = /\S*[^\0-\x7f]\S*/g;
const shortestCertainWord = 4;

/** Of text whose character set is a guess, only words stay that make sense under the guess. */
function withoutUncertainWords(value: string): string {
  return value.replace(uncertainWord, (word) => {
    const letters = word.replace(/[^\p{L}\p{M}]/gu, '');
    return letters.length >= shortestCertainWord && vocabulary.has(letters) ? word : '';
  });
}

/** Cleans free text by value, pattern and vocabulary. */
export function cleanText(element: Element, scope: Scope, app: Application): void {
  changeText(element, scope, app, (value, certain) =>
    app.text.clean(certain ? value : withoutUncertainWords(value)),
  );
}

const codeString = /^[A-Z0-9 _]*$/;
const decimalString = /^[ \0\d+\-.,eE]*$/;
const longWholeNumber = /^[+-]?\d{6,}$/;

const anyWord = /\p{L}{2,}/gu;
const longWord = /\p{L}{5,}/gu;
const longNumber = /\d{7,}/;

/**
 * A Code String holds a term of the standard or of a vendor (PS3.5 section 6.2), so a long word that is neither was
 * written there by somebody. An identifying value may be a term as well: `HEAD` as a patient's name.
 */
function isHarmlessCodeString(value: string, isScrubbed: boolean): boolean {
  const isKnown = (words: readonly string[]) => words.every((word) => codeStringVocabulary.has(word));
  if (!isKnown(value.match(longWord) ?? []) || longNumber.test(value)) return false;
  return isScrubbed || (codeString.test(value) && /[A-Z]/.test(value) && isKnown(value.match(anyWord) ?? []));
}

/** What is left of one kept value. Codes and numbers are all or nothing: a part of one means something else. */
function keptValue(value: string, vr: Vr, isRequired: boolean, app: Application): string {
  switch (vr) {
    case 'CS': {
      const isScrubbed = app.text.scrub(value) === value;
      // A required term that is newer than the vocabulary stays: without it the object says something else.
      if (isRequired && isScrubbed && codeString.test(value)) return value;
      return isHarmlessCodeString(trimPadding(value), isScrubbed) ? value : '';
    }
    case 'DS':
    case 'IS':
      if (!decimalString.test(value)) return '';
      // A measurement may have the digits of an identifier by chance; a long whole number has them by misuse.
      return !longWholeNumber.test(trimPadding(value)) || app.text.scrub(value) === value ? value : '';
    case 'AE':
      return app.text.scrub(value) === value ? value : '';
    default:
      return app.text.scrub(value);
  }
}

/** Passes a text value on, without what identifies somebody in it. */
export function keepText(element: Element, scope: Scope, app: Application): void {
  const isRequired = app.object.iodFacts(scope.path, element.tag).type === '1';
  changeText(element, scope, app, (value) => keptValue(value, element.vr, isRequired, app));
}

/** Removes what the rule's pattern matches. */
export function cleanMatch(element: Element, scope: Scope, app: Application, pattern: RegExp): void {
  changeText(element, scope, app, (value) => value.replace(pattern, ''));
}
