/**
 * Tables of the standard and of others as neither generator of tables reads them: the DocBook source of PS3.15, the
 * dictionaries of DCMTK and dcmjs, the tables that DIAG and
 * Innolitics keep.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { data } from 'dcmjs';

/** An attribute of PS3.6; a tag has x where any digit may stand. */
export interface ThirdAttribute {
  readonly tag: string;
  readonly keyword: string;
  readonly vrs: readonly string[];
}

/** A row of Table E.1-1: `options` by the names that profiles have for them. */
export interface ThirdRow {
  readonly tag: string;
  readonly basic: string;
  readonly options: Readonly<Record<string, string>>;
}

export interface ThirdConcept extends Omit<ThirdRow, 'tag'> {
  readonly code: string;
  readonly scheme: string;
  readonly valueType: string;
}

export interface ThirdPrivate {
  readonly group: number;
  readonly creator: string;
  readonly element: number;
  readonly vr: string;
}

const dcmtkChoices: Readonly<Record<string, readonly string[]>> = {
  lt: ['OW', 'SS', 'US'],
  ox: ['OB', 'OW'],
  px: ['OB', 'OW'],
  up: ['UL'],
  xs: ['SS', 'US'],
  na: [],
};

/** `(6000-60FF,0010)` and `(0028,04x0)` as the tables write them: an x for any digit. */
function maskedTag(text: string): string {
  const [group = '', element = ''] = text.replace(/[() ]/g, '').toLowerCase().split(',');
  const masked = (part: string): string => {
    const [from = '', to = ''] = part.replace('-u-', '-').replace('-o-', '-').split('-');
    if (to === '') return from;
    return [...from].map((digit, index) => (digit === to[index] ? digit : 'x')).join('');
  };
  return masked(group) + masked(element);
}

/** DCMTK's dictionary of PS3.6 2026b; names of its own for retired attributes that have none are left out. */
export function dcmtkAttributes(folder: string): readonly ThirdAttribute[] {
  return readFileSync(join(folder, 'dictionary/dcmtk_dicom.dic_2026b.dic'), 'utf8')
    .split('\n')
    .filter((line) => /^\([0-9a-f]/i.test(line))
    .map((line) => line.split('\t'))
    .filter(([, , , , source = '']) => source.startsWith('DICOM'))
    .map(([tag = '', vr = '', keyword = '']) => ({
      tag: maskedTag(tag),
      keyword: keyword.replace(/^RETIRED_/, ''),
      vrs: dcmtkChoices[vr] ?? [vr],
    }));
}

/** What dcmjs's dictionary has under a tag; undefined where it has nothing. */
export function dcmjsAttribute(tag: string): ThirdAttribute | undefined {
  const found = data.DicomMetaDictionary.dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`.toUpperCase()];
  return found === undefined
    ? undefined
    : { tag, keyword: found.name.replace(/^RETIRED_/, ''), vrs: dcmtkChoices[found.vr] ?? [found.vr] };
}

/** Option columns by the beginnings of their names in the head of a DocBook table. */
const optionNames: readonly (readonly [head: string, option: string])[] = [
  ['Rtn. Safe Priv.', 'RetainSafePrivate'],
  ['Rtn. UIDs', 'RetainUIDs'],
  ['Rtn. Dev. Id.', 'RetainDeviceIdentity'],
  ['Rtn. Inst. Id.', 'RetainInstitutionIdentity'],
  ['Rtn. Pat. Chars.', 'RetainPatientCharacteristics'],
  ['Rtn. Long. Full Dates', 'RetainLongitudinalFullDates'],
  ['Rtn. Long. Modif. Dates', 'RetainLongitudinalModifiedDates'],
  ['Clean Desc.', 'CleanDescriptors'],
  ['Clean Struct. Cont.', 'CleanStructuredContent'],
  ['Clean Graph.', 'CleanGraphics'],
];

interface DocBookRow {
  /** The cell under a title, without markup. */
  cell(title: string): string;
  readonly options: Readonly<Record<string, string>>;
}

/** The rows of a table of PS3.15's DocBook source. */
function docBookTable(folder: string, label: string): readonly DocBookRow[] {
  const source = gunzipSync(readFileSync(join(folder, 'src/ps3.15_2026c_docbook.xml.gz'))).toString('utf8');
  const from = source.indexOf(`<table frame="box" label="${label}"`);
  const table = source.slice(from, source.indexOf('</table>', from));
  const text = (cell: string): string =>
    cell
      .replace(/<[^>]*>/g, '')
      .replaceAll('\u200b', '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
      .replace(/\s+/g, ' ')
      .trim();
  const [head = [], ...rows] = table
    .split('<tr ')
    .slice(1)
    .map((row) => row.match(/<t[dh][^>]*?(?:\/>|>[\s\S]*?<\/t[dh]>)/g)?.map(text) ?? []);
  return rows.map((row) => ({
    cell: (title) => row[head.indexOf(title)] ?? '',
    options: Object.fromEntries(
      optionNames.flatMap(([beginning, option]): [string, string][] => {
        const cell = row[head.findIndex((title) => title.startsWith(beginning))] ?? '';
        return cell === '' ? [] : [[option, cell]];
      }),
    ),
  }));
}

/** PS3.15 Table E.1-1 in its DocBook source, without the row of private attributes. */
export function docBookConfidentiality(folder: string): readonly ThirdRow[] {
  return docBookTable(folder, 'E.1-1')
    .filter(({ cell }) => !cell('Tag').includes('gggg'))
    .map(({ cell, options }) => ({ tag: maskedTag(cell('Tag')), basic: cell('Basic Prof.'), options }));
}

/** PS3.15 Table E.3.4-1 in its DocBook source. */
export function docBookConcepts(folder: string): readonly ThirdConcept[] {
  return docBookTable(folder, 'E.3.4-1').map(({ cell, options }) => ({
    code: cell('Code Value'),
    scheme: cell('Coding Scheme Designator'),
    valueType: cell('Value Type'),
    basic: cell('Basic Prof.'),
    options,
  }));
}

/** PS3.15 Table E.3.10-1 in its DocBook source. */
export function docBookSafePrivate(folder: string): readonly ThirdPrivate[] {
  return docBookTable(folder, 'E.3.10-1').map(({ cell }) => {
    const [, group = '', element = ''] = /^\((\w{4}),xx(\w{2})\)$/.exec(cell('Data Element')) ?? [];
    return {
      group: Number.parseInt(group, 16),
      creator: cell('Private Creator'),
      element: Number.parseInt(element, 16),
      vr: cell('VR'),
    };
  });
}

/** Option columns by the names that DIAG and Innolitics give them. */
const jsonColumns: Readonly<Record<string, string>> = {
  rtnSafePrivOpt: 'RetainSafePrivate',
  rtnUIDsOpt: 'RetainUIDs',
  rtnDevIdOpt: 'RetainDeviceIdentity',
  rtnInstIdOpt: 'RetainInstitutionIdentity',
  rtnPatCharsOpt: 'RetainPatientCharacteristics',
  rtnLongFullDatesOpt: 'RetainLongitudinalFullDates',
  rtnLongModifDatesOpt: 'RetainLongitudinalModifiedDates',
  cleanDescOpt: 'CleanDescriptors',
  cleanStructContOpt: 'CleanStructuredContent',
  cleanGraphOpt: 'CleanGraphics',
};

/** Table E.1-1 as DIAG keeps it (2025) or Innolitics (2024e), without the row of private attributes. */
export function jsonConfidentiality(folder: string, name: string): readonly ThirdRow[] {
  const rows = JSON.parse(readFileSync(join(folder, name), 'utf8')) as readonly Record<string, string>[];
  return rows
    .filter(({ id = '' }) => !id.startsWith('gggg'))
    .map((row) => ({
      tag: maskedTag(row.tag ?? ''),
      basic: row.basicProfile ?? '',
      options: Object.fromEntries(
        Object.entries(jsonColumns).flatMap(([column, option]) =>
          row[column] === undefined || row[column] === '' ? [] : [[option, row[column]]],
        ),
      ),
    }));
}

/** UIDs of the SOP classes that Innolitics lists (2024e). */
export function innoliticsSopClasses(folder: string): readonly string[] {
  const path = join(folder, 'dictionary/innolitics_sops_2024e.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as readonly { id: string }[]).map(({ id }) => id);
}
