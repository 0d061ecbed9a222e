/** What the second reader saw: how many outputs it read once more, and what it found. */
import type { Statistics } from '../evidence/statistics.ts';
import { type ReasonCode, reasonCodes } from '../reason-codes.ts';
import { type Block, paragraph, type Row, type Section } from './document.ts';
import { counted, countText } from './figures.ts';

const reviewReason = /^review\/(Verification\w+)$/;

export function secondReaderSection(statistics: Statistics): Section {
  const read = statistics.sizesOut.reduce((sum, number) => sum + number, 0);
  const findings = Object.entries(statistics.reasons).flatMap(([name, count]): readonly Row[] => {
    const code = reviewReason.exec(name)?.[1];
    if (code === undefined || !(code in reasonCodes)) return [];
    return [[code, count, reasonCodes[code as ReasonCode].meaning]];
  });
  const found = findings.reduce((sum, [, count]) => sum + Number(count), 0);
  const blocks: readonly Block[] = [
    paragraph(
      `${counted(read, 'output was', 'outputs were')} read once more before anything was written, by a reader with a parser, tables and formulas of its own, and compared with the original. It found something in ${countText(found)} of them, which were held back for it.`,
    ),
    ...(found === 0
      ? []
      : [
          {
            kind: 'table',
            caption: 'Findings of the second reader',
            columns: [
              { heading: 'Reason', kind: 'text' },
              { heading: 'Objects', kind: 'count' },
              { heading: 'Meaning', kind: 'text' },
            ],
            rows: findings,
            total: ['Sum', found, ''],
          } as const,
        ]),
    paragraph(
      'What was held back for another reason keeps that reason here, whatever the second reader found in it.',
    ),
  ];
  return { id: 'second-reader', heading: 'The second reader', blocks };
}
