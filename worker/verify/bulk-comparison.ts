/**
 * Compares the bulk values of an output with those of its source, byte by byte as they pass. Pixel data may differ where
 * no pixel comes of it, and only where the record says that the container was cleaned.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import type { EngineRecord } from '../engine.ts';
import type { Finding } from '../verifier.ts';
import { codeStreamKind } from './code-streams/walk.ts';
import {
  type EncapsulatedPixels,
  encapsulatedPixels,
  isTrueOffsetTable,
  offsetsIn,
} from './encapsulated-pixels.ts';
import type { Expectation } from './expectation.ts';
import { areSamplesKept, type PixelGeometry, pixelGeometry } from './pixel-geometry.ts';
import { type Bulk, elementIn, placeOf, type ReadElement } from './read-element.ts';
import type { ReadSource } from './read-file.ts';

export interface BulkComparison {
  /** Bytes of an output's bulk value pass by. */
  see(element: ReadElement, piece: Bulk, at: number, bytes: Uint8Array): void;
  /** Comparisons that wait for bytes of a source that is not in memory; asked after each chunk. */
  settle(): Promise<void> | undefined;
  /** The first bulk value that differs; undefined where all are as they may be. */
  finding(output: readonly ReadElement[], expect: (element: ReadElement) => Expectation): Finding | undefined;
  /** The beginnings of bulk values that are no pixel data, byte by byte: texts that nobody has searched. */
  readonly texts: readonly string[];
}

const pixelData = 0x7fe00010;
/** The pixel data themselves (PS3.3 section C.7.6.3): the one bulk value that may not go without a word. */
const pixelTags = new Set([0x7fe00008, 0x7fe00009, pixelData]);

/** What is compared: only where the profile lets a value stay as it is. */
const staying: ReadonlySet<Expectation> = new Set(['open', 'cleaned', 'kept']);
const longestText = 1024 * 1024;

/** Bytes of an output and what the source has in their place. */
type Compare = (bytes: Uint8Array, source: Uint8Array) => void;

/** How the pieces of one element of the output are compared, in their order. */
interface Comparison {
  /** Pieces of the source, empty ones as well. */
  readonly pieces: readonly Bulk[];
  /** Gives what compares bytes at a place of a piece. */
  begin(index: number, at: number, bytes: Uint8Array): Compare;
}

function isRootPixelData({ tag, dataSet }: ReadElement): boolean {
  return tag === pixelData && dataSet.parent === undefined;
}

/** Compares with the bulk values of `source`, whose bytes are in memory or read from `from`. */
export function bulkComparison(source: ReadSource, from: ByteSource, record: EngineRecord): BulkComparison {
  const { resident, root } = source;
  const waiting = new Map<string, ReadElement[]>();
  for (const element of source.elements) {
    if (element.bulk === undefined || element.dataSet.parent === undefined) continue;
    const key = placeOf(element);
    const same = waiting.get(key);
    if (same === undefined) waiting.set(key, [element]);
    else same.push(element);
  }
  const comparisons = new Map<ReadElement, Comparison | undefined>();
  const different = new Set<ReadElement>();
  const texts: string[] = [];
  let textBytes = 0;
  let pixels: EncapsulatedPixels | undefined;
  let pixelElement: ReadElement | undefined;
  let reads: { readonly start: number; readonly bytes: Uint8Array; readonly compare: Compare }[] = [];
  let current:
    | { readonly piece: Bulk; readonly index: number; readonly comparison: Comparison | undefined }
    | undefined;

  /** The source's element that an output's stands for; of those in sequences the next that is as long. */
  const counterpart = (element: ReadElement, piece: Bulk): ReadElement | undefined => {
    if (element.dataSet.parent === undefined) {
      const other = elementIn(root, element.tag);
      return other?.bulk === undefined ? undefined : other;
    }
    // Items may have gone from a sequence before this one.
    const candidates = waiting.get(placeOf(element)) ?? [];
    const index = candidates.findIndex(({ bulk }) => bulk?.[0]?.length === piece.length);
    return index < 0 ? undefined : candidates.splice(0, index + 1).at(-1);
  };

  const exactly =
    (element: ReadElement): Compare =>
    (bytes, original) => {
      if (Buffer.compare(bytes, original) !== 0) different.add(element);
    };

  const ofNative = (element: ReadElement, geometry: PixelGeometry): Comparison['begin'] => {
    const { littleEndian } = element.dataSet;
    const isExact = record.cleanups.length === 0;
    return (_index, at, bytes) => {
      const reachesBehind = at + bytes.length > geometry.bytes + 1;
      return (taken, original) => {
        const isSame = Buffer.compare(taken, original) === 0;
        if (isSame && !reachesBehind && geometry.overlayBits === 0) return;
        const isKept = areSamplesKept(taken, original, at, geometry, littleEndian);
        if (!isKept || (isExact && !isSame)) different.add(element);
      };
    };
  };

  const ofEncapsulated = (element: ReadElement, bulk: readonly Bulk[]): Comparison['begin'] | undefined => {
    const kind = codeStreamKind(source.head.transferSyntax);
    if (kind === undefined) return undefined;
    const [table, ...fragments] = bulk;
    const { littleEndian } = element.dataSet;
    const geometry = pixelGeometry(root);
    const tableParts: Buffer[] = [];
    const streams = (): EncapsulatedPixels => {
      pixels ??= encapsulatedPixels(
        kind,
        geometry,
        fragments,
        offsetsIn(Buffer.concat(tableParts), littleEndian),
      );
      return pixels;
    };
    pixelElement = element;
    return (index, at, bytes) => {
      if (index === 0) {
        tableParts.push(Buffer.from(bytes));
        const isWhole = at + bytes.length === table?.length;
        if (isWhole && !isTrueOffsetTable(offsetsIn(Buffer.concat(tableParts), littleEndian), fragments))
          different.add(element);
        return exactly(element);
      }
      const taken = streams().take(index - 1, at, bytes);
      return (own, original) => {
        if (Buffer.compare(own, original) === 0) return;
        if (record.cleanups.length === 0) different.add(element);
        streams().differ(taken, own, original);
      };
    };
  };

  const comparisonOf = (element: ReadElement, piece: Bulk): Comparison | undefined => {
    const other = counterpart(element, piece);
    const pieces = other?.bulk;
    if (other === undefined || pieces === undefined || other.isEncapsulated !== element.isEncapsulated)
      return undefined;
    if (!isRootPixelData(element)) return { pieces, begin: () => exactly(element) };
    if (!element.isEncapsulated) return { pieces, begin: ofNative(element, pixelGeometry(root)) };
    const begin = ofEncapsulated(element, pieces);
    return begin === undefined ? undefined : { pieces, begin };
  };

  return {
    texts,
    see: (element, piece, at, bytes) => {
      if (current?.piece !== piece) {
        if (!comparisons.has(element)) comparisons.set(element, comparisonOf(element, piece));
        const comparison = comparisons.get(element);
        current = { piece, index: (element.bulk?.length ?? 1) - 1, comparison };
      }
      const { index, comparison } = current;
      const other = comparison?.pieces[index];
      if (!pixelTags.has(element.tag) && textBytes < longestText) {
        texts.push(Buffer.from(bytes).toString('latin1').toLowerCase());
        textBytes += bytes.length;
      }
      if (comparison === undefined || other?.length !== piece.length) {
        different.add(element);
        return;
      }
      const compare = comparison.begin(index, at, bytes);
      const start = other.start + at;
      if (resident === undefined) reads.push({ start, bytes, compare });
      else {
        compare(bytes, resident.subarray(start, start + bytes.length));
        pixels?.settle();
      }
    },
    settle: () => {
      if (reads.length === 0) return undefined;
      const now = reads;
      reads = [];
      return (async () => {
        for (const { start, bytes, compare } of now) compare(bytes, await from.read(start, bytes.length));
        pixels?.settle();
      })();
    },
    finding: (output, expect) => {
      const wrong = (element: ReadElement): Finding => ({
        reason: 'VerificationPixelData',
        at: placeOf(element),
      });
      if (pixelElement !== undefined && (pixels?.isWrong() ?? false)) different.add(pixelElement);
      for (const element of different) if (staying.has(expect(element))) return wrong(element);
      for (const tag of pixelTags) {
        const before = elementIn(root, tag);
        if (before?.bulk === undefined || !staying.has(expect(before))) continue;
        const after = output.find((element) => element.tag === tag && element.dataSet.parent === undefined);
        const fragments = (of: ReadElement | undefined): number => of?.bulk?.length ?? 0;
        if (fragments(after) !== fragments(before)) return wrong(before);
        // An offset table may go where it is none.
        const tableWent = (before.bulk[0]?.length ?? 0) > 0 && after?.bulk?.[0]?.length === 0;
        if (tableWent && (!before.isEncapsulated || record.cleanups.length === 0)) return wrong(before);
      }
      return undefined;
    },
  };
}
