/** Writes elements, items and sequences in a given encoding (PS3.5 sections 7.1.2, 7.1.3, 7.5). */
import type { Encoding } from './element.ts';
import { elementOf, groupOf, type Tag } from './tag.ts';
import { type Vr, vrFacts } from './vr.ts';

/** An element to write. `value` is in the byte order of the encoding and not padded. */
export interface NewElement {
  readonly tag: Tag;
  readonly vr: Vr;
  readonly value: Uint8Array;
}

const longestShortValue = 0xfffe;

function writeTag(into: Buffer, tag: Tag, littleEndian: boolean): void {
  if (littleEndian) {
    into.writeUInt16LE(groupOf(tag), 0);
    into.writeUInt16LE(elementOf(tag), 2);
  } else {
    into.writeUInt16BE(groupOf(tag), 0);
    into.writeUInt16BE(elementOf(tag), 2);
  }
}

function writeUInt32(into: Buffer, value: number, at: number, littleEndian: boolean): void {
  if (littleEndian) into.writeUInt32LE(value, at);
  else into.writeUInt32BE(value, at);
}

/**
 * The bytes of an element: header, value, padding to even length.
 * A value too long for a 16-bit length is written as UN (PS3.5 section 6.2.2, note 3).
 */
export function encodeElement(
  { tag, vr, value }: NewElement,
  { explicit, littleEndian }: Encoding,
): Uint8Array {
  const length = value.length + (value.length & 1);
  const writtenVr: Vr = !vrFacts[vr].longLength && length > longestShortValue ? 'UN' : vr;
  const { longLength, pad } = vrFacts[writtenVr];
  const headerLength = explicit && longLength ? 12 : 8;
  const bytes = Buffer.alloc(headerLength + length, pad);
  writeTag(bytes, tag, littleEndian);
  if (!explicit) {
    writeUInt32(bytes, length, 4, littleEndian);
  } else {
    bytes.write(writtenVr, 4, 'latin1');
    if (longLength) {
      bytes.writeUInt16LE(0, 6);
      writeUInt32(bytes, length, 8, littleEndian);
    } else if (littleEndian) bytes.writeUInt16LE(length, 6);
    else bytes.writeUInt16BE(length, 6);
  }
  bytes.set(value, headerLength);
  return bytes;
}

const itemTag: Tag = 0xfffee000;

/** A sequence of defined length whose items hold the given encoded data sets. */
export function encodeSequence(tag: Tag, items: readonly Uint8Array[], encoding: Encoding): Uint8Array {
  const encoded = items.map((item) => {
    const header = Buffer.alloc(8);
    writeTag(header, itemTag, encoding.littleEndian);
    writeUInt32(header, item.length, 4, encoding.littleEndian);
    return Buffer.concat([header, item]);
  });
  return encodeElement({ tag, vr: 'SQ', value: Buffer.concat(encoded) }, encoding);
}
