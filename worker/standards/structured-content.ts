/** PS3.15 Table E.3.4-1, edition 2026c: content items by the code of their concept name and their value type. */
import type { ConfidentialityOption } from './confidentiality-table.ts';
import data from './data/structured-content.json' with { type: 'json' };

export interface ContentItemRow {
  readonly basic: 'X' | 'D' | 'X/D';
  readonly options: Partial<Readonly<Record<ConfidentialityOption, 'K' | 'C'>>>;
}

/** Designators of SNOMED that objects use for the same codes (PS3.16 section 8.1). */
const snomedTwins: ReadonlySet<string> = new Set(['SRT', 'SNM3', '99SDM', 'SCT']);

function schemeKey(scheme: string): string {
  return snomedTwins.has(scheme) ? 'SCT' : scheme;
}

function keyOf(code: string, scheme: string, valueType: string): string {
  return `${code}\t${schemeKey(scheme)}\t${valueType}`;
}

const rows: ReadonlyMap<string, ContentItemRow> = new Map(
  data.rows.map((row) => {
    const [code = '', scheme = '', valueType = '', basic = '', codes = ''] = row.split('\t');
    const options: Partial<Record<ConfidentialityOption, 'K' | 'C'>> = {};
    data.options.forEach((option, index) => {
      const own = codes[index];
      if (own === 'K' || own === 'C') options[option as ConfidentialityOption] = own;
    });
    return [keyOf(code, scheme, valueType), { basic: basic as ContentItemRow['basic'], options }];
  }),
);

/** The row of a content item; undefined where the table does not list its concept with its value type. */
export function contentItemRow(item: {
  readonly code: string;
  readonly scheme: string;
  readonly valueType: string;
}): ContentItemRow | undefined {
  return rows.get(keyOf(item.code, item.scheme, item.valueType));
}
