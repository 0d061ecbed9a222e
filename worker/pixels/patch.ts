/**
 * Patches of code streams: bytes overwritten at the same length, so that no offset, table or length elsewhere changes.
 * A cleaner gives the patches of one stream, or undefined where it cannot follow the stream: then it cannot be cleaned.
 */
import type { Edit } from '../bytes/edit.ts';

/** Offsets are into the stream; `bytes` is as long as what it replaces. */
export type Patches = readonly Edit[];

/** Overwrites `[start, end)` with one byte; nothing where it is all that byte already. */
export function fill(stream: Uint8Array, start: number, end: number, byte: number): Patches {
  const part = stream.subarray(start, end);
  if (part.every((value) => value === byte)) return [];
  return [{ start, end: start + part.length, bytes: new Uint8Array(part.length).fill(byte) }];
}

/** Zeroes what stands behind the end of a stream; one pad byte is none of it. */
export function zeroSlack(stream: Uint8Array, end: number): Patches {
  return stream.length - end <= 1 ? [] : fill(stream, end, stream.length, 0);
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
  /^OpenJPH Ver \d+\.\d+\.\d+\.?$/,
];

/** True for a comment that is known to be an encoder's signature. */
export function isEncoderComment(payload: Uint8Array): boolean {
  const text = Buffer.from(payload).toString('latin1').replace(/\0+$/, '');
  return text === '' || encoderComments.some((pattern) => pattern.test(text));
}
