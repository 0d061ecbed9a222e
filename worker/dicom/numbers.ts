/** Binary numbers in values, in the byte order of their encoding (PS3.5 section 6.2, section 7.3). */
import type { Encoding } from './element.ts';

/** Value Representations that hold one kind of number that fits a JavaScript number exactly. */
export type NumberVr = 'US' | 'SS' | 'UL' | 'SL' | 'FL' | 'FD' | 'AT';

const unitOf: Readonly<Record<NumberVr, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 2 };

function readOne(view: DataView, at: number, vr: NumberVr, littleEndian: boolean): number {
  switch (vr) {
    case 'US':
    case 'AT':
      return view.getUint16(at, littleEndian);
    case 'SS':
      return view.getInt16(at, littleEndian);
    case 'UL':
      return view.getUint32(at, littleEndian);
    case 'SL':
      return view.getInt32(at, littleEndian);
    case 'FL':
      return view.getFloat32(at, littleEndian);
    case 'FD':
      return view.getFloat64(at, littleEndian);
    default:
      return vr satisfies never;
  }
}

/** The numbers of a value; bytes that do not fill a number are left out. */
export function readNumbers(bytes: Uint8Array, vr: NumberVr, { littleEndian }: Encoding): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unit = unitOf[vr];
  const numbers: number[] = [];
  for (let at = 0; at + unit <= bytes.length; at += unit) numbers.push(readOne(view, at, vr, littleEndian));
  return numbers;
}
