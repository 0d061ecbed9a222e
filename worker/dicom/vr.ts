/** Value Representations and the facts about them that parsing and writing need (PS3.5 sections 6.2 and 7.1.2). */

export const vrs = [
  'AE',
  'AS',
  'AT',
  'CS',
  'DA',
  'DS',
  'DT',
  'FD',
  'FL',
  'IS',
  'LO',
  'LT',
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'PN',
  'SH',
  'SL',
  'SQ',
  'SS',
  'ST',
  'SV',
  'TM',
  'UC',
  'UI',
  'UL',
  'UN',
  'UR',
  'US',
  'UT',
  'UV',
] as const;

/** One of the 34 Value Representations. */
export type Vr = (typeof vrs)[number];

/** What a Value Representation looks like on the wire. */
export interface VrFacts {
  /** True where explicit VR encodings use two reserved bytes and a 32-bit length. */
  readonly longLength: boolean;
  readonly kind: 'text' | 'binary' | 'sequence' | 'unknown';
  /** Bytes of one binary number, for byte order; 1 for byte strings and text. */
  readonly unit: 1 | 2 | 4 | 8;
  /** The byte that pads a value to even length. */
  readonly pad: 0x00 | 0x20;
  /** Most bytes of one value; undefined where only the length field limits it. */
  readonly maxBytes?: number;
  /** True where Specific Character Set applies to the value. */
  readonly usesCharacterSet: boolean;
  /** True where a backslash separates values. */
  readonly multiValued: boolean;
}

function text(maxBytes: number | undefined, options: Partial<VrFacts> = {}): VrFacts {
  return {
    longLength: false,
    kind: 'text',
    unit: 1,
    pad: 0x20,
    usesCharacterSet: false,
    multiValued: true,
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...options,
  };
}

function binary(unit: 1 | 2 | 4 | 8, longLength: boolean): VrFacts {
  return { longLength, kind: 'binary', unit, pad: 0x00, usesCharacterSet: false, multiValued: false };
}

/** Facts per Value Representation. For LO, SH and PN `maxBytes` counts characters (per component group for PN). */
export const vrFacts: Readonly<Record<Vr, VrFacts>> = {
  AE: text(16),
  AS: text(4),
  CS: text(16),
  DA: text(8),
  DS: text(16),
  DT: text(26),
  IS: text(12),
  TM: text(16),
  LO: text(64, { usesCharacterSet: true }),
  SH: text(16, { usesCharacterSet: true }),
  PN: text(64, { usesCharacterSet: true }),
  UC: text(undefined, { usesCharacterSet: true, longLength: true }),
  LT: text(10240, { usesCharacterSet: true, multiValued: false }),
  ST: text(1024, { usesCharacterSet: true, multiValued: false }),
  UT: text(undefined, { usesCharacterSet: true, longLength: true, multiValued: false }),
  UR: text(undefined, { longLength: true, multiValued: false }),
  UI: text(64, { pad: 0x00 }),
  AT: binary(2, false),
  FD: binary(8, false),
  FL: binary(4, false),
  SL: binary(4, false),
  SS: binary(2, false),
  UL: binary(4, false),
  US: binary(2, false),
  OB: binary(1, true),
  OD: binary(8, true),
  OF: binary(4, true),
  OL: binary(4, true),
  OV: binary(8, true),
  OW: binary(2, true),
  SV: binary(8, true),
  UV: binary(8, true),
  SQ: { longLength: true, kind: 'sequence', unit: 1, pad: 0x00, usesCharacterSet: false, multiValued: false },
  UN: { longLength: true, kind: 'unknown', unit: 1, pad: 0x00, usesCharacterSet: false, multiValued: false },
};

const known: ReadonlySet<string> = new Set(vrs);

export function isVr(text: string): text is Vr {
  return known.has(text);
}
