/**
 * Coded character sets: what one or two bytes mean. Decoding is the platform's, which knows them all by their web names;
 * encoding tables are its inverse, made when first needed.
 */

/** A coded character set of one or two bytes a character. */
export interface CodedSet {
  readonly width: 1 | 2;
  /** The character of one or two code bytes, as they stand in G1 (high bits set); undefined where there is none. */
  decode(first: number, second: number): string | undefined;
  /** The code bytes of a character, high bits set; undefined where the set lacks it. */
  encode(character: string): readonly number[] | undefined;
}

const replacement = '\uFFFD';

function inverse(width: 1 | 2, decode: CodedSet['decode']): CodedSet['encode'] {
  let codes: Map<string, readonly number[]> | undefined;
  const build = (): Map<string, readonly number[]> => {
    const table = new Map<string, readonly number[]>();
    // Graphic characters of G1 alone: what the platform's wider sets have below cannot be designated by an escape.
    for (let first = width === 1 ? 0xa0 : 0xa1; first <= 0xff; first++) {
      for (let second = width === 1 ? 0xff : 0xa1; second <= 0xff; second++) {
        const character = decode(first, second);
        if (character !== undefined && !table.has(character)) {
          table.set(character, width === 1 ? [first] : [first, second]);
        }
      }
    }
    return table;
  };
  return (character) => {
    codes ??= build();
    return codes.get(character);
  };
}

function platformSet(width: 1 | 2, label: string, prefix: readonly number[] = []): CodedSet {
  const decoder = new TextDecoder(label);
  const decode = (first: number, second: number): string | undefined => {
    const text = decoder.decode(Uint8Array.from([...prefix, first, ...(width === 2 ? [second] : [])]));
    return text.length === 0 || text.includes(replacement) || [...text].length !== 1 ? undefined : text;
  };
  return { width, decode, encode: inverse(width, decode) };
}

function arithmeticSet(from: number, to: number, toCodePoint: (byte: number) => number): CodedSet {
  const decode = (byte: number): string | undefined =>
    byte >= from && byte <= to ? String.fromCodePoint(toCodePoint(byte)) : undefined;
  return { width: 1, decode, encode: inverse(1, decode) };
}

const halfWidthKatakana = 0xff61;

/** The sets of PS3.3 Tables C.12-2 to C.12-4, by ISO registration number. */
export const codedSets = {
  // The platform's `latin1` is windows-1252; ISO 8859-1 is the code point itself.
  100: arithmeticSet(0xa0, 0xff, (byte) => byte),
  101: platformSet(1, 'iso-8859-2'),
  109: platformSet(1, 'iso-8859-3'),
  110: platformSet(1, 'iso-8859-4'),
  144: platformSet(1, 'iso-8859-5'),
  127: platformSet(1, 'iso-8859-6'),
  126: platformSet(1, 'iso-8859-7'),
  138: platformSet(1, 'iso-8859-8'),
  148: platformSet(1, 'windows-1254'),
  166: platformSet(1, 'windows-874'),
  203: platformSet(1, 'iso-8859-15'),
  13: arithmeticSet(0xa1, 0xdf, (byte) => byte - 0xa1 + halfWidthKatakana),
  87: platformSet(2, 'euc-jp'),
  159: platformSet(2, 'euc-jp', [0x8f]),
  149: platformSet(2, 'euc-kr'),
  58: platformSet(2, 'gbk'),
} as const satisfies Record<number, CodedSet>;

/** ISO registration number of a coded set. */
export type Registration = keyof typeof codedSets;
