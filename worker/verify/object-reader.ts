/**
 * Reads a DICOM data set as its bytes come (PS3.5 sections 7.1 to 7.5): headers and short values are kept, bulk values
 * are passed by. Strict: what does not follow the encoding to its last byte is a fault.
 */
import { type Bulk, creatorOf, type ReadDataSet, type ReadElement, readElement } from './read-element.ts';
import { attributeOf, privateVrOf } from './tables.ts';

export interface ReadEncoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

/** Called with bytes of a bulk value: which piece they are of, and at what place in it they stand. */
export type OnBulk = (element: ReadElement, piece: Bulk, at: number, bytes: Uint8Array) => void;

export class ReadFault extends Error {}

type Frame =
  | { kind: 'elements'; dataSet: ReadDataSet; end: number; open: boolean; encoding: ReadEncoding }
  | { kind: 'items'; element: ReadElement; end: number; open: boolean; encoding: ReadEncoding }
  | { kind: 'fragments'; element: ReadElement; littleEndian: boolean };

/** What the reader must know of a VR: whether its length takes four bytes, and whether its value may be bulk. */
interface VrForm {
  readonly vr: string;
  readonly isLong: boolean;
  readonly isBulk: boolean;
}

const bulkVrs = new Set('OB OD OF OL OV OW'.split(' '));
const longVrs = new Set([...bulkVrs, ...'SQ SV UC UN UR UT UV'.split(' ')]);
const unknown: VrForm = { vr: 'UN', isLong: true, isBulk: false };
/** VRs by their two letters as a number. */
const forms = new Map(
  [...longVrs, ...'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' ')].map(
    (vr): [number, VrForm] => [
      vr.charCodeAt(0) * 256 + vr.charCodeAt(1),
      { vr, isLong: longVrs.has(vr), isBulk: bulkVrs.has(vr) },
    ],
  ),
);
const item = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;
const unknownLength = 0xffffffff;
const shortestBulk = 4096;
const longestValue = 64 * 1024 * 1024;
const deepest = 200;
const step = 16 * 1024;
const nothing = Buffer.alloc(0);

/** What a reader may be given besides. */
export interface ReaderOptions {
  readonly onBulk?: OnBulk;
  /** Memory for headers and short values, which live as long as it is left alone. */
  readonly arena?: Buffer;
}

interface Nested {
  readonly element: ReadElement;
  readonly length: number;
  readonly elements: ReadElement[];
}

export class ObjectReader {
  readonly root: ReadDataSet;
  /** Every element at any depth, in order. */
  readonly elements: ReadElement[];
  readonly #onBulk: OnBulk | undefined;
  readonly #takesBulk: boolean;
  readonly #stack: Frame[];
  #held: Buffer;
  #used = 0;
  #cursor = 0;
  /** Place of the cursor in the stream. */
  #offset: number;
  #passing: { element: ReadElement; piece: Bulk; at: number } | undefined;

  /** Reads a data set in `encoding`, whose first byte stands at `offset` of the stream. */
  constructor(encoding: ReadEncoding, offset: number, options: ReaderOptions = {}, nested?: Nested) {
    const { onBulk, arena } = options;
    this.#onBulk = onBulk;
    this.#held = arena ?? nothing;
    this.elements = nested?.elements ?? [];
    this.#takesBulk = nested === undefined;
    this.#offset = offset;
    this.root = nested?.element.dataSet ?? {
      parent: undefined,
      elements: [],
      littleEndian: encoding.littleEndian,
    };
    this.#stack = [
      nested === undefined
        ? {
            kind: 'elements',
            dataSet: this.root,
            end: Number.POSITIVE_INFINITY,
            open: false,
            encoding,
          }
        : { kind: 'items', element: nested.element, end: offset + nested.length, open: false, encoding },
    ];
  }

  /** Where the next byte belongs. */
  get position(): number {
    return this.#passing === undefined
      ? this.#offset + this.#used - this.#cursor
      : this.#passing.piece.start + this.#passing.at;
  }

  /** Bytes of a bulk value that come next and that nobody need bring. */
  get skippable(): number {
    return this.#passing === undefined ? 0 : this.#passing.piece.length - this.#passing.at;
  }

  /** Goes on behind the bulk value that is being passed by. */
  skip(): void {
    if (this.#passing !== undefined) this.#passed(this.skippable);
  }

  /** Takes the next bytes. Throws `ReadFault`. */
  take(chunk: Uint8Array): void {
    let from = 0;
    while (from < chunk.length) {
      if (this.#passing !== undefined) {
        const { element, piece, at } = this.#passing;
        const length = Math.min(this.skippable, chunk.length - from);
        this.#onBulk?.(element, piece, at, chunk.subarray(from, from + length));
        this.#passed(length);
        from += length;
        continue;
      }
      const length = Math.min(step, chunk.length - from);
      this.#hold(chunk.subarray(from, from + length));
      from += length;
      this.#run();
    }
  }

  /** Takes all bytes at once, of which `[from, end)` are the data set; they are not copied, and values are views of them. */
  takeWhole(bytes: Buffer, from: number): void {
    this.#held = bytes;
    this.#cursor = from;
    this.#used = bytes.length;
    this.#run();
  }

  /** All bytes have come. Throws `ReadFault` where something is open still. */
  finish(): void {
    this.#run();
    const isOpen = this.#stack.length > (this.#takesBulk ? 1 : 0);
    if (isOpen || this.#passing !== undefined || this.#cursor !== this.#used) throw new ReadFault('open');
  }

  /** Bytes behind the last element that are no element. */
  get rest(): Buffer {
    return this.#held.subarray(this.#cursor, this.#used);
  }

  #passed(length: number): void {
    const passing = this.#passing;
    if (passing === undefined) return;
    passing.at += length;
    if (passing.at < passing.piece.length) return;
    this.#offset = passing.piece.start + passing.piece.length;
    this.#passing = undefined;
  }

  #hold(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#held.length) {
      // Values are views of what was held before: it is left to them.
      const rest = this.#held.subarray(this.#cursor, this.#used);
      const held = Buffer.allocUnsafe(Math.max(2 * step, 2 * (rest.length + bytes.length)));
      rest.copy(held);
      this.#used = rest.length;
      this.#cursor = 0;
      this.#held = held;
    }
    this.#held.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #run(): void {
    while (this.#step()) {
      // What is held behind the header of a bulk value is the first of its bytes.
      while (this.#passing !== undefined && this.#cursor < this.#used) {
        const { element, piece, at } = this.#passing;
        const length = Math.min(this.skippable, this.#used - this.#cursor);
        if (this.#onBulk !== undefined)
          this.#onBulk(element, piece, at, this.#held.subarray(this.#cursor, this.#cursor + length));
        this.#cursor += length;
        this.#passed(length);
      }
      if (this.#passing !== undefined) return;
    }
  }

  #advance(bytes: number): void {
    this.#cursor += bytes;
    this.#offset += bytes;
  }

  /** One step; false where more bytes are needed. */
  #step(): boolean {
    const frame = this.#stack.at(-1);
    if (frame === undefined) return false;
    if (frame.kind !== 'fragments' && !frame.open && this.#offset >= frame.end) {
      if (this.#offset > frame.end) throw new ReadFault('length');
      this.#stack.pop();
      return true;
    }
    if (this.#used - this.#cursor < 8) return false;
    const isLittle = frame.kind === 'fragments' ? frame.littleEndian : frame.encoding.littleEndian;
    const group = this.#short(0, isLittle);
    const tag = ((group << 16) | this.#short(2, isLittle)) >>> 0;
    if (frame.kind === 'elements') return this.#element(frame, tag);
    const length = this.#long(4, isLittle);
    if (tag === sequenceEnd && (frame.kind === 'fragments' || frame.open)) {
      this.#advance(8);
      this.#stack.pop();
      return true;
    }
    if (tag !== item) throw new ReadFault('item');
    if (frame.kind === 'fragments') return this.#fragment(frame.element, length);
    this.#advance(8);
    const dataSet: ReadDataSet = { parent: frame.element, elements: [], littleEndian: isLittle };
    frame.element.items?.push(dataSet);
    const open = length === unknownLength;
    const end = open ? Number.POSITIVE_INFINITY : this.#offset + length;
    if (end > frame.end && !open) throw new ReadFault('length');
    this.#stack.push({ kind: 'elements', dataSet, end, open, encoding: frame.encoding });
    return true;
  }

  #short(at: number, littleEndian: boolean): number {
    const place = this.#cursor + at;
    return littleEndian ? this.#held.readUInt16LE(place) : this.#held.readUInt16BE(place);
  }

  #long(at: number, littleEndian: boolean): number {
    const place = this.#cursor + at;
    return littleEndian ? this.#held.readUInt32LE(place) : this.#held.readUInt32BE(place);
  }

  #fragment(element: ReadElement, length: number): boolean {
    if (length === unknownLength) throw new ReadFault('fragment');
    this.#advance(8);
    this.#pass(element, length);
    return true;
  }

  #pass(element: ReadElement, length: number): void {
    const piece = { start: this.#offset, length };
    element.bulk ??= [];
    element.bulk.push(piece);
    if (length > 0) this.#passing = { element, piece, at: 0 };
  }

  #element(frame: Extract<Frame, { kind: 'elements' }>, tag: number): boolean {
    const { encoding, dataSet } = frame;
    if (tag === itemEnd && frame.open) {
      this.#advance(8);
      this.#stack.pop();
      return true;
    }
    if (tag >>> 16 === 0xfffe) throw new ReadFault('delimiter');
    let head = 8;
    let form: VrForm | undefined;
    let length: number;
    if (encoding.explicit) {
      // Writers that know no VR leave its bytes empty or questioned.
      form = forms.get(this.#held.readUInt16BE(this.#cursor + 4)) ?? unknown;
      if (form.isLong) {
        if (this.#used - this.#cursor < 12) return false;
        head = 12;
        length = this.#long(8, encoding.littleEndian);
      } else length = this.#short(6, encoding.littleEndian);
    } else length = this.#long(4, encoding.littleEndian);
    const written = form?.vr;
    const vr = written === undefined || written === 'UN' ? vrByTag(tag, dataSet) : written;
    const isBulk = form === undefined || form === unknown ? bulkVrs.has(vr) : form.isBulk;
    const open = length === unknownLength;
    if (!open && this.#offset + head + length > frame.end) throw new ReadFault('length');
    if (open && isBulk && (written !== undefined || tag === 0x7fe00010)) {
      const element = this.#begin(head, tag, vr, dataSet);
      element.isEncapsulated = true;
      this.#stack.push({ kind: 'fragments', element, littleEndian: encoding.littleEndian });
      return true;
    }
    if (open || (vr === 'SQ' && written === 'SQ') || (vr === 'SQ' && written === undefined && isEven(tag))) {
      if (this.#stack.length > deepest) throw new ReadFault('depth');
      const element = this.#begin(head, tag, 'SQ', dataSet);
      element.items = [];
      const end = open ? Number.POSITIVE_INFINITY : this.#offset + length;
      const inner = written === 'UN' ? implicitLittle : encoding;
      this.#stack.push({ kind: 'items', element, end, open, encoding: inner });
      return true;
    }
    if (this.#takesBulk && isBulk && (length > shortestBulk || tag >>> 16 === 0x7fe0)) {
      this.#pass(this.#begin(head, tag, vr, dataSet), length);
      return true;
    }
    if (length > longestValue) throw new ReadFault('length');
    if (this.#used - this.#cursor < head + length) return false;
    const element = this.#begin(head, tag, vr, dataSet);
    element.held = this.#held;
    element.start = this.#cursor;
    element.end = this.#cursor + length;
    if (vr === 'SQ' || vr === 'UN')
      openSupposed(element, written === 'UN' ? implicitLittle : encoding, this.#offset, this.elements);
    this.#advance(length);
    return true;
  }

  /** The header of an element has been read: its value comes next. */
  #begin(head: number, tag: number, vr: string, dataSet: ReadDataSet): ReadElement {
    this.#advance(head);
    const element = readElement(tag, vr, dataSet);
    dataSet.elements.push(element);
    this.elements.push(element);
    return element;
  }
}

const implicitLittle: ReadEncoding = { explicit: false, littleEndian: true };

/** Reads a value that may be a sequence without saying so; it stays a value where it is none. */
function openSupposed(
  element: ReadElement,
  encoding: ReadEncoding,
  offset: number,
  elements: ReadElement[],
): void {
  const { held, start, end, vr } = element;
  const isItems =
    end - start >= 8 &&
    (encoding.littleEndian ? held.readUInt32LE(start) === 0xe000fffe : held.readUInt32BE(start) === item);
  const before = elements.length;
  if (isItems) {
    element.items = [];
    element.vr = 'SQ';
    try {
      const reader = new ObjectReader(encoding, offset, {}, { element, length: end - start, elements });
      reader.takeWhole(held.subarray(0, end), start);
      reader.finish();
      element.end = start;
      return;
    } catch (error) {
      if (!(error instanceof ReadFault)) throw error;
    }
  } else if (vr === 'SQ' && start === end) {
    element.items = [];
    return;
  }
  elements.length = before;
  element.items = undefined;
  element.vr = 'UN';
}

function isEven(tag: number): boolean {
  return ((tag >>> 16) & 1) === 0;
}

/** The VR that the dictionary or the private creator tells where the encoding does not. */
function vrByTag(tag: number, dataSet: ReadDataSet): string {
  if ((tag & 0xffff) === 0) return 'UL';
  if (!isEven(tag)) {
    const element = tag & 0xffff;
    if (element >= 0x10 && element <= 0xff) return 'LO';
    const creator = creatorOf(tag, dataSet);
    return (creator === undefined ? undefined : privateVrOf(tag, creator)) ?? 'UN';
  }
  const choices = attributeOf(tag)?.vrs ?? [];
  const [first] = choices;
  if (first === undefined) return 'UN';
  return choices.includes('OW') ? 'OW' : first;
}
