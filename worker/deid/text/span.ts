/** Stretches of a text, in UTF-16 code units, and what becomes of them. */

/** `[start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A stretch that is written anew; removed where `replacement` is empty. */
export interface TextChange extends Span {
  readonly replacement: string;
}

const letterOrDigit = /[\p{L}\p{N}]/u;
const space = /\s/;
/** What may go at the ends of a text when the word beside it went. */
const danglingAtStart = /^[\s,;:^/_\-–.)\]=|]+/;
const danglingAtEnd = /[\s,;:^/_\-–([=|#]+$/;

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Sorted, and joined where they touch or nothing but punctuation on one line lies between them. */
export function joined(text: string, spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start || a.end - b.end);
  const result: Span[] = [];
  for (const span of sorted) {
    const last = result.at(-1);
    if (last === undefined) result.push(span);
    else {
      const between = text.slice(last.end, span.start);
      if (span.start <= last.end || (!letterOrDigit.test(between) && !/[\r\n\f]/.test(between))) {
        result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
      } else result.push(span);
    }
  }
  return result;
}

const brackets: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '<': '>',
  '"': '"',
  "'": "'",
};

/** A removal takes along brackets that would be empty and one of two spaces that would meet. */
function widened(text: string, { start, end }: Span): Span {
  let from = start;
  let to = end;
  while (from > 0 && brackets[text.charAt(from - 1)] === text.charAt(to) && to < text.length) {
    from--;
    to++;
  }
  const spaceBefore = from === 0 || space.test(text.charAt(from - 1));
  if (spaceBefore && text.charAt(to) === ' ') to++;
  return { start: from, end: to };
}

/** The text without `removals` and with `changes` that do not overlap them. Everything else stays as it is. */
export function rewritten(text: string, removals: readonly Span[], changes: readonly TextChange[]): string {
  const removed = joined(text, removals).map((span) => widened(text, span));
  const all: TextChange[] = [
    ...removed.map((span) => ({ ...span, replacement: '' })),
    ...changes.filter((change) => !removed.some((span) => overlaps(span, change))),
  ].sort((a, b) => a.start - b.start);
  let written = '';
  let at = 0;
  for (const { start, end, replacement } of all) {
    written += text.slice(at, Math.max(at, start)) + replacement;
    at = Math.max(at, end);
  }
  written += text.slice(at);
  if (removed[0]?.start === 0) written = written.replace(danglingAtStart, '');
  if ((removed.at(-1)?.end ?? -1) >= text.trimEnd().length) written = written.replace(danglingAtEnd, '');
  return written;
}
