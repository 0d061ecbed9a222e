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
  begin(fragment: Fragment): Uint8Array;
}

/** Fragments grouped by frame; undefined where it cannot be told which belong together. */
export function frameStreams(facts: FragmentFacts): readonly (readonly Fragment[])[] | undefined {
  const { fragments, offsets, frames, codec } = facts;
  if (videoCodecs.has(codec) || frames === 1) return [fragments];
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  const [first] = fragments;
  if (first === undefined) return [];
  const starts =
    offsets.length === frames
      ? new Set(offsets.map((offset) => first.start + offset))
      : new Set(
          fragments
            .filter((fragment) => beginsStream(facts.begin(fragment), codec))
            .map(({ start }) => start),
        );
  if (!starts.has(first.start)) return undefined;
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    if (starts.has(fragment.start)) groups.push([fragment]);
    else groups.at(-1)?.push(fragment);
  }
  return groups.length === starts.size ? groups : undefined;
}

function beginsStream(begin: Uint8Array, codec: Codec): boolean {
  return (signatures[codec] ?? []).some((signature) =>
    signature.every((byte, index) => begin[index] === byte),
  );
}
