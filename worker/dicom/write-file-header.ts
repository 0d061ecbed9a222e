/**
 * The header of an output: an empty preamble and a File Meta Information that describes this de-identifier and nothing
 * of the file it came from (PS3.10 section 7.1, PS3.15 section E.1.1).
 */

import type { Encoding } from './element.ts';
import { encodeElement } from './encode-element.ts';
import type { Tag } from './tag.ts';
import type { Vr } from './vr.ts';

/** What the File Meta Information of an output names. */
export interface OutputIdentity {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
}

/** A UID of the UUID-derived root that names this implementation (PS3.5 section B.2). */
const implementationClassUid = '2.25.301834721561906310935226183406294847612';
const implementationVersionName = 'DEID_OPERATOR_1';

const explicitLittleEndian: Encoding = { explicit: true, littleEndian: true };
const preambleAndPrefix = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM', 'latin1')]);

function element(tag: Tag, vr: Vr, value: Uint8Array): Uint8Array {
  return encodeElement({ tag, vr, value }, explicitLittleEndian);
}

function text(tag: Tag, vr: Vr, value: string): Uint8Array {
  return element(tag, vr, Buffer.from(value, 'latin1'));
}

/** Preamble, prefix and group 2. */
export function writeFileHeader(identity: OutputIdentity): Uint8Array {
  const group = Buffer.concat([
    element(0x00020001, 'OB', Uint8Array.of(0, 1)),
    text(0x00020002, 'UI', identity.sopClassUid),
    text(0x00020003, 'UI', identity.sopInstanceUid),
    text(0x00020010, 'UI', identity.transferSyntaxUid),
    text(0x00020012, 'UI', implementationClassUid),
    text(0x00020013, 'SH', implementationVersionName),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.length);
  return Buffer.concat([preambleAndPrefix, element(0x00020000, 'UL', length), group]);
}
