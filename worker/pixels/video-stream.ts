/**
 * Text in elementary video streams: user data of MPEG-2 (ISO/IEC 13818-2 section 6.2.2.2.2), and what H.264 and HEVC carry
 * besides pictures (ITU-T H.264 section 7.4.1 and Annex D, H.265 section 7.4.2.2 and Annex D). All is overwritten at the
 * same length. Streams inside another container cannot be followed here.
 */
import { endsInText, fill, type Patches } from './patch.ts';
import { cleanSupplemental } from './supplemental-information.ts';

interface Unit {
  /** First byte behind the start code. */
  readonly start: number;
  readonly end: number;
}

/** Units between start codes 00 00 01; undefined where the stream does not begin with one. */
function unitsOf(stream: Uint8Array): readonly Unit[] | undefined {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  const code = Buffer.from([0, 0, 1]);
  let at = bytes.indexOf(code);
  if (at < 0 || bytes.subarray(0, at).some((byte) => byte !== 0)) return undefined;
  const units: Unit[] = [];
  while (at >= 0) {
    const next = bytes.indexOf(code, at + code.length);
    units.push({ start: at + code.length, end: next < 0 ? bytes.length : next });
    at = next;
  }
  return units;
}

/** Cleans unit by unit; undefined where one cannot be followed, or where text may stand behind the last. */
function cleanUnits(stream: Uint8Array, cleanUnit: (unit: Unit) => Patches | undefined): Patches | undefined {
  const units = unitsOf(stream);
  if (units === undefined) return undefined;
  const patches: Patches[number][] = [];
  for (const unit of units) {
    const ofUnit = cleanUnit(unit);
    if (ofUnit === undefined) return undefined;
    for (const patch of ofUnit) patches.push(patch);
  }
  // Where the coded data of the last picture end only a decoder can tell.
  return (patches.at(-1)?.end ?? 0) < stream.length && endsInText(stream) ? undefined : patches;
}

const userData = 0xb2;
const sequenceEnd = 0xb7;
/** Sequence header, extension, group of pictures. */
const headers: ReadonlySet<number> = new Set([0xb3, 0xb5, 0xb8]);
const lastSlice = 0xaf;

/** Start codes from B9 on are those of program and packetised streams, in which user data can be cut in two. */
export function cleanMpeg2(stream: Uint8Array): Patches | undefined {
  return cleanUnits(stream, ({ start, end }) => {
    const code = stream[start] ?? 0;
    if (code === userData || code === sequenceEnd) return fill(stream, start + 1, end, 0);
    return code <= lastSlice || headers.has(code) ? [] : undefined;
  });
}

/** A byte that makes no start code and that no decoder reads where it is put. */
const neutralByte = 0x20;

/** The units of a codec by their type. Units of no kind named here are not needed for decoding. */
interface UnitTypes {
  readonly headerBytes: number;
  typeOf(firstByte: number): number;
  /** Pictures and parameter sets. */
  readonly decoded: ReadonlySet<number>;
  readonly supplemental: ReadonlySet<number>;
  /** Ends of sequences and streams, which have no payload. */
  readonly ends: ReadonlySet<number>;
  /** Types of supplemental messages whose syntax holds no free bytes. */
  readonly plainMessages: ReadonlySet<number>;
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const h264: UnitTypes = {
  headerBytes: 1,
  typeOf: (byte) => byte & 0x1f,
  decoded: new Set([...range(1, 5), 7, 8, 9, 13, 14, 15, 19, 20, 21]),
  supplemental: new Set([6]),
  ends: new Set([10, 11]),
  plainMessages: new Set([0, 1, 2, ...range(6, 21), 45, 47, 137, 144, 147]),
};

const hevc: UnitTypes = {
  headerBytes: 2,
  typeOf: (byte) => (byte >> 1) & 0x3f,
  decoded: new Set([...range(0, 9), ...range(16, 21), ...range(32, 35)]),
  supplemental: new Set([39, 40]),
  ends: new Set([36, 37]),
  plainMessages: new Set([0, 1, 2, 6, 9, 15, 16, 17, 19, 22, 23, 45, 47, ...range(128, 137), 144, 147]),
};

function cleanNalUnits(stream: Uint8Array, types: UnitTypes): Patches | undefined {
  return cleanUnits(stream, ({ start, end }) => {
    const type = types.typeOf(stream[start] ?? 0);
    const payload = start + types.headerBytes;
    if (payload > end) return undefined;
    if (types.decoded.has(type)) return [];
    if (types.ends.has(type)) return fill(stream, payload, end, 0);
    if (types.supplemental.has(type)) {
      return cleanSupplemental(stream, payload, end, types.plainMessages, neutralByte);
    }
    // Zeros at the end of a unit belong to the next start code.
    let used = end;
    while (used > payload && stream[used - 1] === 0) used -= 1;
    const isFiller = stream.subarray(payload, used).every((byte) => byte === 0xff || byte === 0x80);
    return isFiller ? [] : fill(stream, payload, used, neutralByte);
  });
}

export function cleanH264(stream: Uint8Array): Patches | undefined {
  return cleanNalUnits(stream, h264);
}

export function cleanHevc(stream: Uint8Array): Patches | undefined {
  return cleanNalUnits(stream, hevc);
}
