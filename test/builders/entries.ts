/** Data sets as data: elements by keyword in any order, written in order of their tags. */
import { createHash } from 'node:crypto';
import { dataSetBytes, el, type Part, sq, syntaxes, tag } from './dicom.ts';

type Values = Parameters<typeof el>[1];

/** An element by keyword or `(gggg,eeee)`: its value or the items of a sequence, and a VR where the dictionary has none. */
export type Entry = readonly [name: string, value: Values | Items, vr?: Parameters<typeof el>[2]];

export interface Items {
  readonly items: readonly (readonly Entry[])[];
}

/** The value of a sequence. */
export function items(...list: readonly (readonly Entry[])[]): Items {
  return { items: list };
}

function isItems(value: Values | Items): value is Items {
  return typeof value === 'object' && 'items' in value;
}

/** The elements in ascending order of their tags, as a data set has them (PS3.5 section 7.1). */
export function parts(entries: readonly Entry[]): readonly Part[] {
  return [...entries]
    .sort(([a], [b]) => tag(a) - tag(b))
    .map(([name, value, vr]) => (isItems(value) ? sq(name, value.items.map(parts)) : el(name, value, vr)));
}

/** A code as an item of a code sequence. */
export function code(value: string, scheme: string, meaning: string): readonly Entry[] {
  return [
    ['CodeValue', value],
    ['CodingSchemeDesignator', scheme],
    ['CodeMeaning', meaning],
  ];
}

const uidHexDigits = 32;

/** A UID of one's own for every name, always the same. */
export function uidOf(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, uidHexDigits);
  return `2.25.${BigInt(`0x${digest}`)}`;
}

/** A whole file with a complete File Meta Information (PS3.10 section 7.1). */
export function dicomFileOf(
  sopClass: string,
  sopInstance: string,
  entries: readonly Entry[],
  transferSyntax: string = syntaxes.explicit,
): Buffer {
  const meta = dataSetBytes([
    el('FileMetaInformationVersion', Uint8Array.of(0, 1)),
    el('MediaStorageSOPClassUID', sopClass),
    el('MediaStorageSOPInstanceUID', sopInstance),
    el('TransferSyntaxUID', transferSyntax),
    el('ImplementationClassUID', uidOf('implementation')),
    el('SourceApplicationEntityTitle', 'CT01_RADIOLOGY'),
  ]);
  const body = parts([['SOPClassUID', sopClass], ['SOPInstanceUID', sopInstance], ...entries]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    dataSetBytes([el('FileMetaInformationGroupLength', meta.length)]),
    meta,
    dataSetBytes(body, transferSyntax),
  ]);
}
