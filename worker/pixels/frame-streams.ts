/** Which fragments of encapsulated pixel data make up which frame (PS3.5 section A.4). */
import type { Fragment } from '../dicom/element.ts';
import type { Codec } from '../standards/transfer-syntaxes.ts';

/** First bytes of a code stream, for objects that split frames and lack an offset table. */
const signatures: Partial<Readonly<Record<Codec, readonly (readonly number[])[]>>> = {
  jpeg: [[0xff, 0xd8]],
  jpegLs: [[0xff, 0xd8]],
  jpeg2000: [
    [0xff, 0x4f],
    [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50],
  ],
  jpegXl: [
    [0xff, 0x0a],
    [0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58],
  ],
};

const videoCodecs: ReadonlySet<Codec> = new Set<Codec>(['mpeg2', 'mpeg4', 'hevc']);

/** What grouping looks at: the fragments after the offset table, the table's offsets, and how a fragment begins. */
export interface FragmentFacts {
  readonly fragments: readonly Fragment[];
  readonly offsets: readonly number[];
  readonly frames: number;
  readonly codec: Codec;
  /** The first bytes of a fragment; asked for where nothing else tells which fragments belong together. */
  begin(fragment: Fragment): Promise<Uint8Array>;
}

/** Bytes of {@link FragmentFacts.begin} that are enough to know a stream. */
export const beginBytes = 8;

/**
 * Whether the offset table says where fragments start, each further on than the one before (PS3.5 section A.4). An empty
 * one says so too.
 */
export function isTrueTable(
  tableBytes: number,
  offsets: readonly number[],
  fragments: readonly Fragment[],
): boolean {
  const base = fragments[0]?.start ?? 0;
  const starts = new Set(fragments.map(({ start }) => start - base));
  return (
    tableBytes === offsets.length * 4 &&
    offsets.every(
      (offset, index) => starts.has(offset) && (index === 0 || offset > (offsets[index - 1] ?? 0)),
    )
  );
}

/** Fragments grouped by frame; undefined where it cannot be told which belong together. */
export async function frameStreams(
  facts: FragmentFacts,
): Promise<readonly (readonly Fragment[])[] | undefined> {
  const { fragments, offsets, frames, codec } = facts;
  if (videoCodecs.has(codec) || frames === 1) return [fragments];
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  const [first] = fragments;
  if (first === undefined) return [];
  const starts =
    offsets.length === frames
      ? new Set(offsets.map((offset) => first.start + offset))
      : await beginnings(facts);
  if (!starts.has(first.start)) return undefined;
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    if (starts.has(fragment.start)) groups.push([fragment]);
    else groups.at(-1)?.push(fragment);
  }
  return groups.length === starts.size ? groups : undefined;
}

async function beginnings({ fragments, codec, begin }: FragmentFacts): Promise<ReadonlySet<number>> {
  const starts = new Set<number>();
  for (const fragment of fragments) {
    if (beginsStream(await begin(fragment), codec)) starts.add(fragment.start);
  }
  return starts;
}

function beginsStream(begin: Uint8Array, codec: Codec): boolean {
  return (signatures[codec] ?? []).some((signature) =>
    signature.every((byte, index) => begin[index] === byte),
  );
}
