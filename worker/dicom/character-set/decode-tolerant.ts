/**
 * Decodes values whose declaration may be wrong or missing, as it often is: the reading that fits, whether it is certain,
 * and every other reading that an identifying value could hide in.
 */
import type { Vr } from '../vr.ts';
import { type CharacterSet, characterSetOf } from './character-set.ts';
import { decodeMultiByte } from './multi-byte.ts';

/** A decoded value, and how to write text back beside it. */
export interface TolerantText {
  readonly text: string;
  /** False where no declared character set explains all bytes. */
  readonly certain: boolean;
  /** Encodes text as the value was encoded; undefined where that cannot hold it. */
  encode(text: string): Uint8Array | undefined;
}

const latin1 = characterSetOf(['ISO_IR 100']);
const utf8 = characterSetOf(['ISO_IR 192']);

function isPlainAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80 || byte === 0x1b) return false;
  return true;
}

function asciiText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Reads `bytes` as declared where that explains them; else as UTF-8 where they are valid; else byte for character. */
export function decodeTolerant(bytes: Uint8Array, declared: CharacterSet, vr: Vr): TolerantText {
  const isPersonName = vr === 'PN';
  const encodeWith = (set: CharacterSet) => (text: string) => set.encode(text, isPersonName);
  if (isPlainAscii(bytes)) return { text: asciiText(bytes), certain: true, encode: encodeWith(declared) };
  const reading = declared.decode(bytes, isPersonName);
  if (reading.faults === 0 && declared.isKnown) {
    return { text: reading.text, certain: true, encode: encodeWith(declared) };
  }
  // Writers forget to repeat escape sequences behind the delimiters of a name (PS3.5 section 6.1.2.5.3).
  const unbroken = isPersonName && declared.isKnown ? declared.decode(bytes, false) : undefined;
  if (unbroken?.faults === 0) return { text: unbroken.text, certain: true, encode: encodeWith(declared) };
  const asUtf8 = decodeMultiByte(bytes, 'utf-8');
  if (asUtf8.faults === 0) return { text: asUtf8.text, certain: false, encode: encodeWith(utf8) };
  return { text: asciiText(bytes), certain: false, encode: encodeWith(latin1) };
}

const nonLatinLetter = /[^\p{Script=Latin}\P{L}]/u;

/**
 * What bytes that a declaration explains would say had they been written otherwise all the same: as UTF-8 where they are
 * valid, as Latin-1 where the declaration is of another script. Nothing where UTF-8 is declared and explains them.
 */
export function undeclaredReadings(bytes: Uint8Array, text: string): readonly string[] {
  if (isPlainAscii(bytes) || bytes.includes(0x1b)) return [];
  const asUtf8 = decodeMultiByte(bytes, 'utf-8');
  if (asUtf8.faults === 0) return asUtf8.text === text ? [] : [asUtf8.text, asciiText(bytes)];
  return nonLatinLetter.test(text) ? [asciiText(bytes)] : [];
}

const otherReadings: readonly string[] = [
  'gb18030',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'big5',
  'windows-1251',
  'windows-1252',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
];

/** Every reading of the bytes that explains them all, the declared one first. */
export function decodingsOf(bytes: Uint8Array, declared: CharacterSet, vr: Vr): readonly string[] {
  const readings = [declared.decode(bytes, vr === 'PN').text, asciiText(bytes)];
  for (const name of ['utf-8', ...otherReadings]) {
    const { text, faults } = decodeMultiByte(bytes, name);
    if (faults === 0) readings.push(text);
  }
  return [...new Set(readings)];
}
