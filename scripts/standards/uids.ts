/** PS3.6 Annex A as compact rows: UID, name, type, and R for retired ones. */
import { parseTsv } from './tsv.ts';

export function uidsData(tsv: string): unknown {
  const rows = parseTsv(tsv).map(({ uid = '', name = '', type = '', retired = '' }) =>
    [uid, name, type, ...(retired === 'true' ? ['R'] : [])].join('\t'),
  );
  return { source: 'PS3.6 Annex A', edition: '2026c', columns: 'uid name type retired', rows };
}
