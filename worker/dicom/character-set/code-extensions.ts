/** ISO 2022 code extensions as DICOM uses them (PS3.5 section 6.1.2.5, PS3.3 section C.12.1.1.2). */
import { type CodedSet, codedSets, type Registration } from './coded-set.ts';

/** An escape sequence: the code element it designates, and the set; undefined designates ASCII to G0. */
interface Escape {
  readonly bytes: readonly number[];
  readonly element: 'G0' | 'G1';
  readonly registration: Registration | undefined;
}

const esc = 0x1b;

function designating(
  element: Escape['element'],
  registration: Registration | undefined,
  text: string,
): Escape {
  return { bytes: [esc, ...Buffer.from(text, 'latin1')], element, registration };
}

/** PS3.3 Tables C.12-3 and C.12-4. Romaji of JIS X 0201 (ESC ( J) differs from ASCII in two signs only. */
const escapes: readonly Escape[] = [
  designating('G0', undefined, '(B'),
  designating('G0', undefined, '(J'),
  designating('G1', 100, '-A'),
  designating('G1', 101, '-B'),
  designating('G1', 109, '-C'),
  designating('G1', 110, '-D'),
  designating('G1', 144, '-L'),
  designating('G1', 127, '-G'),
  designating('G1', 126, '-F'),
  designating('G1', 138, '-H'),
  designating('G1', 148, '-M'),
  designating('G1', 166, '-T'),
  designating('G1', 203, '-b'),
  designating('G1', 13, ')I'),
  designating('G0', 87, '$B'),
  designating('G0', 87, '$@'),
  designating('G0', 159, '$(D'),
  designating('G1', 149, '$)C'),
  designating('G1', 58, '$)A'),
];

const asciiEscape: readonly number[] = [esc, 0x28, 0x42];

/** What a decoded value is, and how many bytes of it had no meaning. */
export interface DecodedText {
  readonly text: string;
  readonly faults: number;
}

function startsWith(bytes: Uint8Array, at: number, sequence: readonly number[]): boolean {
  return sequence.every((byte, index) => bytes[at + index] === byte);
}

/** Control characters and separators after which the initial designations hold again (PS3.5 section 6.1.2.5.3). */
function resets(byte: number, isPersonName: boolean): boolean {
  if (byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d || byte === 0x5c) return true;
  return isPersonName && (byte === 0x5e || byte === 0x3d);
}

/** Decodes bytes whose initial G1 set is `initial`; G0 is ASCII at first. */
export function decodeWithExtensions(
  bytes: Uint8Array,
  initial: Registration | undefined,
  isPersonName: boolean,
): DecodedText {
  const initialSet = initial === undefined ? undefined : codedSets[initial];
  let g0: CodedSet | undefined;
  let g1: CodedSet | undefined = initialSet;
  let text = '';
  let faults = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte === esc) {
      const found = escapes.find((candidate) => startsWith(bytes, at, candidate.bytes));
      if (found === undefined) {
        faults += 1;
        at += 1;
        continue;
      }
      const set = found.registration === undefined ? undefined : codedSets[found.registration];
      if (found.element === 'G0') g0 = set;
      else g1 = set;
      at += found.bytes.length;
      continue;
    }
    const set = byte < 0x80 ? g0 : g1;
    const isGraphic = (byte & 0x7f) >= 0x21 && (byte & 0x7f) <= 0x7f;
    if (byte < 0x80 && (set === undefined || !isGraphic)) {
      if (resets(byte, isPersonName)) {
        g0 = undefined;
        g1 = initialSet;
      }
      text += String.fromCharCode(byte);
      at += 1;
      continue;
    }
    const character = set?.decode(byte | 0x80, (bytes[at + 1] ?? 0) | 0x80);
    if (set === undefined || character === undefined) {
      faults += 1;
      text += String.fromCharCode(byte);
      at += 1;
      continue;
    }
    text += character;
    at += set.width;
  }
  return { text, faults };
}

/** The escape that designates a set, for writing. */
function designation(registration: Registration): Escape | undefined {
  return escapes.find((candidate) => candidate.registration === registration);
}

/** Encodes text with the initial set and those that escapes may switch to; undefined where a character is in none. */
export function encodeWithExtensions(
  text: string,
  initial: Registration | undefined,
  extensions: readonly Registration[],
  isPersonName: boolean,
): Uint8Array | undefined {
  const bytes: number[] = [];
  let g0: Registration | undefined;
  let g1 = initial;
  const toAscii = (): void => {
    if (g0 !== undefined) bytes.push(...asciiEscape);
    g0 = undefined;
  };
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) {
      toAscii();
      bytes.push(code);
      if (resets(code, isPersonName)) g1 = initial;
      continue;
    }
    const candidates = [g1, g0, initial, ...extensions].filter((candidate) => candidate !== undefined);
    const registration = candidates.find((candidate) => codedSets[candidate].encode(character) !== undefined);
    if (registration === undefined) return undefined;
    const own = designation(registration);
    const isG0 = own?.element === 'G0';
    if (own !== undefined && (isG0 ? g0 : g1) !== registration) {
      bytes.push(...own.bytes);
      if (isG0) g0 = registration;
      else g1 = registration;
    }
    const codes = codedSets[registration].encode(character) ?? [];
    bytes.push(...codes.map((byte) => (isG0 ? byte & 0x7f : byte)));
  }
  toAscii();
  return Uint8Array.from(bytes);
}
