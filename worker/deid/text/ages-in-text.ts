/** Ages in free text, in the forms and languages in which they are written, and the cap that keeps the oldest from view. */
import type { Span, TextChange } from './span.ts';

export interface AgeRule {
  /** Completed years; greater ages become this plus one. */
  readonly capAbove: number;
  /** False where no age stays at all. */
  readonly keep: boolean;
}

const withUnit =
  /(?<![\p{L}\p{N}.])(\d{1,3})(?:[ \t-]*(?:years?|yrs?\.?|y\/?o|y\.o\.?|jahren?|jährige?[rnsm]?|jaar|jarige|ans|años?|anni|anos|lat|let|år|éves|год(?:а|ов)?|лет|ετών|歳|才|岁|歲|세|y)(?!\p{L})(?:[ -]*olds?)?)/giu;
const ageString = /(?<![\p{L}\p{N}])(\d{3})Y(?![\p{L}\p{N}])/gu;
const afterLabel =
  /(?<![\p{L}\p{N}])(?:aged?|alter|âge|edad|età|idade|leeftijd|wiek|возраст|年齢|年龄|나이|연령)[ \t]*[:=：]?[ \t]*(\d{1,3})(?![\p{N}.]*\p{N})/giu;

export interface FoundAge extends Span {
  readonly years: number;
  /** Where the number alone stands. */
  readonly number: Span;
}

/** The ages of a text, in no particular order. */
export function findAges(text: string): readonly FoundAge[] {
  return [withUnit, ageString, afterLabel].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match): FoundAge => {
      const [whole, digits = ''] = match;
      const start = match.index + whole.indexOf(digits);
      return {
        start: match.index,
        end: match.index + whole.length,
        years: Number(digits),
        number: { start, end: start + digits.length },
      };
    }),
  );
}

/** What becomes of a text's ages: removals for ages that must not stay, changes for those above the cap. */
export function ageChanges(
  text: string,
  rule: AgeRule,
): { readonly removals: readonly Span[]; readonly changes: readonly TextChange[] } {
  const ages = findAges(text);
  if (!rule.keep) return { removals: ages, changes: [] };
  const changes = ages
    .filter(({ years }) => years > rule.capAbove)
    .map(({ number }) => ({
      ...number,
      replacement: String(rule.capAbove + 1).padStart(number.end - number.start, '0'),
    }));
  return { removals: [], changes };
}
