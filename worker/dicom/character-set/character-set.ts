/** Specific Character Set (0008,0005): from its defined terms to decoding and encoding (PS3.3 section C.12.1.1.2). */

import { type DecodedText, decodeWithExtensions, encodeWithExtensions } from './code-extensions.ts';
import { codedSets, type Registration } from './coded-set.ts';
import { decodeMultiByte, encodeMultiByte, type MultiByteName } from './multi-byte.ts';

export interface CharacterSet {
  /** False where a term is not one of the standard's: what it encodes is then a guess. */
  readonly isKnown: boolean;
  /** True where only ASCII is declared, or nothing. */
  readonly isAscii: boolean;
  decode(bytes: Uint8Array, isPersonName: boolean): DecodedText;
  /** Undefined where the set cannot hold the text. */
  encode(text: string, isPersonName: boolean): Uint8Array | undefined;
}

/** Terms without code extensions whose characters have several bytes. */
const multiByteTerms: Readonly<Record<string, MultiByteName>> = {
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** `ISO IR 100`, `ISO-IR_100`, `iso_ir100` and the like are written by real devices for `ISO_IR 100`. */
function normaliseTerm(term: string): string {
  const upper = term.trim().toUpperCase();
  const extension = /^ISO[ _-]?2022[ _-]?IR[ _-]?(\d+)$/.exec(upper);
  if (extension !== null) return `ISO 2022 IR ${extension[1]}`;
  const plain = /^ISO[ _-]?IR[ _-]?(\d+)$/.exec(upper);
  return plain === null ? upper : `ISO_IR ${plain[1]}`;
}

const asciiRegistration = 6;

/** The ISO registration of a normalised term; `ascii` for the default repertoire; undefined for unknown terms. */
function registrationOf(term: string): Registration | 'ascii' | undefined {
  if (term === '') return 'ascii';
  const number = Number(/^ISO(?:_IR| 2022 IR) (\d+)$/.exec(term)?.[1]);
  if (number === asciiRegistration) return 'ascii';
  return number in codedSets ? (number as Registration) : undefined;
}

function multiByte(name: MultiByteName): CharacterSet {
  return {
    isKnown: true,
    isAscii: false,
    decode: (bytes) => decodeMultiByte(bytes, name),
    encode: (text) => encodeMultiByte(text, name),
  };
}

const cache = new Map<string, CharacterSet>();
const longestCache = 256;

/** The character set that the values of Specific Character Set declare; none declare ASCII. */
export function characterSetOf(terms: readonly string[]): CharacterSet {
  const normalised = terms.map(normaliseTerm);
  const key = normalised.join('\\');
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = makeCharacterSet(normalised);
  if (cache.size < longestCache) cache.set(key, made);
  return made;
}

function makeCharacterSet(terms: readonly string[]): CharacterSet {
  const [first = ''] = terms;
  const name = multiByteTerms[first];
  if (name !== undefined) return multiByte(name);
  const registrations = terms.map(registrationOf);
  const sets = registrations.filter((one): one is Registration => one !== undefined && one !== 'ascii');
  // Sets of two bytes, and Katakana beside Kanji, are designated by escapes only: they are never the initial G1.
  const initial = registrations[0];
  const initialSet =
    initial === undefined || initial === 'ascii' || codedSets[initial].width === 2 ? undefined : initial;
  const extensions = terms.some((term) => term.startsWith('ISO 2022')) ? sets : [];
  return {
    isKnown: registrations.every((one) => one !== undefined),
    isAscii: sets.length === 0,
    decode: (bytes, isPersonName) => decodeWithExtensions(bytes, initialSet, isPersonName),
    encode: (text, isPersonName) => encodeWithExtensions(text, initialSet, extensions, isPersonName),
  };
}
