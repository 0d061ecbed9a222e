/**
 * Moves times that are held as a count of seconds since 1970-01-01 UTC, as GE and others do in private elements, under
 * whatever VR the object gives them. Zero and minus one mean that no time is set and stay: moved, they would give the
 * number of days away.
 */
import type { Vr } from '../../dicom/vr.ts';
import { shiftDate } from './shift-date.ts';

const secondsPerDay = 86_400;
/** Counts beyond this are of milliseconds: seconds reach it in the year 5138. */
const leastMilliseconds = 1e11;

function movedCount(count: number, days: number): number | undefined {
  if (count === 0 || count === -1) return count;
  if (!Number.isFinite(count)) return undefined;
  const perDay = secondsPerDay * (Math.abs(count) >= leastMilliseconds ? 1000 : 1);
  return count + days * perDay;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads and writes one number of a fixed size; writing gives false where the number does not fit. */
interface Codec {
  readonly size: number;
  read(from: DataView, at: number, littleEndian: boolean): number;
  write(to: DataView, at: number, value: number, littleEndian: boolean): boolean;
}

function inRange(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

const signed32: Codec = {
  size: 4,
  read: (from, at, littleEndian) => from.getInt32(at, littleEndian),
  write: (to, at, value, littleEndian) => {
    to.setInt32(at, value, littleEndian);
    return inRange(value, -(2 ** 31), 2 ** 31 - 1);
  },
};

const unsigned32: Codec = {
  size: 4,
  read: (from, at, littleEndian) => {
    const value = from.getUint32(at, littleEndian);
    return value === 0xffff_ffff ? -1 : value;
  },
  write: (to, at, value, littleEndian) => {
    to.setUint32(at, value, littleEndian);
    return inRange(value, 0, 2 ** 32 - 1);
  },
};

const integer64: Codec = {
  size: 8,
  read: (from, at, littleEndian) => Number(from.getBigInt64(at, littleEndian)),
  write: (to, at, value, littleEndian) => {
    if (!Number.isSafeInteger(value)) return false;
    to.setBigInt64(at, BigInt(value), littleEndian);
    return true;
  },
};

const float64: Codec = {
  size: 8,
  read: (from, at, littleEndian) => from.getFloat64(at, littleEndian),
  write: (to, at, value, littleEndian) => {
    to.setFloat64(at, value, littleEndian);
    return Number.isFinite(value);
  },
};

function shiftNumbers(
  bytes: Uint8Array,
  codec: Codec,
  littleEndian: boolean,
  days: number,
): Uint8Array | undefined {
  if (bytes.length % codec.size !== 0) return undefined;
  const result = Uint8Array.from(bytes);
  const from = view(bytes);
  const to = view(result);
  for (let at = 0; at < bytes.length; at += codec.size) {
    const count = codec.read(from, at, littleEndian);
    const moved = movedCount(count, days);
    if (moved === undefined) return undefined;
    if (moved !== count && !codec.write(to, at, moved, littleEndian)) return undefined;
  }
  return result;
}

/** Seconds of 1980 to 2100, or milliseconds: what eight bytes of unknown make have to give to be taken for a time. */
function isPlausible(count: number): boolean {
  const secondsCount = Math.abs(count) >= leastMilliseconds ? count / 1000 : count;
  return count === 0 || inRange(secondsCount, 315_532_800, 4_102_444_800);
}

function codecOfBytes(bytes: Uint8Array, littleEndian: boolean): Codec | undefined {
  if (bytes.length === signed32.size) return unsigned32;
  if (bytes.length !== integer64.size) return undefined;
  return [integer64, float64].find((codec) => isPlausible(codec.read(view(bytes), 0, littleEndian)));
}

const number = /^[+]?(-?\d{1,14})(\.\d{1,9})?$/;

function shiftText(text: string, days: number): string | undefined {
  const values = text.split('\\').map((padded) => {
    const value = padded.replace(/^[ \0]+|[ \0]+$/g, '');
    if (value === '') return padded;
    const date = /^(?:19|20)\d{6}(?:\d{4,6}(?:\.\d+)?)?$/.test(value) ? shiftDate(value, days) : undefined;
    if (date !== undefined) return date;
    const match = number.exec(value);
    if (match === null) return undefined;
    const moved = movedCount(Number(match[1]), days);
    return moved === undefined ? undefined : `${moved}${match[2] ?? ''}`;
  });
  return values.includes(undefined) ? undefined : values.join('\\');
}

function shiftTextBytes(bytes: Uint8Array, days: number): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const moved = shiftText(text, days);
  return moved === undefined ? undefined : new Uint8Array(Buffer.from(moved, 'latin1'));
}

function isDecimalText(bytes: Uint8Array): boolean {
  return /^[ ]*[\d.+\\-]+[ \0]*$/.test(Buffer.from(bytes).toString('latin1'));
}

/**
 * Moves the times in a value by whole days and gives the new value bytes, without padding; `bytes` is borrowed and not
 * changed. SL and UL hold 32-bit seconds, SV and UV 64-bit ones, FD a double, the text VRs decimal numbers or, where
 * they read as one, a date; values of OB, OW and UN are told by their length and by what is plausible. Counts of
 * milliseconds are told by their size. Undefined where the value is none of these, or FL, whose 24 bits cannot hold a
 * second of our time: the element must go then.
 */
export function shiftUnixTime(
  bytes: Uint8Array,
  vr: Vr,
  littleEndian: boolean,
  days: number,
): Uint8Array | undefined {
  switch (vr) {
    case 'SL':
      return shiftNumbers(bytes, signed32, littleEndian, days);
    case 'UL':
    case 'OL':
      return shiftNumbers(bytes, unsigned32, littleEndian, days);
    case 'SV':
    case 'UV':
    case 'OV':
      return shiftNumbers(bytes, integer64, littleEndian, days);
    case 'FD':
    case 'OD':
      return shiftNumbers(bytes, float64, littleEndian, days);
    case 'OB':
    case 'OW':
    case 'UN': {
      if (bytes.length === 0) return new Uint8Array();
      if (bytes.length > integer64.size || (bytes.length > signed32.size && isDecimalText(bytes))) {
        return shiftTextBytes(bytes, days);
      }
      const codec = codecOfBytes(bytes, littleEndian);
      return codec === undefined ? undefined : shiftNumbers(bytes, codec, littleEndian, days);
    }
    case 'DS':
    case 'IS':
    case 'LO':
    case 'SH':
    case 'LT':
    case 'ST':
    case 'UT':
    case 'UC':
      return shiftTextBytes(bytes, days);
    default:
      return undefined;
  }
}
