/**
 * A second, small reader of DICOM files that judges outputs from outside: it finds the top-level elements and nothing
 * else. It shares no code with the engine, so that a mistake there cannot hide itself here.
 */
import { inflateRawSync } from 'node:zlib';

/** One top-level element: its tag as `ggggeeee` in capitals, and its value without header and delimiters. */
export interface TopLevelElement {
  readonly tag: string;
  /** For an undefined length: everything up to the Sequence Delimitation Item, item headers included. */
  readonly value: Uint8Array;
}

/** What the reader saw of one file. */
export interface TopLevel {
  readonly transferSyntax: string;
  /** The file, or its File Meta Information followed by the inflated data set. */
  readonly bytes: Uint8Array;
  readonly elements: ReadonlyMap<string, TopLevelElement>;
}

interface Syntax {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

const undefinedLength = 0xffffffff;
const item = 'FFFEE000';
const itemDelimitation = 'FFFEE00D';
const sequenceDelimitation = 'FFFEE0DD';
/** VRs with a 32-bit length after two reserved bytes (PS3.5 section 7.1.2). */
const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const implicitLittle: Syntax = { explicit: false, littleEndian: true };
const explicitLittle: Syntax = { explicit: true, littleEndian: true };
const deflatedSyntaxes = new Set(['1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.4.95']);

function syntaxOf(uid: string): Syntax {
  switch (uid) {
    case '1.2.840.10008.1.2':
      return implicitLittle;
    case '1.2.840.10008.1.2.2':
      return { explicit: true, littleEndian: false };
    default:
      return explicitLittle;
  }
}

interface Header {
  readonly tag: string;
  readonly vr: string;
  readonly length: number;
  readonly valueStart: number;
}

function readHeader(view: DataView, at: number, syntax: Syntax): Header {
  const group = view.getUint16(at, syntax.littleEndian);
  const element = view.getUint16(at + 2, syntax.littleEndian);
  const tag = (group.toString(16).padStart(4, '0') + element.toString(16).padStart(4, '0')).toUpperCase();
  if (!syntax.explicit || group === 0xfffe) {
    return { tag, vr: '', length: view.getUint32(at + 4, syntax.littleEndian), valueStart: at + 8 };
  }
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  if (longVrs.has(vr)) {
    return { tag, vr, length: view.getUint32(at + 8, syntax.littleEndian), valueStart: at + 12 };
  }
  return { tag, vr, length: view.getUint16(at + 6, syntax.littleEndian), valueStart: at + 8 };
}

/** Where the Sequence Delimitation Item of an undefined length starts. Items of UN are implicit little endian. */
function endOfItems(view: DataView, from: number, syntax: Syntax): number {
  let at = from;
  for (;;) {
    const header = readHeader(view, at, syntax);
    if (header.tag === sequenceDelimitation) return at;
    if (header.tag !== item) throw new RangeError('no item');
    at =
      header.length === undefinedLength
        ? endOfDataSet(view, header.valueStart, syntax)
        : header.valueStart + header.length;
  }
}

/** First byte after the Item Delimitation Item of an item of undefined length. */
function endOfDataSet(view: DataView, from: number, syntax: Syntax): number {
  let at = from;
  for (;;) {
    const header = readHeader(view, at, syntax);
    if (header.tag === itemDelimitation) return header.valueStart;
    at = endOfElement(view, header, syntax);
  }
}

function endOfElement(view: DataView, header: Header, syntax: Syntax): number {
  if (header.length !== undefinedLength) return header.valueStart + header.length;
  return endOfItems(view, header.valueStart, header.vr === 'UN' ? implicitLittle : syntax) + 8;
}

function collect(
  bytes: Uint8Array,
  from: number,
  syntax: Syntax,
  into: Map<string, TopLevelElement>,
  goesOn: (tag: string) => boolean,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = from;
  while (at + 8 <= bytes.length) {
    const header = readHeader(view, at, syntax);
    if (!goesOn(header.tag)) return at;
    const end = endOfElement(view, header, syntax);
    if (end > bytes.length) throw new RangeError('element outside the file');
    const delimiter = header.length === undefinedLength ? 8 : 0;
    into.set(header.tag, { tag: header.tag, value: bytes.subarray(header.valueStart, end - delimiter) });
    at = end;
  }
  return at;
}

/** The value of an element as bytes of one byte each, without padding; empty where the element is absent. */
export function latin1(file: TopLevel, tag: string): string {
  const value = file.elements.get(tag)?.value ?? new Uint8Array();
  return Buffer.from(value)
    .toString('latin1')
    .replace(/^[ \0]+|[ \0]+$/g, '');
}

/** Reads a file with preamble and File Meta Information; undefined for whatever this reader does not follow. */
export function readTopLevel(bytes: Uint8Array): TopLevel | undefined {
  if (Buffer.from(bytes.subarray(128, 132)).toString('latin1') !== 'DICM') return undefined;
  try {
    const elements = new Map<string, TopLevelElement>();
    const bodyStart = collect(bytes, 132, explicitLittle, elements, (tag) => tag.startsWith('0002'));
    const meta: TopLevel = { transferSyntax: '', bytes, elements };
    const transferSyntax = latin1(meta, '00020010');
    const whole = deflatedSyntaxes.has(transferSyntax)
      ? Buffer.concat([bytes.subarray(0, bodyStart), inflateRawSync(bytes.subarray(bodyStart))])
      : bytes;
    collect(whole, bodyStart, syntaxOf(transferSyntax), elements, () => true);
    return { transferSyntax, bytes: whole, elements };
  } catch {
    return undefined;
  }
}
