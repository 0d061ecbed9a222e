/**
 * Cleans text: what identifies somebody goes, by the object's own values, by patterns and, where a vocabulary is given,
 * by being none of its words. What stays, stays byte for byte.
 */

import { addDays, dayNumber } from '../dates/calendar.ts';
import { type AgeRule, ageChanges } from './ages-in-text.ts';
import { freeTextPatterns } from './contact-patterns.ts';
import type { Needles } from './needle.ts';
import { overlaps, rewritten, type Span, type TextChange } from './span.ts';
import { matches, type TextFindings } from './text-findings.ts';
import { unknownWords } from './unknown-words.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What happens to dates in free text. */
export type TextDates =
  | { readonly kind: 'shift'; readonly days: number }
  | { readonly kind: 'remove' }
  | { readonly kind: 'keep' };

export interface TextContext {
  readonly needles: Needles;
  readonly vocabulary: Vocabulary;
  readonly dates: TextDates;
  /** Day numbers of the object's dates: what happens to them happens to their repetition in any text. */
  readonly ownDates: ReadonlySet<number>;
  readonly ages: AgeRule;
  mapUid(uid: string): string;
  /** What a text shows by its form alone: `findInText`, or one that remembers. */
  find(text: string): TextFindings;
}

interface Changes {
  readonly removals: readonly Span[];
  readonly changes: readonly TextChange[];
}

const letterOrDigit = /[\p{L}\p{N}]/u;

function uidChanges(
  text: string,
  uids: TextFindings['uids'],
  mapUid: (uid: string) => string,
): readonly TextChange[] {
  return uids.map(({ start, end }) => ({ start, end, replacement: mapUid(text.slice(start, end)) }));
}

function dateChanges(
  text: string,
  foundDates: TextFindings['dates'],
  { dates, needles }: TextContext,
): Changes {
  const removals: Span[] = [];
  const changes: TextChange[] = [];
  for (const found of foundDates) {
    const { start, end, date } = found;
    if (needles.hasDate(date) || dates.kind === 'remove') removals.push({ start, end });
    else if (dates.kind === 'shift') {
      const shifted = addDays(date, dates.days);
      if (shifted === undefined) removals.push({ start, end });
      else changes.push({ start, end, replacement: found.render(shifted) });
    } else changes.push({ start, end, replacement: text.slice(start, end) });
  }
  return { removals, changes };
}

/** Initials stand beside the name that they belong to: `J. Doe`, `Doe, J.`. */
function initialsBeside(text: string, removals: readonly Span[]): readonly Span[] {
  return removals.flatMap(({ start, end }) => {
    const before = /(?<![\p{L}\p{N}])(?:\p{Lu}\.[ \t]?-?){1,3}[ \t]?$/u.exec(
      text.slice(Math.max(0, start - 12), start),
    );
    const after = /^(?:,?[ \t]?|\^)(?:\p{Lu}\.){1,3}/u.exec(text.slice(end, end + 12));
    return [
      ...(before === null ? [] : [{ start: start - before[0].length, end: start }]),
      ...(after === null ? [] : [{ start: end, end: end + after[0].length }]),
    ];
  });
}

/** Removes identifying values and what contact patterns and labels tell; gives the same string where there are none. */
export function scrubText(text: string, context: TextContext): string {
  if (!letterOrDigit.test(text)) return text;
  const found = context.find(text);
  const named = [...context.needles.find(text), ...found.contacts, ...found.introduced];
  const ownDates = found.dates.filter(
    ({ date }) => context.needles.hasDate(date) || context.ownDates.has(dayNumber(date)),
  );
  const uids = uidChanges(text, found.uids, context.mapUid);
  const dates = dateChanges(text, ownDates, context);
  const removals = [...named, ...dates.removals].filter((span) => !isInsideUid(span, uids));
  const moved = dates.changes.filter((date) => !uids.some((uid) => overlaps(uid, date)));
  if (removals.length === 0 && uids.length === 0 && moved.length === 0) return text;
  return rewritten(text, [...removals, ...initialsBeside(text, named)], [...uids, ...moved]);
}

/** Digits of a UID are no number of their own; the UID is mapped as a whole. */
function isInsideUid(span: Span, uids: readonly TextChange[]): boolean {
  return uids.some((uid) => span.start >= uid.start && span.end <= uid.end);
}

/** Cleans free text. */
export function cleanText(text: string, context: TextContext): string {
  if (!letterOrDigit.test(text)) return text;
  const found = context.find(text);
  const uids = uidChanges(text, found.uids, context.mapUid);
  const dates = dateChanges(text, found.dates, context);
  const ages = ageChanges(text, context.ages);
  const named = [
    ...context.needles.find(text),
    ...found.contacts,
    ...found.introduced,
    ...matches(text, freeTextPatterns).filter((span) => !dates.changes.some((date) => overlaps(span, date))),
    ...dates.removals,
    ...ages.removals,
  ].filter((span) => !isInsideUid(span, uids));
  const changes = [...uids, ...dates.changes.filter((date) => !uids.some((uid) => overlaps(uid, date)))];
  const capped = ages.changes.filter((age) => !changes.some((change) => overlaps(age, change)));
  const claimed = [...named, ...changes, ...capped];
  const unknown = unknownWords(text, context.vocabulary, claimed);
  const removals = [...named, ...unknown];
  if (removals.length === 0 && changes.length === 0 && capped.length === 0) return text;
  return rewritten(text, [...removals, ...initialsBeside(text, removals)], [...changes, ...capped]);
}
