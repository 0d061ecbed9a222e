/**
 * What is known of private elements, by group, creator and low byte of the element number: what has to be done to those
 * that PS3.15 Table E.3.10-1 or the TCIA knowledge base call safe, and the VRs of known ones.
 */
import type { Vr } from '../dicom/vr.ts';
import { isVr } from '../dicom/vr.ts';
import data from './data/private-elements.json' with { type: 'json' };

/** What has to be done to a private element under Retain Safe Private. `recurse` enters a sequence. */
export interface PrivateDisposition {
  readonly kind: 'keep' | 'clean' | 'mapUid' | 'shiftDate' | 'shiftUnixTime' | 'recurse' | 'remove';
}

type Kind = PrivateDisposition['kind'];

const remove: PrivateDisposition = { kind: 'remove' };

function hex(number: number, digits: number): string {
  return number.toString(16).toUpperCase().padStart(digits, '0');
}

function elementKey(group: number, creator: string, element: number): string {
  return `${hex(group, 4)}\t${creator.trim().toUpperCase()}\t${hex(element, 2)}`;
}

/** VR by element, from Table E.3.10-1. */
const safe: ReadonlyMap<string, string> = new Map(
  data.safe.map((row) => {
    const at = row.lastIndexOf('\t');
    return [row.slice(0, at), row.slice(at + 1)];
  }),
);

/** Actions at the root and in sequences, by element and VR, from the knowledge base. */
const known: ReadonlyMap<string, { readonly root: Kind; readonly nested: Kind }> = new Map(
  data.known.map((row) => {
    const cells = row.split('\t');
    return [cells.slice(0, 4).join('\t'), { root: cells[4] as Kind, nested: cells[5] as Kind }];
  }),
);

const vrs: ReadonlyMap<string, Vr> = new Map(
  data.vrs.flatMap((row): [string, Vr][] => {
    const at = row.lastIndexOf('\t');
    const vr = row.slice(at + 1);
    return isVr(vr) ? [[row.slice(0, at), vr]] : [];
  }),
);

/** The disposition of a private element read with the given VR; removal where nobody calls it safe. */
export function privateDisposition(of: {
  readonly group: number;
  readonly creator: string;
  readonly element: number;
  readonly vr: Vr;
  readonly nested: boolean;
}): PrivateDisposition {
  const key = elementKey(of.group, of.creator, of.element);
  if (safe.has(key)) return { kind: of.vr === 'SQ' ? 'recurse' : 'keep' };
  // What one list knows as bytes another met as UN; both say that the encoding does not tell what the value is.
  const row = known.get(`${key}\t${of.vr}`) ?? (of.vr === 'OW' ? known.get(`${key}\tUN`) : undefined);
  if (row === undefined) return remove;
  return { kind: of.nested ? row.nested : row.root };
}

/** The VR of a known private element, for encodings that do not say it. */
export function privateVr(group: number, creator: string, element: number): Vr | undefined {
  return vrs.get(elementKey(group, creator, element));
}
