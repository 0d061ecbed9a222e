/** The value of an element as text or as bytes, decoded no further than its reader needs. */
import { decodeTolerant, type TolerantText } from '../dicom/character-set/decode-tolerant.ts';
import type { Element, ResidentBytes } from '../dicom/element.ts';
import { vrFacts } from '../dicom/vr.ts';
import type { Scope } from './scope.ts';

/** Bytes as characters of the same code, 0 to 255. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Text without the padding that any VR allows at its ends: spaces and NULs (PS3.5 section 6.2). */
export function trimPadding(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPadding(text.charCodeAt(start))) start++;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 0x00;
}

/** The value of a text element, borrowed from the body. */
export function bytesOf(element: Element, body: ResidentBytes): Uint8Array {
  return body.view(element.valueStart, element.valueEnd);
}

/** The value decoded in the character set of its scope; VRs outside the character set are read byte for character. */
export function textOf(element: Element, scope: Scope, body: ResidentBytes): TolerantText {
  const bytes = bytesOf(element, body);
  if (!vrFacts[element.vr].usesCharacterSet) {
    return { text: latin1(bytes), certain: true, encode: (text) => Buffer.from(text, 'latin1') };
  }
  return decodeTolerant(bytes, scope.characterSet, element.vr);
}

/** The values of a multi-valued string element without padding, byte for character: for UIDs, codes, dates and numbers. */
export function asciiValues(element: Element, body: ResidentBytes): readonly string[] {
  if (element.valueStart === element.valueEnd) return [];
  return latin1(bytesOf(element, body)).split('\\').map(trimPadding);
}
