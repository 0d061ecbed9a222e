/** Value Representations as they stand in explicit encodings: two letters, read as one 16-bit number. */
import { type Vr, vrs } from './vr.ts';

const vrByCode: readonly (Vr | undefined)[] = (() => {
  const table = new Array<Vr | undefined>(0x10000).fill(undefined);
  for (const vr of vrs) table[vr.charCodeAt(0) * 256 + vr.charCodeAt(1)] = vr;
  return table;
})();

/** The VR of two bytes, the first in the high half; undefined where they are no VR. */
export function vrOfCode(code: number): Vr | undefined {
  return vrByCode[code];
}
