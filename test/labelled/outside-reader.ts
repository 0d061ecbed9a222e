/**
 * A reader of whole DICOM files that judges outputs from outside: every element at every depth by its path. It shares no
 * code with the engine, so that a mistake there cannot hide itself here. It throws on what it cannot follow.
 */
import { inflateRawSync } from 'node:zlib';

/** Values by path, such as `00400275[0]/00400007`; tags are eight capitals. A sequence has an empty value of its own. */
export type Values = ReadonlyMap<string, Buffer>;

/** A file as this reader sees it. */
export interface OutsideFile {
  /** The file, inflated where it was deflated. */
  readonly bytes: Buffer;
  readonly littleEndian: boolean;
  readonly values: Values;
}

interface Syntax {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

const undefinedLength = 0xffffffff;
const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const explicitLittle: Syntax = { explicit: true, littleEndian: true };
const implicitLittle: Syntax = { explicit: false, littleEndian: true };

function syntaxOf(uid: string): Syntax {
  if (uid === '1.2.840.10008.1.2') return implicitLittle;
  return uid === '1.2.840.10008.1.2.2' ? { explicit: true, littleEndian: false } : explicitLittle;
}

/** Reads `bytes`; `isSequence` tells the sequences of encodings that do not say the VR. */
export function readOutside(bytes: Buffer, isSequence: (tag: string) => boolean): OutsideFile {
  const values = new Map<string, Buffer>();
  let whole = bytes;
  const u16 = (at: number, { littleEndian }: Syntax) =>
    littleEndian ? whole.readUInt16LE(at) : whole.readUInt16BE(at);
  const u32 = (at: number, { littleEndian }: Syntax) =>
    littleEndian ? whole.readUInt32LE(at) : whole.readUInt32BE(at);
  const hex = (number: number) => number.toString(16).toUpperCase().padStart(4, '0');
  const tagAt = (at: number, syntax: Syntax) => hex(u16(at, syntax)) + hex(u16(at + 2, syntax));

  const readItems = (from: number, to: number, syntax: Syntax, path: string): number => {
    let at = from;
    for (let index = 0; at < to; index++) {
      const tag = tagAt(at, syntax);
      const length = u32(at + 4, syntax);
      at += 8;
      if (tag === 'FFFEE0DD') return at;
      if (tag !== 'FFFEE000') throw new RangeError('no item');
      const isFragment = path.endsWith('7FE00010');
      if (isFragment) at += length;
      else at = readElements(at, length === undefinedLength ? to : at + length, syntax, `${path}[${index}]/`);
    }
    return at;
  };

  const readElements = (from: number, to: number, syntax: Syntax, prefix: string): number => {
    let at = from;
    while (at < to) {
      const tag = tagAt(at, syntax);
      if (tag === 'FFFEE00D') return at + 8;
      let vr = isSequence(tag) ? 'SQ' : '';
      let length: number;
      if (syntax.explicit) {
        vr = whole.toString('latin1', at + 4, at + 6);
        const isLong = longVrs.has(vr);
        length = isLong ? u32(at + 8, syntax) : u16(at + 6, syntax);
        at += isLong ? 12 : 8;
      } else {
        length = u32(at + 4, syntax);
        at += 8;
      }
      const path = prefix + tag;
      const inner = vr === 'UN' ? implicitLittle : syntax;
      if (length === undefinedLength) {
        const end = readItems(at, to, inner, path);
        values.set(path, path.endsWith('7FE00010') ? whole.subarray(at, end) : Buffer.alloc(0));
        at = end;
      } else {
        if (at + length > to) throw new RangeError('element outside its surroundings');
        if (vr === 'SQ') readItems(at, at + length, syntax, path);
        values.set(path, vr === 'SQ' ? Buffer.alloc(0) : whole.subarray(at, at + length));
        at += length;
      }
    }
    return at;
  };

  if (bytes.toString('latin1', 128, 132) !== 'DICM') throw new RangeError('no DICM');
  const metaLength = bytes.readUInt32LE(140);
  const bodyStart = 144 + metaLength;
  readElements(132, bodyStart, { ...explicitLittle }, '');
  const uid = textOf(values.get('00020010'));
  if (uid === '1.2.840.10008.1.2.1.99') {
    whole = Buffer.concat([bytes.subarray(0, bodyStart), inflateRawSync(bytes.subarray(bodyStart))]);
  }
  const syntax = syntaxOf(uid);
  readElements(bodyStart, whole.length, syntax, '');
  return { bytes: whole, littleEndian: syntax.littleEndian, values };
}

/** A value as text without padding, decoded by `encoding`; empty where there is none. */
export function textOf(value: Buffer | undefined, encoding = 'utf-8'): string {
  return new TextDecoder(encoding).decode(value ?? new Uint8Array()).replace(/^[ \0]+|[ \0]+$/g, '');
}
