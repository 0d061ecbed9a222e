/**
 * Messages of supplemental enhancement information units of H.264 and HEVC (ITU-T H.264 section 7.3.2.3, H.265 section
 * 7.3.2.4): several can stand in one unit, and 03 is stuffed behind two zeros (section 7.4.1). A message that may hold
 * anything is overwritten so that its size stays true.
 */
import { isEncoderComment, type Patches } from './patch.ts';

const unregisteredUserData = 5;
const uuidBytes = 16;
const stopBit = 0x80;

/** Steps over the bytes of a unit that are not stuffed. */
interface Cursor {
  /** Place of the byte that comes next; the end of the unit where none does. */
  readonly at: number;
  next(): number | undefined;
}

function cursorOver(stream: Uint8Array, start: number, end: number): Cursor {
  let at = start;
  let zeros = 0;
  const skipStuffing = (): void => {
    if (zeros >= 2 && at < end && stream[at] === 3) {
      at += 1;
      zeros = 0;
    }
  };
  return {
    get at() {
      skipStuffing();
      return at;
    },
    next: () => {
      skipStuffing();
      if (at >= end) return undefined;
      const byte = stream[at] ?? 0;
      zeros = byte === 0 ? zeros + 1 : 0;
      at += 1;
      return byte;
    },
  };
}

/** A type or a size: bytes FF add up, the first other one ends it. */
function readSum(cursor: Cursor): number | undefined {
  let sum = 0;
  for (let byte = cursor.next(); byte !== undefined; byte = cursor.next()) {
    sum += byte;
    if (byte !== 0xff) return sum;
  }
  return undefined;
}

/** Overwrites `[start, end)` but for stuffed bytes and the two zeros before each. */
function overwrite(stream: Uint8Array, start: number, end: number, byte: number): Patches {
  const bytes = new Uint8Array(end - start).fill(byte);
  for (let at = start; at <= end; at++) {
    const isStuffed = stream[at] === 3 && stream[at - 1] === 0 && stream[at - 2] === 0;
    if (!isStuffed) continue;
    bytes.set(stream.subarray(Math.max(start, at - 2), Math.min(end, at + 1)), Math.max(0, at - 2 - start));
  }
  const isSame = bytes.every((value, index) => value === stream[start + index]);
  return isSame ? [] : [{ start, end, bytes }];
}

function isSignature(stream: Uint8Array, type: number, start: number, end: number): boolean {
  return type === unregisteredUserData && isEncoderComment(stream.subarray(start + uuidBytes, end));
}

/** Patches of the messages in `[start, end)`; undefined where their sizes do not add up. */
export function cleanSupplemental(
  stream: Uint8Array,
  start: number,
  end: number,
  plainMessages: ReadonlySet<number>,
  neutralByte: number,
): Patches | undefined {
  const cursor = cursorOver(stream, start, end);
  const patches: Patches[number][] = [];
  for (;;) {
    const rest = stream.subarray(cursor.at, end);
    if (rest.length === 0) return undefined;
    if (rest[0] === stopBit && rest.subarray(1).every((byte) => byte === 0)) return patches;
    const type = readSum(cursor);
    const size = readSum(cursor);
    if (type === undefined || size === undefined) return undefined;
    const from = cursor.at;
    for (let read = 0; read < size; read++) if (cursor.next() === undefined) return undefined;
    const to = cursor.at;
    if (plainMessages.has(type) || isSignature(stream, type, from, to)) continue;
    patches.push(...overwrite(stream, from, to, neutralByte));
  }
}
