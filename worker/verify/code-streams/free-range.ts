/** What a walk through a code stream finds: the ranges of which no decoder makes a pixel. */

export interface FreeRange {
  readonly start: number;
  readonly end: number;
  /**
   * What may stand there in an output: zeros or the signature of an encoder; bytes that are no text; or whatever names a
   * part that is free.
   */
  readonly mayHold: 'blank' | 'noText' | 'anything';
}

/** Ranges in order; undefined where the stream does not follow its syntax. */
export type FreeRanges = readonly FreeRange[] | undefined;

/** How encoders begin the comments that they sign their streams with. */
const encoderSignature =
  /^(?:Kakadu-|Kdu-Layer-Info: |Created by OpenJPEG version |JasPer Version |LEAD Technologies|CREATOR: gd-jpeg |AWARE|Lavc|x264 - core |OpenJPH Ver )/i;

const longestSignature = 2048;
const printableRun = /[!-~][ -~]{10,}[!-~]/;

function isFilled(bytes: Uint8Array, byte: number): boolean {
  for (const one of bytes) if (one !== byte) return false;
  return true;
}

/** Whether what stands in the range may stand there. A single byte is padding. */
export function isFreeOfText(stream: Buffer, { start, end, mayHold }: FreeRange): boolean {
  if (mayHold === 'anything' || end - start <= 1) return true;
  const bytes = stream.subarray(start, end);
  if (isFilled(bytes, bytes[0] ?? 0) && !isTextByte(bytes[0] ?? 0)) return true;
  const text = bytes.toString('latin1', 0, longestSignature);
  if (mayHold === 'blank') return encoderSignature.test(text) && bytes.length <= longestSignature;
  return !printableRun.test(bytes.toString('latin1').replace(/[ -~]*x264 - core [ -~]*|Lavc[\d.]+/g, ''));
}

function isTextByte(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}
