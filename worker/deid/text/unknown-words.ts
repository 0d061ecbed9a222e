/** Finds what a vocabulary does not know: words that are not in it, and numbers long enough to be somebody's. */
import { isUnspacedScript } from './fold.ts';
import type { Span } from './span.ts';
import type { Vocabulary } from './vocabulary.ts';
import { isWordBoundary } from './word-boundary.ts';

const alphanumericRun = /[\p{L}\p{M}\p{N}]+/gu;
const letterOrDigitRun = /[\p{L}\p{M}]+|\p{N}+/gu;
const digits = /^\p{N}+$/u;

/** `Br40`, `Tc99`: two letters beside a short number name kernels, nuclides and channels. */
const lettersOfCode = 2;
const digitsOfCode = 4;
const longestHarmlessNumber = 4;
/** A number of five digits is a quantity where a decimal point or a unit follows. */
const longestQuantity = 5;
const unitOrDecimals =
  /^(?:[.,]\d|\s?(?:%|[munpkM]?(?:s|sec|m|g|Hz|Bq|A|V|Gy|Sv|L|l|T|W|mol)(?!\p{L})|HU|cps|counts))/u;
const longestWordOfUnspacedScript = 8;

function camelParts(word: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let index = 1; index <= word.length; index++) {
    if (index < word.length && !isWordBoundary(word, index)) continue;
    parts.push(word.slice(start, index));
    start = index;
  }
  return parts;
}

/** Whether the vocabulary has the word, or all words that are run together in it by capitals. */
export function isKnownWord(word: string, vocabulary: Vocabulary): boolean {
  if ([...word].length === 1 || vocabulary.has(word)) return true;
  const parts = camelParts(word);
  return parts.length > 1 && parts.every((part) => vocabulary.has(part) || part.length === 1);
}

function isHarmlessNumber(text: string, start: number, end: number): boolean {
  if (end - start <= longestHarmlessNumber) return true;
  if (end - start > longestQuantity) return false;
  return (
    unitOrDecimals.test(text.slice(end, end + 8)) ||
    measuredBefore.test(text.slice(Math.max(0, start - 8), start))
  );
}

/** A quantity of five digits may stand without a unit behind the name of what it measures. */
const measuredBefore = /(?<!\p{L})(?:TR|TE|TI|TD|BW|FOV|HU|WW|WL|W|L|b)[ \t]*[=:]?[ \t]*$/u;

/** Fractions such as `0.0003125` are measurements, however long. */
function isDecimals(text: string, start: number): boolean {
  return /(?<![\d.])\d{1,4}\.$/.test(text.slice(Math.max(0, start - 6), start));
}

function isKnownRun(run: string, text: string, start: number, vocabulary: Vocabulary): boolean {
  const parts = [...run.matchAll(letterOrDigitRun)];
  const isCode = parts.length > 1 && run.replace(/\P{N}/gu, '').length <= digitsOfCode;
  return parts.every((part) => {
    const [word] = part;
    const at = start + part.index;
    if (digits.test(word)) return isDecimals(text, at) || isHarmlessNumber(text, at, at + word.length);
    return (isCode && word.length <= lettersOfCode) || isKnownWord(word, vocabulary);
  });
}

/** Words are not set apart: the longest known word at each place is kept. */
function unknownInUnspaced(run: string, start: number, vocabulary: Vocabulary): readonly Span[] {
  const characters = [...run];
  const starts = characters.map((_, index) => characters.slice(0, index).join('').length);
  const pieces: { from: number; to: number; known: boolean }[] = [];
  for (let from = 0; from < characters.length; ) {
    let to = Math.min(characters.length, from + longestWordOfUnspacedScript);
    while (to > from && !isKnownPiece(characters.slice(from, to).join(''), vocabulary)) to--;
    pieces.push({ from, to: Math.max(to, from + 1), known: to > from });
    from = Math.max(to, from + 1);
  }
  return pieces.flatMap(({ from, to, known }, index) => {
    // One character of a word may be one of a name, so beside an unknown one it goes too.
    const besideUnknown = pieces[index - 1]?.known === false || pieces[index + 1]?.known === false;
    const keeps = known && !(to - from === 1 && besideUnknown && isUnspacedScript(characters[from] ?? ''));
    const begin = start + (starts[from] ?? 0);
    return keeps
      ? []
      : [{ start: begin, end: to < characters.length ? start + (starts[to] ?? 0) : start + run.length }];
  });
}

function isKnownPiece(piece: string, vocabulary: Vocabulary): boolean {
  if (isUnspacedScript(piece)) return vocabulary.has(piece);
  return digits.test(piece)
    ? piece.length <= longestHarmlessNumber
    : [...piece].length === 1 || vocabulary.has(piece);
}

/** The stretches of `text` outside `claimed` that the vocabulary does not know. */
export function unknownWords(
  text: string,
  vocabulary: Vocabulary,
  claimed: readonly Span[],
): readonly Span[] {
  const unknown: Span[] = [];
  const explained = [...claimed, ...vocabulary.phrases(text)];
  for (const match of text.matchAll(alphanumericRun)) {
    const [run] = match;
    const start = match.index;
    const end = start + run.length;
    const pieces = outside({ start, end }, explained);
    for (const piece of pieces) {
      const word = text.slice(piece.start, piece.end);
      if (isUnspacedScript(word)) unknown.push(...unknownInUnspaced(word, piece.start, vocabulary));
      else if (!isKnownRun(word, text, piece.start, vocabulary)) unknown.push(piece);
    }
  }
  return [...unknown, ...numbersBeside(text, unknown)];
}

/** A number that is tied to an unknown word belongs to it: `PX_17`. */
function numbersBeside(text: string, unknown: readonly Span[]): readonly Span[] {
  return unknown.flatMap(({ start, end }) => {
    const before = /(?<![\p{L}\p{M}\p{N}.])\p{N}+[_\-#^=:]$/u.exec(
      text.slice(Math.max(0, start - 16), start),
    );
    const after = /^[_\-#^=:]\p{N}+(?![\p{L}\p{M}\p{N}.])/u.exec(text.slice(end, end + 16));
    return [
      ...(before === null ? [] : [{ start: start - before[0].length, end: start }]),
      ...(after === null ? [] : [{ start: end, end: end + after[0].length }]),
    ];
  });
}

/** What is left of `span` outside `claimed`. */
function outside(span: Span, claimed: readonly Span[]): readonly Span[] {
  let rest: Span[] = [span];
  for (const taken of claimed) {
    if (taken.end <= span.start || taken.start >= span.end) continue;
    rest = rest.flatMap((piece) =>
      [
        { start: piece.start, end: Math.min(piece.end, taken.start) },
        { start: Math.max(piece.start, taken.end), end: piece.end },
      ].filter(({ start, end }) => end > start),
    );
  }
  return rest;
}
