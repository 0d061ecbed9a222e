/**
 * Text in elementary video streams: user data of MPEG-2 (ISO/IEC 13818-2 section 6.2.2.2.2), and supplemental user data
 * of H.264 and HEVC (ITU-T H.264 Annex D, H.265 Annex D). Streams inside another container cannot be followed here.
 */
import { fill, type Patches } from './patch.ts';

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

const mpeg2UserData = 0xb2;

export function cleanMpeg2(stream: Uint8Array): Patches | undefined {
  return unitsOf(stream)?.flatMap(({ start, end }) =>
    stream[start] === mpeg2UserData ? fill(stream, start + 1, end, 0) : [],
  );
}

/** A byte that cannot make a start code and that no decoder reads in user data. */
const neutralByte = 0x20;
const uuidBytes = 16;

/** Supplemental messages 4 and 5 hold data of registered and unregistered users. */
function isUserData(payloadType: number | undefined): boolean {
  return payloadType === 4 || payloadType === 5;
}

function cleanNalUnits(
  stream: Uint8Array,
  headerBytes: 1 | 2,
  isSupplemental: (firstByte: number) => boolean,
): Patches | undefined {
  return unitsOf(stream)?.flatMap(({ start, end }) => {
    if (!isSupplemental(stream[start] ?? 0) || !isUserData(stream[start + headerBytes])) return [];
    let payload = start + headerBytes + 1;
    while (stream[payload] === 0xff) payload += 1;
    // The last byte carries the stop bit of the message.
    return fill(stream, Math.min(payload + 1 + uuidBytes, end - 1), end - 1, neutralByte);
  });
}

export function cleanH264(stream: Uint8Array): Patches | undefined {
  return cleanNalUnits(stream, 1, (byte) => (byte & 0x1f) === 6);
}

export function cleanHevc(stream: Uint8Array): Patches | undefined {
  return cleanNalUnits(stream, 2, (byte) => ((byte >> 1) & 0x3f) === 39 || ((byte >> 1) & 0x3f) === 40);
}
