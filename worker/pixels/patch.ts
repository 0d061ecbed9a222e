/**
 * Patches of code streams: bytes overwritten at the same length, so that no offset, table or length elsewhere changes.
 * A cleaner gives the patches of one stream, or undefined where it cannot follow the stream: then it cannot be cleaned.
 */
import type { Edit } from '../bytes/edit.ts';

/** Offsets are into the stream; `bytes` is as long as what it replaces. */
export type Patches = readonly Edit[];

const pieceBytes = 64 * 1024;
const pieces = new Map<number, Uint8Array>();

/** Bytes that all patches of one value share, so that long slack takes no memory. */
function pieceOf(byte: number): Uint8Array {
  const piece = pieces.get(byte) ?? new Uint8Array(pieceBytes).fill(byte);
  pieces.set(byte, piece);
  return piece;
}

/** Overwrites `[start, end)` with one byte; nothing where it is all that byte already. */
export function fill(stream: Uint8Array, start: number, end: number, byte: number): Patches {
  const part = stream.subarray(start, end);
  if (part.every((value) => value === byte)) return [];
  const patches: Edit[] = [];
  for (let at = 0; at < part.length; at += pieceBytes) {
    const bytes = pieceOf(byte).subarray(0, Math.min(pieceBytes, part.length - at));
    patches.push({ start: start + at, end: start + at + bytes.length, bytes });
  }
  return patches;
}

/** Zeroes what stands behind the end of a stream; one pad byte is none of it. */
export function zeroSlack(stream: Uint8Array, end: number): Patches {
  return stream.length - end <= 1 ? [] : fill(stream, end, stream.length, 0);
}

const shortestText = 12;

/**
 * Whether coded data whose end only a decoder could find end in printable characters, which coded data hardly ever do:
 * once in a hundred thousand streams. Then there may be text behind them.
 */
export function endsInText(coded: Uint8Array): boolean {
  let end = coded.length;
  while (end > 0 && coded[end - 1] === 0) end -= 1;
  const tail = coded.subarray(Math.max(0, end - shortestText), end);
  return tail.length === shortestText && tail.every((byte) => byte >= 0x20 && byte <= 0x7e);
}

/** Comments that encoders sign their streams with: names of software and its settings, of no patient. */
const encoderComments: readonly RegExp[] = [
  /^Kakadu-v?\d[\d._]*$/i,
  /^Kdu-Layer-Info: log_2\{Delta-D\([A-Za-z-]{3,13}\)\/[\w[\]()^*-]{1,20}\}, L\(bytes\)\n(?: *-?\d{1,3}\.\d, +\d\.\de[+-]\d\d\n)*$/,
  /^Created by OpenJPEG version [\d.]+$/,
  /^JasPer Version [\d.]+$/,
  /^LEAD Technologies(?:,)? Inc\.? V[\d.]+\w?$/i,
  /^CREATOR: gd-jpeg v[\d.]+ \(using IJG JPEG v\d+\w?\)(?:, (?:default )?quality(?: = \d+)?)?\n?$/,
  /^AWARE(?: JPEG ?2000)?(?: V?\d[\d.]*)?$/i,
  /^Lavc[\d.]+$/,
  // Decoders mend streams of old versions by it.
  /^x264 - core \d+(?: r\d+(?: [0-9a-f]{7,12})?)? - H\.264\/MPEG-4 AVC codec - Copy(?:left|right) 2003-\d{4} - http:\/\/www\.videolan\.org\/x264\.html - options:(?: [a-z0-9_]{1,20}=(?:[\d.,:x+-]{1,20}|none|dia|hex|umh|t?esa|crf|cqp|[acv]br|2pass|infinite|[tb]ff))*$/,
  /^OpenJPH Ver \d+\.\d+\.\d+\.?$/,
];

/** True for a comment that is known to be an encoder's signature. */
export function isEncoderComment(payload: Uint8Array): boolean {
  const text = Buffer.from(payload).toString('latin1').replace(/\0+$/, '');
  return text === '' || encoderComments.some((pattern) => pattern.test(text));
}
