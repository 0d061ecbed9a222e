/**
 * Folding: texts that a reader takes for the same word become the same stream of letters and digits. Case, width,
 * diacritics, punctuation and spaces vanish; each folded code unit remembers where it came from.
 */

/** Letters and digits of a text, folded, with the way back. */
export interface FoldedText {
  /** Folded UTF-16 code units; only the first `length` count. */
  readonly codes: Uint16Array;
  /** For each code unit, the index in the text of the character it came from. */
  readonly starts: Int32Array;
  /** For each code unit, the index in the text just behind that character. */
  readonly ends: Int32Array;
  readonly length: number;
}

/** Letters whose plain form is not reached by decomposition, and variants that writers exchange freely. */
const equivalents: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
    ø: 'o',
    ł: 'l',
    đ: 'd',
    ð: 'd',
    þ: 'th',
    ħ: 'h',
    ı: 'i',
    ŋ: 'n',
    ς: 'σ',
    ך: 'כ',
    ם: 'מ',
    ן: 'נ',
    ף: 'פ',
    ץ: 'צ',
    ى: 'ي',
    ی: 'ي',
    ک: 'ك',
    ة: 'ه',
    ـ: '',
    ー: '',
    髙: '高',
    﨑: '崎',
    德: '徳',
    濵: '浜',
    濱: '浜',
    邊: '辺',
    邉: '辺',
    齋: '斉',
    斎: '斉',
    齊: '斉',
    澤: '沢',
    廣: '広',
    國: '国',
    嶋: '島',
    櫻: '桜',
  }),
);

const letterOrDigit = /[\p{L}\p{N}]/u;
const firstKatakana = 0x30a1;
const lastKatakana = 0x30f6;
const katakanaToHiragana = 0x60;

function foldCharacter(character: string): string {
  const spread = character.normalize('NFKC').toLowerCase().normalize('NFD');
  let folded = '';
  for (const part of spread) {
    const plain = equivalents.get(part);
    if (plain !== undefined) {
      folded += plain;
      continue;
    }
    if (!letterOrDigit.test(part)) continue;
    const code = part.charCodeAt(0);
    folded +=
      code >= firstKatakana && code <= lastKatakana ? String.fromCharCode(code - katakanaToHiragana) : part;
  }
  return folded;
}

/** Folded forms of the alphabets that most non-ASCII text is written in: Latin, Greek, Cyrillic. */
const tableEnd = 0x0530;
const table: readonly string[] = Object.freeze(
  Array.from({ length: tableEnd }, (_, code) => foldCharacter(String.fromCharCode(code))),
);
const asciiTable = Uint8Array.from({ length: 0x80 }, (_, code) => table[code]?.charCodeAt(0) || 0);

/** The folded form of one character, empty for what is neither letter nor digit. */
function foldedForm(codePoint: number): string {
  return codePoint < tableEnd ? (table[codePoint] ?? '') : foldCharacter(String.fromCodePoint(codePoint));
}

/** Hangul syllables spread to three letters, ligatures to as many as four; the arrays grow when a text needs more. */
function grown(array: Uint16Array, length: number): Uint16Array;
function grown(array: Int32Array, length: number): Int32Array;
function grown(array: Uint16Array | Int32Array, length: number): Uint16Array | Int32Array {
  const larger = array instanceof Uint16Array ? new Uint16Array(length) : new Int32Array(length);
  larger.set(array);
  return larger;
}

/** Folds a text. */
export function fold(text: string): FoldedText {
  let codes: Uint16Array = new Uint16Array(text.length);
  let starts: Int32Array = new Int32Array(text.length);
  let ends: Int32Array = new Int32Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) {
      const folded = asciiTable[code] ?? 0;
      if (folded === 0) continue;
      codes[length] = folded;
      starts[length] = index;
      ends[length] = index + 1;
      length++;
      continue;
    }
    const start = index;
    const codePoint = text.codePointAt(index) ?? code;
    if (codePoint > 0xffff) index++;
    const folded = foldedForm(codePoint);
    const needed = length + folded.length + (text.length - index);
    if (needed > codes.length) {
      const size = needed * 2;
      codes = grown(codes, size);
      starts = grown(starts, size);
      ends = grown(ends, size);
    }
    for (let part = 0; part < folded.length; part++) {
      codes[length] = folded.charCodeAt(part);
      starts[length] = start;
      ends[length] = index + 1;
      length++;
    }
  }
  return { codes, starts, ends, length };
}

/** The folded letters and digits of a text as one string. */
export function foldToString(text: string): string {
  let folded = '';
  for (let index = 0; index < text.length; index++) {
    const codePoint = text.codePointAt(index) ?? 0;
    if (codePoint > 0xffff) index++;
    folded += foldedForm(codePoint);
  }
  return folded;
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** Whether a text has letters of a script in which words are not set apart by spaces, or take endings without a mark. */
export function isUnspacedScript(text: string): boolean {
  return unspaced.test(text);
}
