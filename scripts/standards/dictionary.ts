/** PS3.6 data elements as compact rows: tag (with x for repeating groups), keyword, VRs, VM, and R for retired ones. */
import { parseTsv } from './tsv.ts';

export function dictionaryData(tsv: string): unknown {
  const rows = parseTsv(tsv).map(({ tag = '', keyword = '', vr = '', vm = '', retired = '' }) =>
    [tag.toUpperCase().replaceAll('X', 'x'), keyword, vr, vm, ...(retired === 'true' ? ['R'] : [])].join(
      '\t',
    ),
  );
  return { source: 'PS3.6', edition: '2026c', columns: 'tag keyword vr vm retired', rows };
}
