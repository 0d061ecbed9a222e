/** The transfer syntaxes of PS3.5 Annex A as facts: how the data set is encoded, and what is in its pixel data. */
import { isWellKnown } from './uids.ts';

/** What the fragments of encapsulated pixel data hold. */
export type Codec =
  | 'jpeg'
  | 'jpegLs'
  | 'jpeg2000'
  | 'jpegXl'
  | 'rle'
  | 'mpeg2'
  | 'mpeg4'
  | 'hevc'
  | 'deflatedFrame'
  | 'uncompressed';

export interface TransferSyntax {
  readonly uid: string;
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  /** The data set as a whole is deflated (PS3.5 section A.5). */
  readonly deflated: boolean;
  /** Pixel Data is in fragments; undefined where it is native or lies elsewhere (JPIP). */
  readonly codec?: Codec;
  /** Pixel data lie at an address that the object names (JPIP, PS3.5 sections A.6 and A.11). */
  readonly referenced?: true;
}

const root = '1.2.840.10008.1.2';

function syntax(suffix: string, facts: Partial<TransferSyntax> = {}): TransferSyntax {
  return { uid: `${root}${suffix}`, explicit: true, littleEndian: true, deflated: false, ...facts };
}

function encapsulated(codec: Codec, suffixes: readonly string[]): readonly TransferSyntax[] {
  return suffixes.map((suffix) => syntax(suffix, { codec }));
}

function numbered(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `.4.${from + index}`);
}

const table: readonly TransferSyntax[] = [
  syntax('', { explicit: false }),
  syntax('.1'),
  syntax('.2', { littleEndian: false }),
  syntax('.1.99', { deflated: true }),
  ...encapsulated('uncompressed', ['.1.98']),
  ...encapsulated('jpeg', [...numbered(50, 66), '.4.70']),
  ...encapsulated('jpegLs', ['.4.80', '.4.81']),
  ...encapsulated('jpeg2000', [...numbered(90, 93), '.4.201', '.4.202', '.4.203']),
  ...encapsulated('jpegXl', ['.4.110', '.4.111', '.4.112']),
  ...encapsulated('rle', ['.5']),
  ...encapsulated('mpeg2', ['.4.100', '.4.100.1', '.4.101', '.4.101.1']),
  ...encapsulated('mpeg4', [...numbered(102, 106), ...numbered(102, 106).map((suffix) => `${suffix}.1`)]),
  ...encapsulated('hevc', ['.4.107', '.4.108']),
  ...encapsulated('deflatedFrame', ['.8.1']),
  syntax('.4.94', { referenced: true }),
  syntax('.4.95', { referenced: true, deflated: true }),
  syntax('.4.204', { referenced: true }),
  syntax('.4.205', { referenced: true, deflated: true }),
];

const byUid: ReadonlyMap<string, TransferSyntax> = new Map(
  table.filter(({ uid }) => isWellKnown(uid)).map((entry) => [entry.uid, entry]),
);

/** The facts of a transfer syntax; undefined for private ones and for those that no stored object uses. */
export function transferSyntaxOf(uid: string): TransferSyntax | undefined {
  return byUid.get(uid);
}
