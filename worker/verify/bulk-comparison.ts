/** Compares the bulk values of an output with those of its source, byte by byte as they pass. */
import type { ByteSource } from '../bytes/byte-source.ts';
import type { Finding } from '../verifier.ts';
import { type Bulk, elementsOf, placeOf, type ReadDataSet, type ReadElement } from './object-reader.ts';

export interface BulkComparison {
  /** Bytes of an output's bulk value pass by. */
  see(element: ReadElement, piece: Bulk, at: number, bytes: Uint8Array): void;
  /** Comparisons that wait for bytes of a source that is not in memory; asked after each chunk. */
  settle(): Promise<void> | undefined;
  /** The first bulk value that differs; undefined where all are as they were. */
  finding(output: ReadDataSet): Finding | undefined;
}

/** The pixel data themselves (PS3.3 section C.7.6.3): the one bulk value that may not go without a word. */
const pixelTags = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);

function keyOf(element: ReadElement): string {
  return placeOf(element);
}

/** Compares with the bulk values below `source`, whose bytes are in `resident` or read from `from`. */
export function bulkComparison(
  source: ReadDataSet,
  resident: Buffer | undefined,
  from: ByteSource,
): BulkComparison {
  const waiting = new Map<string, Bulk[][]>();
  for (const element of elementsOf(source)) {
    if (element.bulk === undefined) continue;
    const key = keyOf(element);
    // Pieces without bytes, such as an empty offset table, never pass by.
    const pieces = element.bulk.filter(({ length }) => length > 0);
    waiting.set(key, [...(waiting.get(key) ?? []), pieces]);
  }
  /** Pieces of the source that an output's element is compared with, in their order. */
  const matched = new Map<ReadElement, { readonly pieces: readonly Bulk[]; next: number }>();
  let current: { readonly piece: Bulk; readonly other: Bulk | undefined } | undefined;
  let different: ReadElement | undefined;
  let reads: { readonly element: ReadElement; readonly start: number; readonly bytes: Uint8Array }[] = [];

  const otherOf = (element: ReadElement, piece: Bulk): Bulk | undefined => {
    let match = matched.get(element);
    if (match === undefined) {
      const candidates = waiting.get(keyOf(element)) ?? [];
      // Items may have gone from a sequence before this one: the next value that begins alike is its own.
      const index = candidates.findIndex(([first]) => first?.length === piece.length);
      const [pieces = []] = index < 0 ? [] : candidates.splice(0, index + 1).slice(-1);
      match = { pieces, next: 0 };
      matched.set(element, match);
    }
    const other = match.pieces[match.next];
    match.next += 1;
    return other;
  };

  return {
    see: (element, piece, at, bytes) => {
      if (current?.piece !== piece) current = { piece, other: otherOf(element, piece) };
      const { other } = current;
      if (other === undefined || other.length !== piece.length) {
        different ??= element;
      } else if (resident === undefined) {
        reads.push({ element, start: other.start + at, bytes });
      } else {
        const start = other.start + at;
        if (resident.compare(bytes, 0, bytes.length, start, start + bytes.length) !== 0)
          different ??= element;
      }
    },
    settle: () => {
      if (reads.length === 0) return undefined;
      const now = reads;
      reads = [];
      return (async () => {
        for (const { element, start, bytes } of now) {
          const original = await from.read(start, bytes.length);
          if (Buffer.compare(original, bytes) !== 0) different ??= element;
        }
      })();
    },
    finding: (output) => {
      if (different !== undefined) return { reason: 'VerificationPixelData', at: keyOf(different) };
      const has = (root: ReadDataSet, tag: number): boolean =>
        root.elements.some((element) => element.tag === tag && (element.bulk ?? []).length > 0);
      const lost = [...pixelTags].find((tag) => has(source, tag) && !has(output, tag));
      return lost === undefined ? undefined : { reason: 'VerificationPixelData', at: '(7FE0,0010)' };
    },
  };
}
