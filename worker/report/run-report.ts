/** What the report of a run says, made of its summary, the statistics of its ledger and its run spec. Counts only. */
import type { RunSpec } from '../../crds/records/run-spec.ts';
import type { LedgerRoot } from '../evidence/ledger-root.ts';
import type { Share, Statistics } from '../evidence/statistics.ts';
import { type Outcome, outcomes } from '../outcome.ts';
import { type ReasonCode, reasonCodes } from '../reason-codes.ts';
import type { RunSummary } from '../run/finish.ts';
import { deidMethodCodes } from '../standards/deid-method-codes.ts';
import { uidFacts } from '../standards/uids.ts';
import { conformanceStatement, optionNames } from './conformance-statement.ts';
import { decisionMeaning } from './decision-meanings.ts';
import {
  type Block,
  paragraph,
  type ReportDocument,
  type Row,
  type Section,
  type Table,
} from './document.ts';
import { bytesText, counted, countText } from './figures.ts';
import { reviewSection } from './review-section.ts';
import { secondReaderSection } from './second-reader-section.ts';

/** All that a report is made of. */
export interface RunFindings {
  readonly summary: RunSummary;
  readonly statistics: Statistics;
  readonly ledger: LedgerRoot;
  readonly runSpec: RunSpec;
}

const results: Readonly<Record<RunSummary['result'], ReportDocument['result']>> = {
  Success: { tone: 'good', text: 'Success: every object has its outcome, and none failed' },
  ObjectsFailed: { tone: 'attention', text: 'Objects failed: they are to be tried again' },
  ShardsUndone: { tone: 'bad', text: 'Shards were given up: some objects have no outcome yet' },
  FailurePolicyExceeded: { tone: 'bad', text: 'More objects were rejected than the job allows' },
};

const outcomeMeanings: Readonly<Record<Outcome, string>> = {
  deidentified: 'Written to the destination',
  review: 'Held back until a person has looked; the candidate lies in quarantine',
  rejected: 'Not understood, or refused by policy; nothing of it was written',
  skipped: 'Not selected by the job; never opened',
  failed: 'Fallen to a fault of the surroundings; to be tried again',
};

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** What stands for objects without an outcome where shards were given up. */
const undoneMeaning = 'Given up before it had an outcome; a next attempt takes it';

function overview({ summary }: RunFindings): Section {
  const { plan, outcomes: counts, bytesIn, bytesOut } = summary;
  const { objects } = plan;
  const undone = objects - summary.objects;
  const terms = outcomes.map((outcome) => countText(counts[outcome])).join(' + ');
  const sum = undone === 0 ? terms : `${terms} + ${countText(undone)} without an outcome`;
  return {
    id: 'outcomes',
    heading: 'What became of the objects',
    blocks: [
      {
        kind: 'figures',
        figures: [
          { label: 'objects in the inventory', value: countText(objects) },
          { label: 'de-identified', value: countText(counts.deidentified) },
          { label: 'for a person to look at', value: countText(counts.review) },
          { label: 'rejected', value: countText(counts.rejected) },
          { label: 'skipped', value: countText(counts.skipped) },
          { label: 'failed', value: countText(counts.failed) },
          ...(undone === 0 ? [] : [{ label: 'without an outcome', value: countText(undone) }]),
          { label: 'read', value: bytesText(bytesIn) },
          { label: 'written to the destination', value: bytesText(bytesOut) },
        ],
      },
      {
        kind: 'plot',
        plot: {
          kind: 'shares',
          title: 'Objects by outcome',
          parts: outcomes.map((outcome) => ({ label: outcome, value: counts[outcome], tone: outcome })),
        },
      },
      {
        kind: 'table',
        caption:
          undone === 0
            ? 'Every object of the inventory has one outcome'
            : 'Objects of the inventory by outcome, and those that have none',
        columns: [
          { heading: 'Outcome', kind: 'text' },
          { heading: 'Objects', kind: 'count' },
          { heading: 'Meaning', kind: 'text' },
        ],
        rows: [
          ...outcomes.map((outcome): Row => [outcome, counts[outcome], outcomeMeanings[outcome]]),
          ...(undone === 0 ? [] : [['none', undone, undoneMeaning] satisfies Row]),
        ],
        total: ['Sum', sumOf(outcomes.map((outcome) => counts[outcome])) + undone, ''],
      },
      paragraph(
        `${sum} = ${countText(objects)}: that adds up to the inventory that was planned before the first object was opened (${counted(objects, 'object')}, ${bytesText(plan.bytes)}).`,
      ),
    ],
  };
}

function reasonsTable({ summary, statistics }: RunFindings): Section {
  const entries = Object.entries(statistics.reasons).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const rows = entries.map(([name, count]): Row => {
    const [outcome = '', reason = ''] = name.split('/');
    const { meaning, remedy } =
      reason in reasonCodes ? reasonCodes[reason as ReasonCode] : { meaning: '', remedy: '' };
    return [reason, outcome, count, meaning, remedy];
  });
  const blocks: readonly Block[] =
    rows.length === 0
      ? [paragraph('Every object was de-identified.')]
      : [
          {
            kind: 'table',
            caption: 'Objects that were not de-identified, by reason',
            columns: [
              { heading: 'Reason', kind: 'text' },
              { heading: 'Outcome', kind: 'text' },
              { heading: 'Objects', kind: 'count' },
              { heading: 'Meaning', kind: 'text' },
              { heading: 'What to do', kind: 'text' },
            ],
            rows,
            total: ['Sum', '', sumOf(entries.map(([, count]) => count)), '', ''],
          },
          paragraph(
            `${countText(summary.objects)} − ${countText(summary.outcomes.deidentified)} de-identified = ${countText(summary.objects - summary.outcomes.deidentified)}.`,
          ),
        ];
  return { id: 'reasons', heading: 'Reasons', blocks };
}

function decisions({ statistics }: RunFindings): Section {
  const entries = Object.entries(statistics.decisions).sort(
    ([a, x], [b, y]) => y.elements - x.elements || (a < b ? -1 : 1),
  );
  const methods = Object.entries(statistics.methods);
  const cleanups = Object.entries(statistics.cleanups);
  const blocks: Block[] = [
    paragraph(
      'Each element of each object was decided by the first of these that spoke. Objects for review count as well: their candidates were made in the same way.',
    ),
    {
      kind: 'table',
      caption: 'Elements by what decided about them',
      columns: [
        { heading: 'Decided by', kind: 'text' },
        { heading: 'Elements', kind: 'count' },
        { heading: 'Objects', kind: 'count' },
        { heading: 'What happened', kind: 'text' },
      ],
      rows: entries.map(([label, { elements, objects }]) => [
        label,
        elements,
        objects,
        decisionMeaning(label),
      ]),
      total: ['Sum', sumOf(entries.map(([, { elements }]) => elements)), '', ''],
    },
    paragraph("Patient ID and Patient's Name, rows of Table E.1-1 as well, became the patient's pseudonym."),
  ];
  if (methods.length > 0)
    blocks.push({
      kind: 'table',
      caption: 'Objects by the de-identification methods that they state (PS3.16 CID 7050)',
      columns: [
        { heading: 'Code', kind: 'code' },
        { heading: 'Method', kind: 'text' },
        { heading: 'Objects', kind: 'count' },
      ],
      rows: methods.map(([code, count]) => [code, deidMethodCodes[code]?.meaning ?? '', count]),
    });
  if (cleanups.length > 0)
    blocks.push({
      kind: 'table',
      caption: 'Objects whose pixel data had something hidden in their container, which was cleaned',
      columns: [
        { heading: 'Found and cleaned', kind: 'text' },
        { heading: 'Objects', kind: 'count' },
      ],
      rows: cleanups.map(([name, count]) => [name, count]),
    });
  return { id: 'decisions', heading: 'What was done', blocks };
}

function sharesTable(
  caption: string,
  heading: string,
  shares: Readonly<Record<string, Share>>,
  nameOf: (name: string) => string,
): Table {
  const entries = Object.entries(shares).sort(([a, x], [b, y]) => y.objects - x.objects || (a < b ? -1 : 1));
  const most = Math.max(0, ...entries.map(([, { objects }]) => objects));
  const sum = (of: (share: Share) => number): number => sumOf(entries.map(([, entry]) => of(entry)));
  return {
    kind: 'table',
    caption,
    columns: [
      { heading, kind: 'text' },
      { heading: '', kind: 'share' },
      { heading: 'Objects', kind: 'count' },
      { heading: 'Before', kind: 'bytes' },
      { heading: 'After', kind: 'bytes' },
    ],
    rows: entries.map(([name, { objects, bytesIn, bytesOut }]) => [
      nameOf(name),
      share(objects, most),
      objects,
      bytesIn,
      bytesOut,
    ]),
    total: [
      'Sum',
      '',
      sum(({ objects }) => objects),
      sum(({ bytesIn }) => bytesIn),
      sum(({ bytesOut }) => bytesOut),
    ],
  };
}

/** A UID is shown by its name in PS3.6; one that the standard does not register is not shown. */
function uidName(uid: string): string {
  return uidFacts(uid)?.name ?? 'unknown';
}

function outputs({ statistics, summary }: RunFindings): Section {
  const shares = Object.values(statistics.modalities);
  const made = sumOf(statistics.sizesOut);
  if (made === 0)
    return { id: 'outputs', heading: 'Before and after', blocks: [paragraph('No output was made.')] };
  return {
    id: 'outputs',
    heading: 'Before and after',
    blocks: [
      paragraph(
        `${counted(made, 'object')} had an output: ${countText(summary.outcomes.deidentified)} de-identified and ${counted(made - summary.outcomes.deidentified, 'candidate')} for review. The figures below are theirs; equal outputs are written once and counted for each.`,
      ),
      {
        kind: 'plot',
        plot: {
          kind: 'bytes',
          title: 'Bytes of these objects',
          before: sumOf(shares.map(({ bytesIn }) => bytesIn)),
          after: sumOf(shares.map(({ bytesOut }) => bytesOut)),
        },
      },
      {
        kind: 'plot',
        plot: {
          kind: 'sizes',
          title: 'Objects by size, in powers of two from the size under the bars',
          before: statistics.sizesIn,
          after: statistics.sizesOut,
        },
      },
      sharesTable('Objects by modality', 'Modality', statistics.modalities, (name) => name),
      sharesTable('Objects by SOP class', 'SOP class', statistics.sopClasses, uidName),
      sharesTable('Objects by transfer syntax', 'Transfer syntax', statistics.transferSyntaxes, uidName),
    ],
  };
}

function evidence({ ledger, summary }: RunFindings): Section {
  const { context, entries, root } = ledger;
  const named = (name: string, value: string): Row => [name, value];
  return {
    id: 'evidence',
    heading: 'Evidence',
    blocks: [
      paragraph(
        `The ledger of the run holds ${counted(entries, 'record')}, one for each object of the inventory, under one root. A record that is altered, removed, added or moved gives another root: write the root down, apart from the work area.`,
      ),
      { kind: 'command', text: root },
      ...(ledger.previous === undefined
        ? []
        : [
            paragraph(
              `Attempt ${ledger.attempt} took what the one before left behind. Its root is chained to the root of that one:`,
            ),
            { kind: 'command', text: ledger.previous } as const,
          ]),
      {
        kind: 'table',
        caption: 'What the root covers besides the records',
        columns: [
          { heading: 'Of', kind: 'text' },
          { heading: 'Digest', kind: 'code' },
        ],
        rows: [
          named('Run spec', context.runSpec),
          named('Profile', context.profile),
          named('Plan', context.plan),
          named('Program', context.engine.digest),
          named('Project key (fingerprint)', context.key),
        ],
      },
      paragraph(
        'This checks every output and every record against the root, and the signature of the root. A root is signed after this page is made: deid report and deid status say whether it was.',
      ),
      { kind: 'command', text: `deid verify ${summary.run} -f FILE --volume NAME=DIR --root ${root}` },
      paragraph(
        'This page shows what the ledger says and is itself no evidence: figures that matter are to be taken from the ledger.',
      ),
    ],
  };
}

/** The report of a finished run. */
export function runReport(findings: RunFindings): ReportDocument {
  const { summary, runSpec } = findings;
  const { edition, options } = runSpec.profile.spec.dicom.basis;
  return {
    title: 'De-identification report',
    result: results[summary.result],
    facts: [
      ['Job', summary.job],
      ['Run', summary.run],
      ...(summary.attempt === 0 ? [] : [['Attempt', String(summary.attempt)] as const]),
      ['Profile', summary.profile],
      ['Basis', `PS3.15 ${edition}, Basic Application Level Confidentiality Profile`],
      ['Options', options.length === 0 ? 'none' : options.map((option) => optionNames[option]).join(', ')],
      ['Engine', `deid-operator ${summary.engineVersion}`],
    ],
    sections: [
      overview(findings),
      reviewSection(findings),
      reasonsTable(findings),
      decisions(findings),
      secondReaderSection(findings.statistics),
      outputs(findings),
      evidence(findings),
    ],
    appendix: conformanceStatement(runSpec, summary.engineVersion),
  };
}
