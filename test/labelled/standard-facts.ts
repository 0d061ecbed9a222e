/** What the standard says of attributes, read from the data files of its tables without the engine's code. */
import { readFileSync } from 'node:fs';

const data = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../worker/standards/data/${name}.json`, import.meta.url), 'utf8'));

export interface AttributeFacts {
  /** Eight capitals; repeating groups at their first number. */
  readonly tag: string;
  readonly keyword: string;
  readonly vr: string;
  readonly vm: string;
}

/** PS3.6, but for items, commands, directories and File Meta Information. */
export const attributes: readonly AttributeFacts[] = (data('dictionary') as { rows: readonly string[] }).rows
  .map((row) => {
    const [tag = '', keyword = '', vr = '', vm = ''] = row.split('\t');
    const [first = ''] = vr.split('|');
    // Elements of ranges such as (0028,04x0) would meet others at their first number; repeating groups do not.
    const isRange = /^[^x]*x/.test(tag) && !/^[56]0xx/.test(tag);
    return { tag: isRange ? '' : tag.replaceAll('x', '0'), keyword, vr: first, vm };
  })
  .filter(
    ({ tag, vr }) =>
      tag !== '' && vr !== '' && !/^(?:000[0-7]|FFFE)/.test(tag) && /^.{3}[02468ACE]/.test(tag),
  );

export const attributeOf: ReadonlyMap<string, AttributeFacts> = new Map(
  attributes.map((one) => [one.tag, one]),
);

interface Row {
  readonly basic: string;
  readonly options: Readonly<Record<string, string>>;
}

const table = data('confidentiality') as { options: readonly string[]; rows: readonly string[] };
const rows: ReadonlyMap<string, Row> = new Map(
  table.rows.map((row) => {
    const [tag = '', basic = '', codes = ''] = row.split('\t');
    return [
      tag,
      { basic, options: Object.fromEntries(table.options.map((name, at) => [name, codes[at] ?? '.'])) },
    ];
  }),
);

export type ProfileName = 'basic' | 'research';

/** The options of `research` (README): what cleans stands before what keeps. */
const research = [
  'CleanStructuredContent',
  'RetainLongitudinalModifiedDates',
  'CleanDescriptors',
  'RetainPatientCharacteristics',
] as const;

/** The code of Table E.1-1 that is in force: `K`, `C`, a basic code; undefined for attributes that it does not list. */
export function codeOf(tag: string, profile: ProfileName): string | undefined {
  const group = tag.slice(0, 2);
  if (group === '50') return 'X';
  const row = rows.get(group === '60' ? `60xx${tag.slice(4)}` : tag);
  if (row === undefined) return undefined;
  if (profile === 'basic') return row.basic;
  const codes = research.map((option) => row.options[option]);
  return codes.find((code) => code === 'C') ?? codes.find((code) => code === 'K') ?? row.basic;
}

interface IodData {
  readonly nodes: readonly string[];
  readonly iods: Readonly<Record<string, readonly string[]>>;
  readonly sopClasses: Readonly<Record<string, string>>;
}

const iodData = data('attribute-types') as IodData;

export interface IodAttribute {
  readonly tag: string;
  readonly type: string;
  readonly child: number | undefined;
}

export const sopClasses: ReadonlyMap<string, string> = new Map(Object.entries(iodData.sopClasses));

export function nodeOf(index: number): readonly IodAttribute[] {
  return (iodData.nodes[index] ?? '').split(',').flatMap((entry) => {
    const [tag = '', type = '', child] = entry.split(' ');
    return tag === '' ? [] : [{ tag, type, child: child === undefined ? undefined : Number(child) }];
  });
}

const strength: Readonly<Record<string, number>> = { '1': 5, '1C': 4, '2': 3, '2C': 2, '3': 1 };

/** Every attribute of every module of an IOD, each with its strongest Type. */
export function attributesOfIod(iod: string): readonly IodAttribute[] {
  const strongest = new Map<string, IodAttribute>();
  for (const entry of iodData.iods[iod] ?? []) {
    for (const attribute of nodeOf(Number(entry.split(' ')[0]))) {
      const known = strongest.get(attribute.tag);
      if (known === undefined || (strength[attribute.type] ?? 0) > (strength[known.type] ?? 0)) {
        strongest.set(attribute.tag, attribute);
      }
    }
  }
  return [...strongest.values()].sort((a, b) => a.tag.localeCompare(b.tag));
}
