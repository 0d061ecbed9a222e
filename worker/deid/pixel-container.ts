/**
 * Cleans the container of pixel data without looking at pixels: text in code streams, slack behind frames, overlay planes
 * in unused bits. All patches keep lengths, so nothing else in the object changes. What cannot be followed is refused.
 */
import type { Edit } from '../bytes/edit.ts';
import type { Element, Fragment } from '../dicom/element.ts';
import { readNumbers } from '../dicom/numbers.ts';
import type { ParsedObject } from '../dicom/parse.ts';
import { formatTag, groupOf, type Tag } from '../dicom/tag.ts';
import { cleanStream, type FrameSize, storedBits } from '../pixels/clean-stream.ts';
import { beginBytes, frameStreams, isTrueTable } from '../pixels/frame-streams.ts';
import {
  bitsOutside,
  frameBytes,
  maskOf,
  maskSamples,
  type PixelFacts,
  pixelBytes,
  rlePlanes,
} from '../pixels/native-pixels.ts';
import { asciiValues, bytesOf } from './element-value.ts';
import type { ObjectEditor } from './object-editor.ts';
import { elementIn } from './scope.ts';

/** What became of the container. `cleanups` names what was changed, for the record. */
export type ContainerResult =
  | { readonly kind: 'clean'; readonly cleanups: readonly string[] }
  | { readonly kind: 'uncleanable'; readonly at: string };

const pixelData: Tag = 0x7fe00010;
const overlayBitPosition = 0x0102;
const overlayData = 0x3000;

/** Streams and native values longer than this are not held in memory, and so not cleaned. */
const longestStream = 256 * 1024 * 1024;

const untouched: ContainerResult = { kind: 'clean', cleanups: [] };
const uncleanable: ContainerResult = { kind: 'uncleanable', at: formatTag(pixelData) };

function numberOf({ dataSet, body }: ParsedObject, tag: Tag, fallback: number): number {
  const element = elementIn(dataSet, tag);
  if (element === undefined || element.valueEnd === element.valueStart) return fallback;
  if (element.vr === 'IS') return Number(asciiValues(element, body)[0]) || fallback;
  return readNumbers(bytesOf(element, body), 'US', element.encoding)[0] ?? fallback;
}

function pixelFacts(parsed: ParsedObject): PixelFacts {
  const photometric = elementIn(parsed.dataSet, 0x00280004);
  const bitsAllocated = numberOf(parsed, 0x00280100, 8);
  const bitsStored = numberOf(parsed, 0x00280101, bitsAllocated);
  return {
    rows: numberOf(parsed, 0x00280010, 0),
    columns: numberOf(parsed, 0x00280011, 0),
    samplesPerPixel: numberOf(parsed, 0x00280002, 1),
    bitsAllocated,
    bitsStored,
    highBit: numberOf(parsed, 0x00280102, bitsStored - 1),
    frames: numberOf(parsed, 0x00280008, 1),
    photometricInterpretation:
      photometric === undefined ? '' : (asciiValues(photometric, parsed.body)[0] ?? ''),
  };
}

async function read({ bodySource }: ParsedObject, start: number, end: number): Promise<Uint8Array> {
  return bodySource.resident?.subarray(start, end) ?? (await bodySource.read(start, end - start));
}

/** Translates patches of the fragments' joined bytes to edits of the body. */
function toBody(patches: readonly Edit[], fragments: readonly Fragment[]): readonly Edit[] {
  const edits: Edit[] = [];
  let base = 0;
  for (const { valueStart, valueEnd } of fragments) {
    const length = valueEnd - valueStart;
    for (const { start, end, bytes } of patches) {
      const from = Math.max(start, base);
      const to = Math.min(end, base + length);
      if (from >= to) continue;
      edits.push({
        start: valueStart + from - base,
        end: valueStart + to - base,
        bytes: bytes.subarray(from - start, to - start),
      });
    }
    base += length;
  }
  return edits;
}

async function cleanFragments(
  parsed: ParsedObject,
  element: Element,
  editor: ObjectEditor,
): Promise<ContainerResult> {
  const { codec } = parsed.transferSyntax;
  const [table, ...fragments] = element.fragments ?? [];
  if (codec === undefined || table === undefined) return uncleanable;
  const facts = pixelFacts(parsed);
  const tableBytes = table.valueEnd - table.valueStart;
  // As many offsets as there can be fragments: a longer table is none.
  const isReadable = tableBytes <= fragments.length * 4;
  const offsets = isReadable
    ? readNumbers(await read(parsed, table.valueStart, table.valueEnd), 'UL', element.encoding)
    : [];
  const cleanups: string[] = [];
  const isTable = isReadable && isTrueTable(tableBytes, offsets, fragments);
  if (!isTable) {
    // Whatever it holds helps nobody to find a frame. The table is an item: its length becomes zero.
    editor.replaceBytes({ start: table.valueStart - 4, end: table.valueEnd, bytes: new Uint8Array(4) });
    cleanups.push('offset table that points at no fragments');
  }
  const streams = await frameStreams({
    fragments,
    offsets: isTable ? offsets : [],
    frames: facts.frames,
    codec,
    begin: ({ valueStart, valueEnd }) =>
      read(parsed, valueStart, Math.min(valueEnd, valueStart + beginBytes)),
  });
  if (streams === undefined) return uncleanable;
  const overlayBits = bitsOutside(facts, embeddedOverlayBits(parsed));
  const frameSize: FrameSize = { bytes: frameBytes(facts), planes: rlePlanes(facts) };
  let isChanged = false;
  for (const group of streams) {
    const length = group.reduce((sum, { valueStart, valueEnd }) => sum + valueEnd - valueStart, 0);
    if (length === 0) continue;
    if (length > longestStream) return uncleanable;
    const parts = await Promise.all(
      group.map(({ valueStart, valueEnd }) => read(parsed, valueStart, valueEnd)),
    );
    const [only] = parts;
    const stream = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
    const patches = cleanStream(stream, codec, frameSize);
    if (patches === undefined) return uncleanable;
    // Planes in compressed samples cannot be cleared without coding them anew.
    const stored = overlayBits.length === 0 ? 0 : (storedBits(stream, codec) ?? Number.POSITIVE_INFINITY);
    if (overlayBits.some((bit) => bit < stored)) return uncleanable;
    for (const edit of toBody(patches, group)) {
      editor.replaceBytes(edit);
      isChanged = true;
    }
  }
  if (isChanged) cleanups.push('text or slack in code streams');
  return { kind: 'clean', cleanups };
}

/** Bit positions of overlay planes that lie in Pixel Data: groups 60xx with a position and no data of their own. */
function embeddedOverlayBits({ dataSet, body }: ParsedObject): readonly number[] {
  return dataSet.elements.flatMap((element) => {
    const isPosition = (element.tag & 0xff01ffff) >>> 0 === ((0x6000 << 16) | overlayBitPosition) >>> 0;
    if (!isPosition) return [];
    const data = ((groupOf(element.tag) << 16) | overlayData) >>> 0;
    if (elementIn(dataSet, data) !== undefined) return [];
    return readNumbers(bytesOf(element, body), 'US', element.encoding);
  });
}

async function cleanNative(
  parsed: ParsedObject,
  element: Element,
  editor: ObjectEditor,
): Promise<ContainerResult> {
  const facts = pixelFacts(parsed);
  const { valueStart, valueEnd } = element;
  const cleanups: string[] = [];
  const expected = pixelBytes(facts);
  const slack = valueEnd - valueStart - expected;
  if (slack > 1) {
    // More than a frame too many means that the header is wrong about the frames: zeroing would destroy pixels.
    if (slack >= frameBytes(facts) || slack > longestStream) return uncleanable;
    const bytes = await read(parsed, valueStart + expected, valueEnd);
    if (bytes.some((byte) => byte !== 0)) {
      editor.replaceBytes({ start: valueStart + expected, end: valueEnd, bytes: new Uint8Array(slack) });
      cleanups.push('slack behind the last frame');
    }
  }
  const overlayBits = bitsOutside(facts, embeddedOverlayBits(parsed));
  if (overlayBits.length > 0) {
    const { bitsAllocated } = facts;
    if ((bitsAllocated !== 8 && bitsAllocated !== 16) || expected > longestStream) return uncleanable;
    const end = Math.min(valueEnd, valueStart + expected);
    const samples = await read(parsed, valueStart, end);
    const masked = maskSamples(samples, maskOf(overlayBits), bitsAllocated, element.encoding.littleEndian);
    if (masked !== undefined) {
      editor.replaceBytes({ start: valueStart, end, bytes: masked });
      cleanups.push('overlay planes in unused bits');
    }
  }
  return { kind: 'clean', cleanups };
}

/** Cleans Pixel Data of the root data set; objects without it have nothing to clean. */
export async function cleanPixelContainer(
  parsed: ParsedObject,
  editor: ObjectEditor,
): Promise<ContainerResult> {
  const element = elementIn(parsed.dataSet, pixelData);
  if (element === undefined || element.valueEnd === element.valueStart) return untouched;
  // What goes as a whole needs no cleaning.
  if (editor.isRemoved(element)) return untouched;
  const isEncapsulated = element.fragments !== undefined;
  if (!isEncapsulated && parsed.transferSyntax.codec !== undefined) return uncleanable;
  return isEncapsulated ? cleanFragments(parsed, element, editor) : cleanNative(parsed, element, editor);
}
