/** Reads a whole DICOM file, from memory or place by place: preamble, File Meta Information, data set. */
import { inflateRawSync } from 'node:zlib';
import type { ByteSource } from '../bytes/byte-source.ts';
import { ObjectReader, type ReadEncoding, ReadFault } from './object-reader.ts';
import { type ReadDataSet, type ReadElement, trim } from './read-element.ts';
import { attributeOf } from './tables.ts';

export interface ReadHead {
  /** 128 bytes; undefined where the file has none. */
  readonly preamble: Buffer | undefined;
  /** Values of group 2 by tag. */
  readonly meta: ReadonlyMap<number, Buffer>;
  readonly transferSyntax: string;
  readonly encoding: ReadEncoding;
  readonly deflated: boolean;
  readonly dataSetStart: number;
}

export interface ReadSource {
  readonly head: ReadHead;
  readonly root: ReadDataSet;
  /** Every element at any depth, in order. */
  readonly elements: readonly ReadElement[];
  /** What the places of bulk values count in, where that is in memory. */
  readonly resident: Buffer | undefined;
}

const longMetaVrs = new Set('OB OW UN UT UC UR SQ'.split(' '));
const implicitLittle = '1.2.840.10008.1.2';
const explicitLittle = '1.2.840.10008.1.2.1';
const explicitBig = '1.2.840.10008.1.2.2';
const deflated = new Set(['1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.4.95', '1.2.840.10008.1.2.4.205']);
/** Bytes that hold every header that is not absurd. */
export const longestHead = 64 * 1024;

function startsDataSet(tag: number): boolean {
  const group = tag >>> 16;
  return group === 8 && ((tag & 0xffff) === 0 || attributeOf(tag) !== undefined);
}

/** The encoding that the first element shows where no header says it. */
function guessed(bytes: Buffer, at: number): string {
  if (at + 8 > bytes.length) throw new ReadFault('short');
  const little = ((bytes.readUInt16LE(at) << 16) | bytes.readUInt16LE(at + 2)) >>> 0;
  const hasVr = /^[A-Z]{2}$/.test(bytes.toString('latin1', at + 4, at + 6));
  if (!hasVr) return implicitLittle;
  return startsDataSet(little) ? explicitLittle : explicitBig;
}

/** Reads what stands before the data set. `bytes` starts with the file. Throws `ReadFault`. */
export function readHead(bytes: Buffer): ReadHead {
  const hasPreamble = bytes.length >= 132 && bytes.toString('latin1', 128, 132) === 'DICM';
  let at = hasPreamble ? 132 : 0;
  const meta = new Map<number, Buffer>();
  while (at + 8 <= bytes.length && bytes.readUInt16LE(at) === 2) {
    const isLong = longMetaVrs.has(bytes.toString('latin1', at + 4, at + 6));
    if (isLong && at + 12 > bytes.length) throw new ReadFault('short');
    const length = isLong ? bytes.readUInt32LE(at + 8) : bytes.readUInt16LE(at + 6);
    const start = at + (isLong ? 12 : 8);
    if (start + length > bytes.length) throw new ReadFault('short');
    meta.set(0x20000 + bytes.readUInt16LE(at + 2), bytes.subarray(start, start + length));
    at = start + length;
  }
  const declared = trim(meta.get(0x00020010)?.toString('latin1') ?? '');
  const transferSyntax = declared === '' ? guessed(bytes, at) : declared;
  return {
    preamble: hasPreamble ? bytes.subarray(0, 128) : undefined,
    meta,
    transferSyntax,
    encoding: {
      explicit: transferSyntax !== implicitLittle,
      littleEndian: transferSyntax !== explicitBig,
    },
    deflated: deflated.has(transferSyntax),
    dataSetStart: at,
  };
}

export const longestInflated = 1024 * 1024 * 1024;

/** Inflates a data set (PS3.5 section A.5). Throws `ReadFault`. */
export function inflated(bytes: Uint8Array): Buffer {
  try {
    return inflateRawSync(bytes, { maxOutputLength: longestInflated });
  } catch {
    throw new ReadFault('deflated');
  }
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads a data set that is in memory. */
function readResident(bytes: Buffer, start: number, encoding: ReadEncoding): ObjectReader {
  const reader = new ObjectReader(encoding, start);
  try {
    reader.takeWhole(bytes, start);
    reader.finish();
  } catch (error) {
    if (!(error instanceof ReadFault) || !isBehindPixels(reader.root)) throw error;
  }
  return reader;
}

/** What stands behind Pixel Data is padding of a writer, and no part of an output. */
function isBehindPixels(root: ReadDataSet): boolean {
  const last = root.elements.at(-1);
  return last !== undefined && last.tag >= 0x7fe00010;
}

const window = 64 * 1024;

async function readPlaces(head: ReadHead, source: ByteSource): Promise<ObjectReader> {
  const reader = new ObjectReader(head.encoding, head.dataSetStart);
  try {
    while (reader.position < source.size) {
      const from = reader.position;
      reader.take(await source.read(from, Math.min(window, source.size - from)));
      if (reader.skippable > 0 && reader.position + reader.skippable <= source.size) reader.skip();
    }
    reader.finish();
  } catch (error) {
    if (!(error instanceof ReadFault) || !isBehindPixels(reader.root)) throw error;
  }
  return reader;
}

/** Reads an object, in memory or at its places; of large ones only what is no bulk. Throws `ReadFault`. */
export async function readSource(source: ByteSource): Promise<ReadSource> {
  const whole = source.resident === undefined ? undefined : view(source.resident);
  const bytes = whole ?? view(await source.read(0, Math.min(longestHead, source.size)));
  const head = readHead(bytes);
  if (head.deflated) {
    const all = whole ?? view(await source.read(0, source.size));
    const resident = inflated(all.subarray(head.dataSetStart));
    const { root, elements } = readResident(resident, 0, head.encoding);
    return { head, root, elements, resident };
  }
  const { root, elements } =
    whole === undefined
      ? await readPlaces(head, source)
      : readResident(whole, head.dataSetStart, head.encoding);
  return { head, root, elements, resident: whole };
}
