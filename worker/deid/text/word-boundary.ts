/** Where words begin and end inside a run of characters: at separators, between letters and digits, at camel case. */
import { isUnspacedScript } from './fold.ts';

type CharacterClass = 'lower' | 'upper' | 'digit' | 'mark' | 'other';

const letter = /\p{L}/u;
const upper = /\p{Lu}/u;
const digit = /\p{N}/u;
const mark = /\p{M}/u;

function classOf(character: string): CharacterClass {
  if (upper.test(character)) return 'upper';
  if (letter.test(character)) return 'lower';
  if (digit.test(character)) return 'digit';
  return mark.test(character) ? 'mark' : 'other';
}

function characterBefore(text: string, index: number): string {
  const last = text.charCodeAt(index - 1);
  return last >= 0xdc00 && last <= 0xdfff
    ? text.slice(Math.max(0, index - 2), index)
    : text.charAt(index - 1);
}

function characterAt(text: string, index: number): string {
  const codePoint = text.codePointAt(index);
  return codePoint === undefined ? '' : String.fromCodePoint(codePoint);
}

/** Whether a word can begin or end between the characters around `index`. */
export function isWordBoundary(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length) return true;
  const before = characterBefore(text, index);
  const after = characterAt(text, index);
  const left = classOf(before);
  const right = classOf(after);
  if (right === 'mark' || left === 'mark') return false;
  if (left === 'other' || right === 'other') return true;
  if ((left === 'digit') !== (right === 'digit')) return true;
  if (isUnspacedScript(before) !== isUnspacedScript(after)) return true;
  if (left === 'lower' && right === 'upper') return true;
  return (
    left === 'upper' && right === 'upper' && classOf(characterAt(text, index + after.length)) === 'lower'
  );
}

/** Whether the characters around `index` are both digits. */
export function isInsideDigits(text: string, index: number): boolean {
  return digit.test(characterBefore(text, index)) && digit.test(characterAt(text, index));
}

/** The run of letters around `start`..`end`, as far as it reaches. */
export function letterRunAround(text: string, start: number, end: number): { start: number; end: number } {
  let from = start;
  let to = end;
  while (from > 0) {
    const before = characterBefore(text, from);
    if (!letter.test(before) && !mark.test(before)) break;
    from -= before.length;
  }
  while (to < text.length) {
    const after = characterAt(text, to);
    if (!letter.test(after) && !mark.test(after)) break;
    to += after.length;
  }
  return { start: from, end: to };
}
