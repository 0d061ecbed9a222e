/**
 * Parses a data set into a tree of places (PS3.5 sections 7.1 to 7.5, Annex A). A state machine with an explicit stack:
 * nesting cannot overflow it, and where it needs bytes that are not resident it stops, says which, and goes on later.
 */
import { DicomError, type DicomErrorCode } from './dicom-error.ts';
import type { DataSet, Element, Encoding, Fragment, Item } from './element.ts';
import type { ParseLimits } from './parse-limits.ts';
import type { ResidentWindows, Window } from './resident-windows.ts';
import { elementOf, formatTag, isPrivate, isPrivateCreator, type Tag, tagOf } from './tag.ts';
import { type Vr, vrFacts } from './vr.ts';
import { vrOfCode } from './vr-codes.ts';
import { implicitVr } from './vr-resolution.ts';

/** Bytes that the parser needs before it can go on; `transient` ones need not be kept. */
export interface BytesNeeded {
  readonly start: number;
  readonly end: number;
  readonly transient: boolean;
}

export interface ParsedDataSet {
  readonly dataSet: DataSet;
  /** First byte after the last element; what follows up to the end of the body is no part of the data set. */
  readonly end: number;
}

/** A parser at work: `run` goes on until it needs bytes (then add them and call again) or is done. */
export interface DataSetParser {
  run(): BytesNeeded | undefined;
  result(): ParsedDataSet;
}

const itemTag: Tag = 0xfffee000;
const itemDelimitation: Tag = 0xfffee00d;
const sequenceDelimitation: Tag = 0xfffee0dd;
const pixelData: Tag = 0x7fe00010;
const undefinedLength = 0xffffffff;
const implicitLittleEndian: Encoding = { explicit: false, littleEndian: true };

/** An element whose value is still being read. */
type OpenElement = { -readonly [Key in keyof Element]: Element[Key] } & {
  items?: Item[];
  fragments?: Fragment[];
};

/** A data set, a list of items or a list of fragments that is open. `limit` is the first byte it may not reach. */
type Frame =
  | {
      readonly kind: 'elements';
      readonly elements: Element[];
      readonly encoding: Encoding;
      readonly limit: number;
      readonly isUndefined: boolean;
      /** Creators by group and block, for the VR of private elements. */
      creators: Map<number, string> | undefined;
      readonly itemStart: number;
      readonly itemValueStart: number;
    }
  | {
      readonly kind: 'items';
      readonly element: OpenElement;
      readonly items: Item[];
      readonly encoding: Encoding;
      readonly limit: number;
      readonly isUndefined: boolean;
      /** True while it is only supposed that the value is a sequence: an error then means that it is none. */
      readonly isTrial: boolean;
    }
  | {
      readonly kind: 'fragments';
      readonly element: OpenElement;
      readonly fragments: Fragment[];
      readonly limit: number;
    };

type ElementsFrame = Extract<Frame, { kind: 'elements' }>;

/** Parses `[start, end)` of the resident bytes as a data set in `encoding`. */
export function createDataSetParser(
  resident: ResidentWindows,
  start: number,
  end: number,
  encoding: Encoding,
  limits: ParseLimits,
): DataSetParser {
  const rootElements: Element[] = [];
  const stack: Frame[] = [
    {
      kind: 'elements',
      elements: rootElements,
      encoding,
      limit: end,
      isUndefined: false,
      creators: undefined,
      itemStart: start,
      itemValueStart: start,
    },
  ];
  let position = start;
  let rootEnd = start;
  let count = 0;
  let needed: BytesNeeded | undefined;
  let isSigned = false;

  const fail = (code: DicomErrorCode): never => {
    throw new DicomError(code, placeOf(stack, position));
  };

  /** The window that holds `length` bytes at the position; undefined after noting that they are needed. */
  const demand = (from: number, to: number, transient = false): Window | undefined => {
    const window = resident.find(from, to);
    if (window === undefined) needed = { start: from, end: to, transient };
    return window;
  };

  const closeItem = (frame: ElementsFrame, valueEnd: number, itemEnd: number): void => {
    stack.pop();
    const parent = stack.at(-1);
    if (parent?.kind !== 'items') return fail('Malformed');
    parent.items.push({
      start: frame.itemStart,
      valueStart: frame.itemValueStart,
      valueEnd,
      end: itemEnd,
      undefinedLength: frame.isUndefined,
      dataSet: { elements: frame.elements, encoding: frame.encoding },
    });
    position = itemEnd;
  };

  const closeElement = (element: OpenElement, valueEnd: number, elementEnd: number): void => {
    stack.pop();
    element.valueEnd = valueEnd;
    element.end = elementEnd;
    position = elementEnd;
    if (stack.length === 1) rootEnd = elementEnd;
  };

  /** Takes back a supposed sequence: its element keeps its bytes as an opaque value. */
  const abandonTrial = (): boolean => {
    let depth = stack.length - 1;
    while (depth > 0) {
      const frame = stack[depth];
      if (frame?.kind === 'items' && frame.isTrial) break;
      depth -= 1;
    }
    const trial = stack[depth];
    if (trial?.kind !== 'items' || !trial.isTrial) return false;
    stack.length = depth;
    const { element } = trial;
    element.vr = 'UN';
    delete element.items;
    position = element.end;
    if (stack.length === 1) rootEnd = element.end;
    return true;
  };

  const enterSequence = (element: OpenElement, inner: Encoding, isTrial: boolean): void => {
    if (stack.length / 2 > limits.depth) fail('NestingTooDeep');
    const items: Item[] = [];
    element.vr = 'SQ';
    element.items = items;
    const frame = stack.at(-1);
    stack.push({
      kind: 'items',
      element,
      items,
      encoding: inner,
      limit: element.undefinedLength ? (frame?.limit ?? end) : element.valueEnd,
      isUndefined: element.undefinedLength,
      isTrial,
    });
    position = element.valueStart;
  };

  /** Reads the header of one element and either finishes it or opens what it holds. False where bytes are needed. */
  const readElement = (frame: ElementsFrame): boolean => {
    const remaining = frame.limit - position;
    if (remaining < 8) return fail('Truncated');
    const window = demand(position, Math.min(position + 12, frame.limit));
    if (window === undefined) return false;
    const { bytes } = window;
    const at = position - window.start;
    const { explicit, littleEndian } = frame.encoding;
    const tag = littleEndian
      ? tagOf(bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2))
      : tagOf(bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2));
    if (tag === itemDelimitation && frame.isUndefined && stack.length > 1) {
      closeItem(frame, position, position + 8);
      return true;
    }
    if (tag >>> 16 === 0xfffe) return fail('Malformed');
    let vr: Vr;
    let writtenVr: Vr | undefined;
    let length: number;
    let valueStart: number;
    if (explicit) {
      writtenVr = vrOfCode((bytes[at + 4] ?? 0) * 256 + (bytes[at + 5] ?? 0));
      if (writtenVr === undefined) return fail('Malformed');
      if (vrFacts[writtenVr].longLength) {
        if (remaining < 12) return fail('Truncated');
        length = littleEndian ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8);
        valueStart = position + 12;
      } else {
        length = littleEndian ? bytes.readUInt16LE(at + 6) : bytes.readUInt16BE(at + 6);
        valueStart = position + 8;
      }
      vr = writtenVr === 'UN' ? implicitVr(tag, creatorOf(frame, tag), isSigned) : writtenVr;
    } else {
      length = littleEndian ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4);
      valueStart = position + 8;
      vr = implicitVr(tag, creatorOf(frame, tag), isSigned);
    }
    count += 1;
    if (count > limits.elements) return fail('TooLarge');
    const isUndefined = length === undefinedLength;
    const valueEnd = isUndefined ? frame.limit : valueStart + length;
    if (valueEnd > frame.limit) return fail('Truncated');
    // A UN value is implicit little endian whatever surrounds it (PS3.5 section 6.2.2, note 2).
    const own: Encoding = writtenVr === 'UN' ? implicitLittleEndian : frame.encoding;
    const element: OpenElement = {
      tag,
      vr,
      encoding: frame.encoding,
      start: position,
      valueStart,
      valueEnd,
      end: valueEnd,
      undefinedLength: isUndefined,
    };
    if (writtenVr !== undefined) element.writtenVr = writtenVr;
    if (isUndefined) return openUndefined(frame, element, own);
    if (vr === 'SQ') {
      frame.elements.push(element);
      // That a private element is a sequence is only known by hearsay where the encoding does not say it.
      enterSequence(element, own, writtenVr === 'UN' || (writtenVr === undefined && isPrivate(tag)));
      return true;
    }
    if (vr === 'UN' && length >= 8) {
      const isSequence = looksLikeItems(element, own);
      if (isSequence === undefined) return false;
      if (isSequence) {
        frame.elements.push(element);
        enterSequence(element, own, true);
        return true;
      }
    }
    if (!holdValue(element)) return false;
    frame.elements.push(element);
    note(frame, element);
    position = valueEnd;
    if (stack.length === 1) rootEnd = valueEnd;
    return true;
  };

  const openUndefined = (frame: ElementsFrame, element: OpenElement, own: Encoding): boolean => {
    const { vr, writtenVr, tag } = element;
    const isBytes = vr === 'OB' || vr === 'OW';
    if (isBytes && (writtenVr === 'OB' || writtenVr === 'OW' || tag === pixelData)) {
      const fragments: Fragment[] = [];
      element.fragments = fragments;
      frame.elements.push(element);
      stack.push({ kind: 'fragments', element, fragments, limit: frame.limit });
      position = element.valueStart;
      return true;
    }
    if (vr !== 'SQ' && vr !== 'UN' && writtenVr !== 'UN') return fail('Malformed');
    frame.elements.push(element);
    enterSequence(element, own, false);
    return true;
  };

  /** Whether an opaque value starts with an item that fits into it; undefined where its bytes are needed. */
  const looksLikeItems = (element: OpenElement, own: Encoding): boolean | undefined => {
    const window = demand(element.valueStart, element.valueStart + 8);
    if (window === undefined) return undefined;
    const at = element.valueStart - window.start;
    const isItem = own.littleEndian
      ? window.bytes.readUInt32LE(at) === 0xe000fffe
      : window.bytes.readUInt32BE(at) === itemTag;
    if (!isItem) return false;
    const length = own.littleEndian ? window.bytes.readUInt32LE(at + 4) : window.bytes.readUInt32BE(at + 4);
    return length === undefinedLength || element.valueStart + 8 + length <= element.valueEnd;
  };

  /** Makes the value resident unless it is bulk. False where bytes are needed. */
  const holdValue = (element: OpenElement): boolean => {
    const { kind } = vrFacts[element.vr];
    const length = element.valueEnd - element.valueStart;
    if (kind === 'binary' && length > limits.bulkBytes) return true;
    if (kind === 'unknown' && length > limits.bulkBytes) return true;
    if (length > limits.residentBytes) return fail('TooLarge');
    return demand(element.valueStart, element.valueEnd) !== undefined;
  };

  /** Remembers what later elements are read by: private creators, and whether pixels are signed. */
  const note = (frame: ElementsFrame, element: Element): void => {
    if (isPrivateCreator(element.tag)) {
      frame.creators ??= new Map();
      const text = Buffer.from(resident.view(element.valueStart, element.valueEnd)).toString('latin1');
      frame.creators.set(element.tag, text);
    } else if (element.tag === 0x00280103 && element.valueEnd > element.valueStart) {
      isSigned = resident.view(element.valueStart, element.valueEnd).includes(1);
    }
  };

  const readItem = (frame: Extract<Frame, { kind: 'items' }>): boolean => {
    if (!frame.isUndefined && position === frame.limit) {
      closeElement(frame.element, position, position);
      return true;
    }
    if (frame.limit - position < 8) return fail('Truncated');
    const window = demand(position, position + 8);
    if (window === undefined) return false;
    const at = position - window.start;
    const { littleEndian } = frame.encoding;
    const tag = littleEndian
      ? tagOf(window.bytes.readUInt16LE(at), window.bytes.readUInt16LE(at + 2))
      : tagOf(window.bytes.readUInt16BE(at), window.bytes.readUInt16BE(at + 2));
    const length = littleEndian ? window.bytes.readUInt32LE(at + 4) : window.bytes.readUInt32BE(at + 4);
    if (tag === sequenceDelimitation && frame.isUndefined) {
      closeElement(frame.element, position, position + 8);
      return true;
    }
    if (tag !== itemTag) return fail('Malformed');
    count += 1;
    if (count > limits.elements) return fail('TooLarge');
    const isUndefined = length === undefinedLength;
    const valueStart = position + 8;
    if (!isUndefined && valueStart + length > frame.limit) return fail('Truncated');
    stack.push({
      kind: 'elements',
      elements: [],
      encoding: frame.encoding,
      limit: isUndefined ? frame.limit : valueStart + length,
      isUndefined,
      creators: undefined,
      itemStart: position,
      itemValueStart: valueStart,
    });
    position = valueStart;
    return true;
  };

  const readFragment = (frame: Extract<Frame, { kind: 'fragments' }>): boolean => {
    if (frame.limit - position < 8) return fail('Truncated');
    const window = demand(position, position + 8, true);
    if (window === undefined) return false;
    const at = position - window.start;
    const { littleEndian } = frame.element.encoding;
    const tag = littleEndian
      ? tagOf(window.bytes.readUInt16LE(at), window.bytes.readUInt16LE(at + 2))
      : tagOf(window.bytes.readUInt16BE(at), window.bytes.readUInt16BE(at + 2));
    const length = littleEndian ? window.bytes.readUInt32LE(at + 4) : window.bytes.readUInt32BE(at + 4);
    if (tag === sequenceDelimitation) {
      closeElement(frame.element, position, position + 8);
      return true;
    }
    if (tag !== itemTag || length === undefinedLength) return fail('Malformed');
    count += 1;
    if (count > limits.elements) return fail('TooLarge');
    const valueStart = position + 8;
    if (valueStart + length > frame.limit) return fail('Truncated');
    frame.fragments.push({ start: position, valueStart, valueEnd: valueStart + length });
    position = valueStart + length;
    return true;
  };

  /** One step. True while there is more to do without further bytes. */
  const step = (frame: Frame): boolean => {
    switch (frame.kind) {
      case 'elements':
        if (position === frame.limit && !(frame.isUndefined && stack.length > 1)) {
          if (stack.length === 1) return false;
          closeItem(frame, position, position);
          return true;
        }
        return readElement(frame);
      case 'items':
        return readItem(frame);
      case 'fragments':
        return readFragment(frame);
      default:
        return frame satisfies never;
    }
  };

  const isPastData = (): boolean => {
    const last = rootElements.at(-1);
    return stack.length === 1 && last !== undefined && (last.tag === pixelData || last.tag >= pixelData);
  };

  const isPaddedWithZeros = (): boolean => {
    if (!resident.has(position, end)) return false;
    return resident.view(position, end).every((byte) => byte === 0);
  };

  return {
    run: () => {
      needed = undefined;
      for (;;) {
        const frame = stack.at(-1);
        if (frame === undefined) return undefined;
        try {
          if (!step(frame)) return needed;
        } catch (error) {
          if (!(error instanceof DicomError) || error.code === 'TooLarge') throw error;
          if (abandonTrial()) continue;
          // Behind Pixel Data, and in zeros at the end of the file, there may be bytes that are no elements: they are
          // left out of the data set and never written.
          if (stack.length === 1 && (isPastData() || isPaddedWithZeros())) return undefined;
          throw error;
        }
      }
    },
    result: () => ({ dataSet: { elements: rootElements, encoding }, end: rootEnd }),
  };
}

function creatorOf(frame: ElementsFrame, tag: Tag): string | undefined {
  if (!isPrivate(tag) || frame.creators === undefined) return undefined;
  return frame.creators.get(tagOf(tag >>> 16, elementOf(tag) >>> 8));
}

/** The sequences that are open and the byte reached, the innermost four steps: a place, never a value. */
function placeOf(stack: readonly Frame[], position: number): string {
  const tags = stack.flatMap((frame) => (frame.kind === 'elements' ? [] : [formatTag(frame.element.tag)]));
  return [...tags, `byte ${position}`].slice(-4).join('/');
}
