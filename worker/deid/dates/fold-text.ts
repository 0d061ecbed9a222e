/** Folds text to the ASCII digits and punctuation that the patterns of dates are written in, place by place. */

/** Zeros of the decimal digits that people write besides ASCII ones: full-width, Arabic-Indic, extended Arabic-Indic, Devanagari, Thai. */
const zeros = [0xff10, 0x0660, 0x06f0, 0x0966, 0x0e50] as const;

const foldable = /[\u0080-\uffff]/g;

const punctuation: Readonly<Record<string, string>> = {
  '／': '/',
  '．': '.',
  '，': ',',
  '：': ':',
  '－': '-',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '−': '-',
  '’': "'",
  '\u00a0': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '\u3000': ' ',
};

/** The code unit of the zero of the digits that `text` is written in; that of ASCII where it has no other digit. */
export function zeroOf(text: string): number {
  const code = text.charCodeAt(0);
  return zeros.find((zero) => code >= zero && code <= zero + 9) ?? 0x30;
}

/** Writes ASCII digits as digits of another script; other characters stay. */
export function writeDigits(text: string, zero: number): string {
  if (zero === 0x30) return text;
  return text.replace(/\d/g, (digit) => String.fromCharCode(zero + Number(digit)));
}

/** Every character keeps its place: the result is as long as `text` in UTF-16 code units. */
export function foldText(text: string): string {
  return text.replace(foldable, (character) => {
    const folded = punctuation[character];
    if (folded !== undefined) return folded;
    const zero = zeroOf(character);
    return zero === 0x30 ? character : String(character.charCodeAt(0) - zero);
  });
}
