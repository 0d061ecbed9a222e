/** PS3.6, PS3.15 Table E.1-1 and Table E.3.4-1 as the verifier reads them: one string of fields between spaces a row. */

/** Lines of a table without its head, split at tabs. */
function body(tsv: string): readonly string[][] {
  return tsv
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('\t').map((cell) => cell.trim()));
}

/** `TAG KEYWORD VR[,VR]`; a tag has x where any digit may stand, `?` stands for the name of a retired attribute that has none. */
export function attributeTable(elements: string): readonly string[] {
  return body(elements)
    .filter(([, , , vr = '']) => vr !== '')
    .map(
      ([tag = '', keyword, , vr = '']) =>
        `${tag.toLowerCase()} ${keyword || '?'} ${vr.match(/[A-Z]{2}/g)?.join(',')}`,
    );
}

/** `UID KIND` of everything that PS3.6 registers. */
export function uidTable(uids: string): readonly string[] {
  return body(uids).map(([uid, , kind]) => `${uid} ${kind}`);
}

/** The option columns of both tables by the letters that stand for them in the rows below. */
const e11Columns: readonly (readonly [column: string, letter: string])[] = [
  ['rtnSafePrivOpt', 'p'],
  ['rtnUIDsOpt', 'u'],
  ['rtnDevIdOpt', 'd'],
  ['rtnInstIdOpt', 'i'],
  ['rtnPatCharsOpt', 'c'],
  ['rtnLongFullDatesOpt', 'f'],
  ['rtnLongModifDatesOpt', 'm'],
  ['cleanDescOpt', 't'],
  ['cleanStructContOpt', 's'],
  ['cleanGraphOpt', 'g'],
];
const e34Columns: readonly (readonly [column: string, letter: string])[] = [
  ['Rtn. UIDs Opt.', 'u'],
  ['Rtn. Dev. Id. Opt.', 'd'],
  ['Rtn. Inst. Id. Opt.', 'i'],
  ['Rtn. Pat. Chars. Opt.', 'c'],
  ['Rtn. Long. Full Dates Opt.', 'f'],
  ['Rtn. Long. Modif. Dates Opt.', 'm'],
  ['Clean Desc. Opt.', 't'],
];

type Cells = Readonly<Record<string, string>>;

/** `Cm Kf`: for each filled option cell its code and the option's letter. */
function optionCells(cells: Cells, columns: typeof e11Columns): string {
  return columns
    .filter(([column]) => (cells[column] ?? '') !== '')
    .map(([column, letter]) => ` ${cells[column]}${letter}`)
    .join('');
}

/** `TAG CODE[ Ko| Co]…`, `o` being an option's letter; the row of private attributes is left out. */
export function confidentialityTable(json: string): readonly string[] {
  const { attributes } = JSON.parse(json) as { attributes: readonly Cells[] };
  return attributes
    .filter((row) => !(row.tag ?? '').includes('gggg'))
    .map(
      (row) =>
        `${(row.tag ?? '').replace(/\W/g, '').toLowerCase()} ${row.basicProfile}${optionCells(row, e11Columns)}`,
    );
}

/** `CODE|SCHEME|VALUETYPE|ACTION[ Ko| Co]…`; a scheme may hold spaces. */
export function conceptTable(json: string): readonly string[] {
  const { rows } = JSON.parse(json) as { rows: readonly Cells[] };
  return rows.map((row) =>
    [row['Code Value'], row['Coding Scheme Designator'], row['Value Type'], row['Basic Prof.']]
      .join('|')
      .concat(optionCells(row, e34Columns)),
  );
}
