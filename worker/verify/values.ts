/** Values of elements as text: by Specific Character Set where it applies, byte by byte elsewhere. */
import { bytesOf, elementIn, latin1, type ReadDataSet, type ReadElement, trim } from './read-element.ts';

type Decoder = InstanceType<typeof TextDecoder>;

/** Defined terms of Specific Character Set (PS3.3 section C.12.1.1.2) by the names that the Encoding Standard has for them. */
const encodings: Readonly<Record<string, string>> = {
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  '13': 'shift_jis',
  '100': 'windows-1252',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '144': 'iso-8859-5',
  '127': 'iso-8859-6',
  '126': 'iso-8859-7',
  '138': 'iso-8859-8',
  '148': 'windows-1254',
  '166': 'windows-874',
  '203': 'iso-8859-15',
  '87': 'iso-2022-jp',
  '159': 'iso-2022-jp',
  '149': 'euc-kr',
  '58': 'gb18030',
};

const decoders = new Map<string, Decoder>();

function decoder(encoding: string): Decoder {
  let found = decoders.get(encoding);
  if (found === undefined) {
    found = new TextDecoder(encoding);
    decoders.set(encoding, found);
  }
  return found;
}

const withCharacterSet = new Set('LO LT PN SH ST UC UT'.split(' '));

function termsAt(dataSet: ReadDataSet): readonly string[] {
  for (let at: ReadDataSet | undefined = dataSet; at !== undefined; at = at.parent?.dataSet) {
    const declared = elementIn(at, 0x00080005);
    if (declared !== undefined) return latin1(declared).split('\\').map(trim);
  }
  return [];
}

function isAscii({ held, start, end }: ReadElement): boolean {
  for (let at = start; at < end; at++) {
    const byte = held[at] ?? 0;
    if (byte >= 0x80 || byte === 0x1b) return false;
  }
  return true;
}

function readingsAnew(element: ReadElement): readonly string[] {
  const plain = latin1(element);
  if (!withCharacterSet.has(element.vr) || isAscii(element)) return [plain];
  const found = termsAt(element.dataSet).flatMap((term) => {
    const encoding = encodings[term] ?? encodings[term.replace(/^ISO(?:_IR| 2022 IR) /, '')];
    return encoding === undefined ? [] : [decoder(encoding).decode(bytesOf(element))];
  });
  return [...new Set(found.length === 0 ? [plain] : found)];
}

/** The readings of a value under its character sets, the likeliest first; one where it is ASCII. */
export function readingsOf(element: ReadElement): readonly string[] {
  element.readings ??= readingsAnew(element);
  return element.readings;
}

/** The value as text, in its likeliest reading. */
export function textOf(element: ReadElement): string {
  return trim(readingsOf(element)[0] ?? '');
}

/** The text of the element of a tag in the data set itself; empty where there is none, or it is a sequence. */
export function textIn(dataSet: ReadDataSet | undefined, tag: number): string {
  const element = dataSet === undefined ? undefined : elementIn(dataSet, tag);
  return element === undefined || element.items !== undefined ? '' : textOf(element);
}

const unsplit = new Set('LT ST UT UR'.split(' '));

/** The values of an element, each trimmed. */
export function valuesOf(element: ReadElement): readonly string[] {
  const text = textOf(element);
  return unsplit.has(element.vr) || !text.includes('\\') ? [text] : text.split('\\').map(trim);
}
