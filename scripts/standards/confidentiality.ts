/** PS3.15 Table E.1-1 as compact rows: tag pattern, basic profile code, options with a code, in standard IODs, retired. */

/** Columns of the published table, and the options' names in a profile. */
const optionColumns = {
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
} as const;

type Row = Readonly<Record<string, string>>;

function tagPattern(tag: string): string {
  return tag.includes('gggg') ? 'odd' : tag.replace(/[(),]/g, '').toUpperCase().replaceAll('X', 'x');
}

export function confidentialityData(json: string): unknown {
  const { edition, attributes } = JSON.parse(json) as { edition: string; attributes: readonly Row[] };
  const options = Object.values(optionColumns);
  const rows = attributes.map((row) => {
    const codes = Object.keys(optionColumns).map((column) => row[column] || '.');
    const flags = `${row.stdCompIOD === 'Y' ? 'S' : ''}${row.retired === 'Y' ? 'R' : ''}`;
    return [tagPattern(row.tag ?? ''), row.basicProfile, codes.join(''), flags].join('\t');
  });
  return { source: 'PS3.15 Table E.1-1', edition, options, columns: 'tag basic options flags', rows };
}
