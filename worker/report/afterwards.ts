/**
 * What is known of a run only after its page was made: whether its root was signed, and how long the steps took. The page
 * in the work area has a place for it, which is filled in where the page is given out; so the page itself stays the same.
 */
import type { LedgerSignature } from '../evidence/signature.ts';
import type { StepTime } from '../run/timing.ts';
import { type Block, paragraph, type Row, type Section } from './document.ts';
import { counted, countText, durationText } from './figures.ts';

export interface Afterwards {
  readonly signature: Pick<LedgerSignature, 'algorithm' | 'keyId'> | undefined;
  readonly times: readonly StepTime[];
  /** Objects with an outcome. */
  readonly objects: number;
}

const stepNames: Readonly<Record<StepTime['step'], string>> = {
  plan: 'Plan: list the source, cut shards',
  process: 'Process: read, de-identify, verify, write',
  finish: 'Finish: add up, seal the ledger, report',
};

function timeTable(times: readonly StepTime[]): Block {
  return {
    kind: 'table',
    caption: 'How long the steps took',
    columns: [
      { heading: 'Step', kind: 'text' },
      { heading: 'Began (UTC)', kind: 'text' },
      { heading: 'From beginning to end', kind: 'text' },
      { heading: 'Processes', kind: 'count' },
      { heading: 'Sum of their times', kind: 'text' },
    ],
    rows: times.map(
      ({ step, startedAt, wallMs, processes, workMs }): Row => [
        stepNames[step],
        startedAt.toISOString().slice(0, 19).replace('T', ' '),
        durationText(wallMs),
        processes,
        durationText(workMs),
      ],
    ),
  };
}

function rate({ objects, times }: Afterwards): readonly Block[] {
  const process = times.find(({ step }) => step === 'process');
  if (process === undefined || process.wallMs === 0 || objects === 0) return [];
  const perSecond = objects / (process.wallMs / 1000);
  const shown = perSecond >= 100 ? countText(Math.round(perSecond)) : perSecond.toFixed(1);
  return [
    paragraph(
      `${counted(objects, 'object')} in ${durationText(process.wallMs)} of processing, pauses included: ${shown} a second.`,
    ),
  ];
}

/** The section for the page. */
export function afterwardsSection(afterwards: Afterwards): Section {
  const { signature, times } = afterwards;
  return {
    id: 'afterwards',
    heading: 'Signature and timing',
    blocks: [
      paragraph(
        signature === undefined
          ? 'The root bears no signature: only where it was written down apart from the work area does it prove anything.'
          : `The root is signed (${signature.algorithm}) by the key below. deid verify with --public-key says whether the signature holds and whose it is.`,
      ),
      ...(signature === undefined ? [] : [{ kind: 'command', text: signature.keyId } as const]),
      ...(times.length === 0
        ? [paragraph('No record of the times of the steps is left.')]
        : [timeTable(times), ...rate(afterwards)]),
      paragraph(
        'Times are taken from the clocks of the machines at work. No digest and no signature covers them.',
      ),
    ],
  };
}
