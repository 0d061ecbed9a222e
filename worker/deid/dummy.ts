/** Dummy values: harmless, of non-zero length, valid for their VR (PS3.15 Table E.1-1a, action D). */
import type { Vr } from '../dicom/vr.ts';

/** A dummy per text VR. Dates are the first day of 1900, which no acquisition bears. */
const textDummies: Partial<Readonly<Record<Vr, string>>> = {
  AE: 'ANON',
  AS: '000D',
  CS: 'UNKNOWN',
  DA: '19000101',
  DS: '0',
  DT: '19000101000000',
  IS: '0',
  LO: 'REMOVED',
  LT: 'REMOVED',
  PN: 'ANON',
  SH: 'REMOVED',
  ST: 'REMOVED',
  TM: '000000',
  UC: 'REMOVED',
  UR: 'urn:removed',
  UT: 'REMOVED',
};

/** The dummy text of a VR; undefined for VRs that hold no text, and for UI, whose dummy is a mapped UID. */
export function textDummy(vr: Vr): string | undefined {
  return textDummies[vr];
}

const arrays: ReadonlySet<Vr> = new Set<Vr>([
  'FL',
  'FD',
  'OF',
  'OD',
  'SL',
  'SS',
  'UL',
  'US',
  'SV',
  'UV',
  'AT',
]);

/** A dummy for a VR that holds numbers or bytes: as many zeros as the original held numbers; two bytes for byte strings. */
export function binaryDummy(vr: Vr, length: number): Uint8Array {
  return new Uint8Array(arrays.has(vr) ? length : 2);
}
