/** PS3.15 Table E.1-1, edition 2026c: 656 rows with the basic profile's code and those of the ten options. */
import type { Tag } from '../dicom/tag.ts';
import data from './data/confidentiality.json' with { type: 'json' };

/** Codes of the basic profile (PS3.15 Table E.1-1a). */
export type BasicCode = 'X' | 'Z' | 'D' | 'U' | 'X/Z' | 'X/D' | 'Z/D' | 'X/Z/D' | 'X/Z/U*';

/** The options that have a column. */
export type ConfidentialityOption =
  | 'RetainSafePrivate'
  | 'RetainUIDs'
  | 'RetainDeviceIdentity'
  | 'RetainInstitutionIdentity'
  | 'RetainPatientCharacteristics'
  | 'RetainLongitudinalFullDates'
  | 'RetainLongitudinalModifiedDates'
  | 'CleanDescriptors'
  | 'CleanStructuredContent'
  | 'CleanGraphics';

export interface ConfidentialityRow {
  /** The tag as the table writes it, without brackets: eight digits, x for any, or `odd` for the private groups. */
  readonly pattern: string;
  readonly basic: BasicCode;
  readonly options: Partial<Readonly<Record<ConfidentialityOption, 'K' | 'C'>>>;
  readonly inStandardIods: boolean;
  readonly retired: boolean;
}

function optionsOf(codes: string): ConfidentialityRow['options'] {
  const options: Partial<Record<ConfidentialityOption, 'K' | 'C'>> = {};
  data.options.forEach((option, index) => {
    const code = codes[index];
    if (code === 'K' || code === 'C') options[option as ConfidentialityOption] = code;
  });
  return options;
}

/** All rows, in the table's order. */
export const confidentialityRows: readonly ConfidentialityRow[] = data.rows.map((row) => {
  const [pattern = '', basic = '', codes = '', flags = ''] = row.split('\t');
  return {
    pattern,
    basic: basic as BasicCode,
    options: optionsOf(codes),
    inStandardIods: flags.includes('S'),
    retired: flags.includes('R'),
  };
});

const byTag: ReadonlyMap<Tag, ConfidentialityRow> = new Map(
  confidentialityRows
    .filter(({ pattern }) => /^[0-9A-F]{8}$/.test(pattern))
    .map((row) => [Number.parseInt(row.pattern, 16), row]),
);

/** Rows of repeating groups: even groups 5000 to 50FE and 6000 to 60FE (PS3.5 section 7.6). */
const masked: readonly { readonly mask: number; readonly bits: number; readonly row: ConfidentialityRow }[] =
  confidentialityRows
    .filter(({ pattern }) => pattern.includes('x'))
    .map((row) => ({
      mask: Number.parseInt(row.pattern.replace(/[0-9A-F]/g, 'F').replaceAll('x', '0'), 16) >>> 0,
      bits: Number.parseInt(row.pattern.replaceAll('x', '0'), 16) >>> 0,
      row,
    }));

const privateRow = confidentialityRows.find(({ pattern }) => pattern === 'odd');

/** The row that a tag falls under; undefined for attributes that the table does not list. */
export function rowFor(tag: Tag): ConfidentialityRow | undefined {
  if ((tag & 0x10000) !== 0) return privateRow;
  return byTag.get(tag) ?? masked.find(({ mask, bits }) => (tag & mask) >>> 0 === bits)?.row;
}
