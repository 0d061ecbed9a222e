/** Finds needles in text: by folded letters and digits, at the boundaries that each kind of needle asks for. */
import type { CalendarDate } from '../dates/calendar.ts';
import { calendarDateOf } from './date-needles.ts';
import { type FoldedText, fold, isUnspacedScript } from './fold.ts';
import type { Span } from './span.ts';
import type { Vocabulary } from './vocabulary.ts';
import { isInsideDigits, isWordBoundary, letterRunAround } from './word-boundary.ts';

/** A folded form and where it counts as found. */
export interface Needle {
  readonly folded: string;
  /**
   * `name`: as a word, with an ending, or inside a longer word that is none of the vocabulary. `capitalisedWord`: as a
   * word that begins with a capital. `word`, `login`: as a word. `number`: not inside a longer number. `anywhere`:
   * wherever it stands, punctuation and spaces between its letters or not.
   */
  readonly match: 'name' | 'capitalisedWord' | 'word' | 'login' | 'number' | 'anywhere';
}

export interface Needles {
  /** Where needles stand in `text`; spans may overlap. */
  find(text: string): readonly Span[];
  /** Whether `date` is one that must not stay, however it is written. */
  hasDate(date: CalendarDate): boolean;
}

const longestEnding = 2;
const shortestInside = 6;
const shortestAcrossSpaces = 6;
const shortestSpacedOut = 3;
const shortestNumberAcrossSpaces = 7;

function foldedString({ codes, length }: FoldedText): string {
  let text = '';
  for (let index = 0; index < length; index++) text += String.fromCharCode(codes[index] ?? 0);
  return text;
}

/** How the letters of a match lie in the text. */
type Layout = 'together' | 'hyphenated' | 'spacedOut' | 'broken';

function layoutOf(text: string, folded: FoldedText, from: number, to: number): Layout {
  let gaps = 0;
  let onlyMarks = true;
  for (let index = from + 1; index < to; index++) {
    const before = folded.ends[index - 1] ?? 0;
    const after = folded.starts[index] ?? 0;
    if (after <= before) continue;
    const between = text.slice(before, after);
    if (/^\p{M}+$/u.test(between)) continue;
    gaps++;
    if (!/^['’`´\-‐‑–]$/.test(between)) onlyMarks = false;
  }
  if (gaps === 0) return 'together';
  if (onlyMarks) return 'hyphenated';
  return gaps === to - from - 1 ? 'spacedOut' : 'broken';
}

function isWord(text: string, start: number, end: number): boolean {
  return isWordBoundary(text, start) && isWordBoundary(text, end);
}

function found(
  needle: Needle,
  text: string,
  span: Span,
  layout: Layout,
  vocabulary: Vocabulary,
): Span | undefined {
  const { start, end } = span;
  const { folded, match } = needle;
  if (match === 'number') {
    if (isInsideDigits(text, start) || isInsideDigits(text, end)) return undefined;
    const near = layout === 'together' || layout === 'hyphenated';
    return near || folded.length >= shortestNumberAcrossSpaces ? span : undefined;
  }
  const word = isWord(text, start, end);
  if (match === 'anywhere') {
    // `Quasten, L. Impression` holds no `Quasten^Li`.
    if (!word && layout === 'broken' && !isUnspacedScript(folded)) return undefined;
    if (word || isUnspacedScript(folded) || layout !== 'together') {
      return word || isUnspacedScript(folded) || folded.length >= shortestInside ? span : undefined;
    }
    const run = letterRunAround(text, start, end);
    return vocabulary.has(text.slice(run.start, run.end)) ? undefined : run;
  }
  if (isUnspacedScript(folded)) return span;
  const apart = layout === 'broken' && folded.length < shortestAcrossSpaces;
  const spelled = layout === 'spacedOut' && folded.length < shortestSpacedOut;
  if (apart || spelled) return undefined;
  if (match === 'capitalisedWord')
    return word && /^\p{Lu}\p{Ll}/u.test(text.slice(start, end)) ? span : undefined;
  if (word) return span;
  if (match !== 'name' || layout !== 'together') return undefined;
  const run = letterRunAround(text, start, end);
  if (vocabulary.has(text.slice(run.start, run.end))) return undefined;
  const hasEnding =
    isWordBoundary(text, start) && run.end - end <= longestEnding && folded.length > longestEnding + 1;
  return hasEnding || folded.length >= shortestInside ? run : undefined;
}

/** Needles that are searched for together. `dates` are DA or DT values. */
export function needlesOf(
  needles: readonly Needle[],
  dates: readonly string[],
  vocabulary: Vocabulary,
): Needles {
  const distinct = [
    ...new Map(needles.map((needle) => [`${needle.match} ${needle.folded}`, needle])).values(),
  ];
  const days = new Set(
    dates.map(calendarDateOf).flatMap((date) => (date === undefined ? [] : [dayKey(date)])),
  );
  return {
    find: (text) => {
      const folded = fold(text);
      const haystack = foldedString(folded);
      const spans: Span[] = [];
      for (const needle of distinct) {
        const { length } = needle.folded;
        for (
          let at = haystack.indexOf(needle.folded);
          at >= 0;
          at = haystack.indexOf(needle.folded, at + 1)
        ) {
          const span = { start: folded.starts[at] ?? 0, end: folded.ends[at + length - 1] ?? 0 };
          const hit = found(needle, text, span, layoutOf(text, folded, at, at + length), vocabulary);
          if (hit !== undefined) spans.push(hit);
        }
      }
      return spans;
    },
    hasDate: (date) => days.has(dayKey(date)),
  };
}

function dayKey({ year, month, day }: CalendarDate): string {
  return `${year}-${month}-${day}`;
}
