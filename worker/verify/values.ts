/** Values of elements as text: by Specific Character Set where it applies, byte by byte elsewhere. */
import { elementIn, type ReadDataSet, type ReadElement } from './object-reader.ts';

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
    if (declared !== undefined) return declared.value.toString('latin1').split('\\').map(trim);
  }
  return [];
}

/** Without NULs and spaces at both ends. */
export function trim(text: string): string {
  return text.replace(/^[\0 ]+|[\0 ]+$/g, '');
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80 || byte === 0x1b) return false;
  return true;
}

/** The readings of a value under its character sets, the likeliest first; one where it is ASCII. */
export function readingsOf(element: ReadElement): readonly string[] {
  const { value, vr, dataSet } = element;
  const plain = value.toString('latin1');
  if (!withCharacterSet.has(vr) || isAscii(value)) return [plain];
  const found = termsAt(dataSet).flatMap((term) => {
    const encoding = encodings[term] ?? encodings[term.replace(/^ISO(?:_IR| 2022 IR) /, '')];
    return encoding === undefined ? [] : [decoder(encoding).decode(value)];
  });
  return [...new Set(found.length === 0 ? [plain] : found)];
}

/** The value as text, in its likeliest reading. */
export function textOf(element: ReadElement): string {
  return trim(readingsOf(element)[0] ?? '');
}

const unsplit = new Set('LT ST UT UR'.split(' '));

/** The values of an element, each trimmed. */
export function valuesOf(element: ReadElement): readonly string[] {
  const text = textOf(element);
  return unsplit.has(element.vr) ? [text] : text.split('\\').map(trim);
}
