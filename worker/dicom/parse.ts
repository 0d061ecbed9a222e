/** Parses an object: its header, then its data set, over bytes that are in memory or read as the parser asks for them. */
import { constants, inflateRawSync } from 'node:zlib';
import { type ByteSource, residentSource } from '../bytes/byte-source.ts';
import type { TransferSyntax } from '../standards/transfer-syntaxes.ts';
import { DicomError } from './dicom-error.ts';
import type { DataSet, ResidentBytes } from './element.ts';
import { type FileMeta, longestFileHeader, readFileHeader } from './file-header.ts';
import { createDataSetParser, type ParsedDataSet } from './parse-data-set.ts';
import { defaultLimits, type ParseLimits } from './parse-limits.ts';
import { createResidentWindows, type ResidentWindows, residentWhole } from './resident-windows.ts';

export type { ParseLimits } from './parse-limits.ts';

/** A parsed object. Offsets in the tree are into the body. */
export interface ParsedObject {
  readonly fileMeta: FileMeta;
  readonly transferSyntax: TransferSyntax;
  /** The bytes that the offsets point into: the file itself, or the inflated data set. */
  readonly bodySource: ByteSource;
  /** Headers and short values of the body. */
  readonly body: ResidentBytes;
  /** First byte of the data set within the body. */
  readonly dataSetStart: number;
  /** First byte behind the data set; what follows is no part of it. */
  readonly dataSetEnd: number;
  readonly dataSet: DataSet;
}

/**
 * Parses the object in `source`.
 * @throws DicomError where it is not DICOM, breaks a rule of its encoding, or exceeds a limit.
 */
export async function parseObject(
  source: ByteSource,
  limits: ParseLimits = defaultLimits,
): Promise<ParsedObject> {
  const whole = source.resident ?? (await wholeOf(source, limits));
  const headBytes = whole ?? (await source.read(0, Math.min(longestFileHeader, source.size)));
  const head = Buffer.from(headBytes.buffer, headBytes.byteOffset, headBytes.byteLength);
  const header = readFileHeader(head, source.size);
  if (header.transferSyntax.deflated) {
    // Deflating makes nothing noticeably longer: what is longer than it may inflate to inflates to too much.
    if (source.size > limits.inflatedBytes) throw new DicomError('TooLarge', 'byte 0');
    return parseDeflated(whole ?? (await source.read(0, source.size)), header, limits);
  }
  const resident = whole === undefined ? createResidentWindows() : residentWhole(whole);
  const parsed = await parseBody(source, resident, header.dataSetStart, header.transferSyntax, limits);
  return {
    ...header,
    bodySource: whole === undefined ? source : residentSource(whole),
    body: resident,
    dataSetEnd: parsed.end,
    dataSet: parsed.dataSet,
  };
}

async function wholeOf(source: ByteSource, limits: ParseLimits): Promise<Uint8Array | undefined> {
  return source.size <= limits.wholeBytes ? source.read(0, source.size) : undefined;
}

async function parseBody(
  source: ByteSource,
  resident: ResidentWindows,
  start: number,
  transferSyntax: TransferSyntax,
  limits: ParseLimits,
): Promise<ParsedDataSet> {
  const { explicit, littleEndian } = transferSyntax;
  const parser = createDataSetParser(resident, start, source.size, { explicit, littleEndian }, limits);
  for (let needed = parser.run(); needed !== undefined; needed = parser.run()) {
    const from = needed.start;
    const reach = needed.transient ? transientBytes : limits.windowBytes;
    const to = Math.min(source.size, Math.max(needed.end, from + reach));
    const bytes = await source.read(from, to - from);
    if (needed.transient) resident.passThrough(from, bytes);
    else resident.add(from, bytes);
    if (resident.held > limits.residentBytes) throw new DicomError('TooLarge', `byte ${from}`);
  }
  return parser.result();
}

/** Headers of fragments are read in small steps: what lies between them is bulk. */
const transientBytes = 4096;

function parseDeflated(
  file: Uint8Array,
  header: ReturnType<typeof readFileHeader>,
  limits: ParseLimits,
): Promise<ParsedObject> {
  const inflated = inflate(file.subarray(header.dataSetStart), limits.inflatedBytes);
  const bodySource = residentSource(inflated);
  const resident = residentWhole(inflated);
  return parseBody(bodySource, resident, 0, header.transferSyntax, limits).then((parsed) => ({
    ...header,
    bodySource,
    body: resident,
    dataSetStart: 0,
    dataSetEnd: parsed.end,
    dataSet: parsed.dataSet,
  }));
}

/** Inflates a data set (PS3.5 section A.5); the bound holds whatever the stream says of itself. */
function inflate(deflated: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflateRawSync(deflated, { maxOutputLength, finishFlush: constants.Z_FINISH });
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    throw new DicomError(isTooLarge ? 'TooLarge' : 'Malformed', 'byte 0');
  }
}
