/**
 * Reads what stands before the data set of a DICOM file: preamble and File Meta Information (PS3.10 section 7.1), or
 * neither, in which case the encoding is told from the first element.
 */
import { lookup } from '../standards/dictionary.ts';
import { type TransferSyntax, transferSyntaxOf } from '../standards/transfer-syntaxes.ts';
import { DicomError } from './dicom-error.ts';
import { tagOf } from './tag.ts';
import { isVr, vrFacts } from './vr.ts';

/** What the File Meta Information says; all undefined in files without one. */
export interface FileMeta {
  readonly mediaStorageSopClassUid: string | undefined;
  readonly mediaStorageSopInstanceUid: string | undefined;
  readonly transferSyntaxUid: string | undefined;
}

export interface FileHeader {
  readonly fileMeta: FileMeta;
  readonly transferSyntax: TransferSyntax;
  /** First byte of the data set. */
  readonly dataSetStart: number;
}

const preambleLength = 128;
const magic = Buffer.from('DICM', 'latin1');
const noFileMeta: FileMeta = {
  mediaStorageSopClassUid: undefined,
  mediaStorageSopInstanceUid: undefined,
  transferSyntaxUid: undefined,
};

const implicitLittleEndianUid = '1.2.840.10008.1.2';
const explicitLittleEndianUid = '1.2.840.10008.1.2.1';
const explicitBigEndianUid = '1.2.840.10008.1.2.2';

/** Bytes at the start of an object that are enough for {@link readFileHeader}. */
export const longestFileHeader = 65_536;

/** Reads the header from the first bytes of an object of `size` bytes. */
export function readFileHeader(head: Buffer, size: number): FileHeader {
  if (size === 0) throw new DicomError('Empty', 'byte 0');
  const hasMagic =
    head.length >= preambleLength + 4 && head.subarray(preambleLength, preambleLength + 4).equals(magic);
  const start = hasMagic ? preambleLength + 4 : 0;
  const meta = readFileMeta(head, start);
  const declared = meta.fileMeta.transferSyntaxUid;
  const guessed = guessEncoding(head, meta.end, size);
  if (!hasMagic && meta.end === start && guessed === undefined) throw new DicomError('NotDicom', 'byte 0');
  const uid = declared ?? guessed;
  if (uid === undefined) {
    throw new DicomError(meta.end >= size ? 'Truncated' : 'NotDicom', `byte ${meta.end}`);
  }
  const transferSyntax = transferSyntaxOf(uid);
  if (transferSyntax === undefined) throw new DicomError('UnsupportedTransferSyntax', '(0002,0010)');
  return { fileMeta: meta.fileMeta, transferSyntax, dataSetStart: meta.end };
}

/**
 * Group 2 is explicit little endian always. It ends where the group does: its length element is often wrong.
 */
function readFileMeta(head: Buffer, start: number): { readonly fileMeta: FileMeta; readonly end: number } {
  const values = new Map<number, string>();
  let position = start;
  while (position + 8 <= head.length && head.readUInt16LE(position) === 0x0002) {
    const vr = head.toString('latin1', position + 4, position + 6);
    if (!isVr(vr)) throw new DicomError('Malformed', `byte ${position}`);
    const { longLength } = vrFacts[vr];
    if (longLength && position + 12 > head.length) throw new DicomError('Truncated', `byte ${position}`);
    const length = longLength ? head.readUInt32LE(position + 8) : head.readUInt16LE(position + 6);
    const valueStart = position + (longLength ? 12 : 8);
    if (valueStart + length > head.length) throw new DicomError('Truncated', `byte ${position}`);
    if (vr === 'UI') {
      const text = head.toString('latin1', valueStart, valueStart + length).replace(/[\0 ]+$/, '');
      values.set(head.readUInt16LE(position + 2), text);
    }
    position = valueStart + length;
  }
  if (position === start) return { fileMeta: noFileMeta, end: start };
  return {
    fileMeta: {
      mediaStorageSopClassUid: values.get(0x0002),
      mediaStorageSopInstanceUid: values.get(0x0003),
      transferSyntaxUid: values.get(0x0010) || undefined,
    },
    end: position,
  };
}

/** The uncompressed encoding that the first element fits, if its tag is one that a data set may start with. */
function guessEncoding(head: Buffer, at: number, size: number): string | undefined {
  if (at + 8 > head.length) return undefined;
  const vr = head.toString('latin1', at + 4, at + 6);
  if (isVr(vr)) {
    if (startsDataSet(tagOf(head.readUInt16LE(at), head.readUInt16LE(at + 2))))
      return explicitLittleEndianUid;
    if (startsDataSet(tagOf(head.readUInt16BE(at), head.readUInt16BE(at + 2)))) return explicitBigEndianUid;
    return undefined;
  }
  const isPlausible =
    startsDataSet(tagOf(head.readUInt16LE(at), head.readUInt16LE(at + 2))) &&
    head.readUInt32LE(at + 4) <= size - at - 8;
  return isPlausible ? implicitLittleEndianUid : undefined;
}

/** Data sets start in group 8, or in group 4 in a DICOMDIR. */
function startsDataSet(tag: number): boolean {
  const group = tag >>> 16;
  return (group === 8 || group === 4) && ((tag & 0xffff) === 0 || lookup(tag) !== undefined);
}
