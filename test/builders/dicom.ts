/**
 * Builds DICOM objects for tests and the demo, sound or broken as asked: any transfer syntax, any length form, wrong
 * headers and stray bytes included. Values are given as text, numbers, bytes or items.
 */
import { deflateRawSync } from 'node:zlib';
import type { Encoding } from '../../worker/dicom/element.ts';
import { encodeElement } from '../../worker/dicom/encode-element.ts';
import { parseTag, type Tag } from '../../worker/dicom/tag.ts';
import type { Vr } from '../../worker/dicom/vr.ts';
import { primaryVr, tagOfKeyword } from '../../worker/standards/dictionary.ts';
import { transferSyntaxOf } from '../../worker/standards/transfer-syntaxes.ts';

/** Writes itself in an encoding. */
export type Part = (encoding: Encoding) => Uint8Array;

export const syntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  bigEndian: '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
  jpegBaseline: '1.2.840.10008.1.2.4.50',
  jpegLossless: '1.2.840.10008.1.2.4.70',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpeg2000: '1.2.840.10008.1.2.4.90',
  rle: '1.2.840.10008.1.2.5',
} as const;

type Values = string | readonly string[] | number | readonly number[] | Uint8Array;

/** The tag of a keyword or of `(gggg,eeee)`. */
export function tag(name: string): Tag {
  const found = parseTag(name) ?? tagOfKeyword(name);
  if (found === undefined) throw new Error(`no such attribute: ${name}`);
  return found;
}

const numberWriters: Partial<
  Readonly<
    Record<
      Vr,
      readonly [bytes: number, write: (view: DataView, at: number, value: number, little: boolean) => void]
    >
  >
> = {
  US: [2, (view, at, value, little) => view.setUint16(at, value, little)],
  SS: [2, (view, at, value, little) => view.setInt16(at, value, little)],
  AT: [2, (view, at, value, little) => view.setUint16(at, value, little)],
  OW: [2, (view, at, value, little) => view.setUint16(at, value, little)],
  UL: [4, (view, at, value, little) => view.setUint32(at, value, little)],
  SL: [4, (view, at, value, little) => view.setInt32(at, value, little)],
  FL: [4, (view, at, value, little) => view.setFloat32(at, value, little)],
  FD: [8, (view, at, value, little) => view.setFloat64(at, value, little)],
};

function numberBytes(values: readonly number[], vr: Vr, littleEndian: boolean): Uint8Array {
  const [size, write] = numberWriters[vr] ?? [1, (view, at, value) => view.setUint8(at, value)];
  const view = new DataView(new ArrayBuffer(values.length * size));
  for (const [index, value] of values.entries()) write(view, index * size, value, littleEndian);
  return new Uint8Array(view.buffer);
}

function valueBytes(value: Values, vr: Vr, { littleEndian }: Encoding): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const values = Array.isArray(value) ? (value as readonly (string | number)[]) : [value as string | number];
  if (values.every((one) => typeof one === 'number')) {
    const isText = vr === 'DS' || vr === 'IS';
    return isText ? Buffer.from(values.join('\\'), 'latin1') : numberBytes(values, vr, littleEndian);
  }
  return Buffer.from(values.join('\\'), 'utf8');
}

/** An element by keyword or tag. Without a VR it is the dictionary's. Text is written as UTF-8; give bytes for others. */
export function el(name: string, value: Values, vr?: Vr): Part {
  const own = tag(name);
  const writtenVr = vr ?? primaryVr(own) ?? 'UN';
  return (encoding) =>
    encodeElement({ tag: own, vr: writtenVr, value: valueBytes(value, writtenVr, encoding) }, encoding);
}

const undefinedLength = 0xffffffff;

function header(of: Tag, length: number, { littleEndian }: Encoding): Buffer {
  const bytes = Buffer.alloc(8);
  if (littleEndian) {
    bytes.writeUInt16LE(of >>> 16, 0);
    bytes.writeUInt16LE(of & 0xffff, 2);
    bytes.writeUInt32LE(length, 4);
  } else {
    bytes.writeUInt16BE(of >>> 16, 0);
    bytes.writeUInt16BE(of & 0xffff, 2);
    bytes.writeUInt32BE(length, 4);
  }
  return bytes;
}

/** A header of an element with a length that need not be true. */
export function rawHeader(name: string, vr: Vr, length: number): Part {
  return (encoding) => {
    const own = tag(name);
    if (!encoding.explicit) return header(own, length, encoding);
    const bytes = Buffer.from(encodeElement({ tag: own, vr, value: new Uint8Array(0) }, encoding));
    if (bytes.length === 12) header(own, length, encoding).copy(bytes, 8, 4);
    else if (encoding.littleEndian) bytes.writeUInt16LE(length, 6);
    else bytes.writeUInt16BE(length, 6);
    return bytes;
  };
}

/** Bytes as they are. */
export function raw(bytes: Uint8Array): Part {
  return () => bytes;
}

/** How a sequence and its items say their length. */
export interface LengthForms {
  readonly sequence?: 'defined' | 'undefined';
  readonly items?: 'defined' | 'undefined';
}

function itemBytes(parts: readonly Part[], encoding: Encoding, form: 'defined' | 'undefined'): Uint8Array {
  const content = Buffer.concat(parts.map((part) => part(encoding)));
  return form === 'defined'
    ? Buffer.concat([header(0xfffee000, content.length, encoding), content])
    : Buffer.concat([
        header(0xfffee000, undefinedLength, encoding),
        content,
        header(0xfffee00d, 0, encoding),
      ]);
}

function sequenceBytes(
  own: Tag,
  vr: Vr,
  items: readonly (readonly Part[])[],
  encoding: Encoding,
  inner: Encoding,
  forms: LengthForms,
): Uint8Array {
  const content = Buffer.concat(items.map((parts) => itemBytes(parts, inner, forms.items ?? 'defined')));
  if (forms.sequence !== 'undefined') return encodeElement({ tag: own, vr, value: content }, encoding);
  const start = encoding.explicit
    ? Buffer.from(encodeElement({ tag: own, vr, value: new Uint8Array(0) }, encoding))
    : header(own, undefinedLength, encoding);
  if (encoding.explicit) start.writeUInt32LE(undefinedLength, 8);
  return Buffer.concat([start, content, header(0xfffee0dd, 0, inner)]);
}

/** A sequence of items. */
export function sq(name: string, items: readonly (readonly Part[])[], forms: LengthForms = {}): Part {
  return (encoding) => sequenceBytes(tag(name), 'SQ', items, encoding, encoding, forms);
}

/** A sequence hidden in VR UN, its items implicit little endian (PS3.5 section 6.2.2, CP-246). */
export function unSequence(name: string, items: readonly (readonly Part[])[], forms: LengthForms = {}): Part {
  const inner: Encoding = { explicit: false, littleEndian: true };
  return (encoding) =>
    sequenceBytes(tag(name), encoding.explicit ? 'UN' : 'SQ', items, encoding, inner, forms);
}

/** Encapsulated pixel data: an offset table, empty unless given, and the fragments. */
export function encapsulated(fragments: readonly Uint8Array[], offsets: readonly number[] = []): Part {
  return (encoding) => {
    const start = Buffer.from(
      encodeElement({ tag: 0x7fe00010, vr: 'OB', value: new Uint8Array(0) }, encoding),
    );
    start.writeUInt32LE(undefinedLength, 8);
    const table = numberBytes(offsets, 'UL', true);
    const items = [table, ...fragments].map((bytes) =>
      Buffer.concat([
        header(0xfffee000, bytes.length + (bytes.length & 1), encoding),
        bytes,
        Buffer.alloc(bytes.length & 1),
      ]),
    );
    return Buffer.concat([start, ...items, header(0xfffee0dd, 0, encoding)]);
  };
}

/** What a file is made of besides its elements. */
export interface FileOptions {
  readonly transferSyntax?: string;
  /** Up to 128 bytes of the preamble; `none` leaves out preamble and prefix. */
  readonly preamble?: Uint8Array | 'none';
  /** Further elements of the File Meta Information; `none` leaves the group out. */
  readonly meta?: readonly Part[] | 'none';
  /** Bytes behind the last element. */
  readonly trailing?: Uint8Array;
}

const explicitLittleEndian: Encoding = { explicit: true, littleEndian: true };

function encodingOf(uid: string): Encoding {
  const { explicit = true, littleEndian = true } = transferSyntaxOf(uid) ?? {};
  return { explicit, littleEndian };
}

/** The bytes of elements in an encoding, without a file around them. */
export function dataSetBytes(parts: readonly Part[], transferSyntax: string = syntaxes.explicit): Buffer {
  const encoding = encodingOf(transferSyntax);
  return Buffer.concat(parts.map((part) => part(encoding)));
}

/** A DICOM file. */
export function dicomFile(parts: readonly Part[], options: FileOptions = {}): Buffer {
  const uid = options.transferSyntax ?? syntaxes.explicit;
  const body = Buffer.concat([dataSetBytes(parts, uid), options.trailing ?? new Uint8Array(0)]);
  const stored = transferSyntaxOf(uid)?.deflated === true ? deflateRawSync(body) : body;
  return Buffer.concat([fileStart(options, uid), stored]);
}

function fileStart({ preamble, meta }: FileOptions, transferSyntax: string): Buffer {
  const start =
    preamble === 'none'
      ? Buffer.alloc(0)
      : Buffer.concat([
          Buffer.concat([preamble ?? new Uint8Array(0), Buffer.alloc(128)]).subarray(0, 128),
          Buffer.from('DICM'),
        ]);
  if (meta === 'none') return start;
  const group = Buffer.concat(
    [
      el('FileMetaInformationVersion', Uint8Array.of(0, 1)),
      el('TransferSyntaxUID', transferSyntax),
      ...(meta ?? []),
    ].map((part) => part(explicitLittleEndian)),
  );
  return Buffer.concat([
    start,
    el('FileMetaInformationGroupLength', group.length)(explicitLittleEndian),
    group,
  ]);
}
