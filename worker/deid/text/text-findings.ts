/**
 * What a text shows by its form alone, whoever the object is about: dates, UIDs, contacts, what titles and labels
 * introduce. Finding it takes far longer than all else that is done to a text, so an engine remembers it.
 */
import { findDates, type TextDate } from '../dates/dates-in-text.ts';
import { contactPatterns } from './contact-patterns.ts';
import { introducedValues } from './introduced-values.ts';
import type { Span } from './span.ts';
import { uidsInText } from './uids-in-text.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface TextFindings {
  readonly contacts: readonly Span[];
  readonly introduced: readonly Span[];
  readonly dates: readonly TextDate[];
  /** UIDs that PS3.6 does not register. */
  readonly uids: readonly Span[];
}

/** The stretches that match any of the patterns, pattern by pattern. */
export function matches(text: string, patterns: readonly RegExp[]): readonly Span[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
  );
}

export function findInText(text: string, vocabulary: Vocabulary): TextFindings {
  return {
    contacts: matches(text, contactPatterns),
    introduced: introducedValues(text, vocabulary),
    dates: findDates(text),
    uids: uidsInText(text),
  };
}
