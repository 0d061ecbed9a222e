/** PS3.15 Table E.3.4-1 as compact rows: code, scheme, value type, basic code, options with a code. */

const optionColumns = {
  'Rtn. UIDs Opt.': 'RetainUIDs',
  'Rtn. Dev. Id. Opt.': 'RetainDeviceIdentity',
  'Rtn. Inst. Id. Opt.': 'RetainInstitutionIdentity',
  'Rtn. Pat. Chars. Opt.': 'RetainPatientCharacteristics',
  'Rtn. Long. Full Dates Opt.': 'RetainLongitudinalFullDates',
  'Rtn. Long. Modif. Dates Opt.': 'RetainLongitudinalModifiedDates',
  'Clean Desc. Opt.': 'CleanDescriptors',
} as const;

type Row = Readonly<Record<string, string>>;

export function structuredContentData(json: string): unknown {
  const table = JSON.parse(json) as { edition: string; rows: readonly Row[] };
  const rows = table.rows.map((row) => {
    const codes = Object.keys(optionColumns).map((column) => row[column] || '.');
    return [
      row['Code Value'],
      row['Coding Scheme Designator'],
      row['Value Type'],
      row['Basic Prof.'],
      codes.join(''),
    ].join('\t');
  });
  return {
    source: 'PS3.15 Table E.3.4-1',
    edition: table.edition,
    options: Object.values(optionColumns),
    columns: 'code scheme valueType basic options',
    rows,
  };
}
