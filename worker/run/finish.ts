/** Finishes a run: sees to it that outcomes add up to the inventory, adds the shards up, and writes report and summary. */

import type { ExitCodeName } from '../../crds/records/exit-codes.ts';
import type { FinishSummary } from '../../crds/records/finish-summary.ts';
import { accounted } from '../../crds/records/outcome-counts.ts';
import type { PlanSummary } from '../../crds/records/plan-summary.ts';
import type { RunSpec } from '../../crds/records/run-spec.ts';
import { limitOf } from '../../crds/v1alpha1/quantity.ts';
import type { LedgerContext } from '../evidence/ledger-context.ts';
import { sealLedger } from '../evidence/ledger-root.ts';
import type { Storage } from '../storage/storage.ts';
import { createText, readText } from '../storage/whole-object.ts';
import { countDuplicates, type DuplicateCounts, type DuplicateGroup } from './duplicates.ts';
import { compareInstances, readInstances } from './instance-list.ts';
import { jsonObject } from './json-object.ts';
import { workLayout } from './layout.ts';
import { merged } from './merge.ts';
import { readShardResult } from './process-shard.ts';
import { RunError } from './run-error.ts';
import type { SealedPlan } from './sealed-plan.ts';
import { addTallies, emptyTally, type Tally } from './tally.ts';
import { writeReport } from './write-report.ts';

/** What a run came to, in counts. */
export interface RunSummary extends Omit<Tally, 'duplicates'> {
  readonly kind: 'RunSummary';
  readonly version: 1;
  readonly run: string;
  readonly job: string;
  readonly profile: string;
  readonly engineVersion: string;
  readonly plan: PlanSummary;
  /** The attempt, from 0. */
  readonly attempt: number;
  readonly shards: FinishSummary['shards'];
  readonly duplicates: DuplicateCounts;
  /** The sealed ledger: `sha256:…` of its Merkle root, and the number of its records. */
  readonly ledger: { readonly root: string; readonly entries: number };
  /** Keys in the work area. */
  readonly report: { readonly html: string; readonly conformanceStatement: string };
  /** How the run ended, by the job's failure policy. */
  readonly result: Extract<ExitCodeName, 'Success' | 'ObjectsFailed' | 'FailurePolicyExceeded'>;
}

export interface FinishOptions {
  readonly work: Storage;
  readonly run: string;
  readonly runSpec: RunSpec;
  readonly plan: SealedPlan;
  readonly ledger: LedgerContext;
}

/** Gives the run's summary. Throws `RunError` `Interrupted` while shards are undone, `Unaccounted` where sums differ. */
export async function finishRun(options: FinishOptions): Promise<RunSummary> {
  const written = await readSummary(options.work, options.run);
  if (written !== undefined) return written;
  const { summary: plan } = options.plan;
  let total = emptyTally;
  let undone = 0;
  let retryable = 0;
  for (let shard = 0; shard < plan.shards; shard += 1) {
    const result = await readShardResult({ ...options, shard, areas: { workArea: options.work } });
    if (result === undefined) undone += 1;
    else total = addTallies(total, result);
    if (result !== undefined && result.outcomes.failed > 0) retryable += 1;
  }
  if (undone > 0)
    throw new RunError('Interrupted', `${undone} of ${plan.shards} shards are not done; run again to go on`);
  if (
    total.objects !== plan.objects ||
    accounted(total.outcomes) !== plan.objects ||
    total.bytesIn !== plan.bytes
  ) {
    throw new RunError('Unaccounted', 'outcomes do not add up to the inventory');
  }
  const { job, profile } = options.runSpec;
  const layout = workLayout(options.run);
  const { statement, statistics } = await sealLedger(options.work, options.ledger, plan.shards);
  if (statement.entries !== plan.objects)
    throw new RunError('Unaccounted', 'the ledger does not hold a record for each object');
  const { duplicates: _, ...tally } = total;
  const summary: RunSummary = {
    kind: 'RunSummary',
    version: 1,
    run: options.run,
    job: job.name,
    profile: profile.name,
    engineVersion: plan.engineVersion,
    plan,
    attempt: 0,
    shards: { total: plan.shards, done: plan.shards, retryable },
    ...tally,
    duplicates: await findDuplicates(options, plan.shards),
    ledger: { root: statement.root, entries: statement.entries },
    report: { html: layout.report, conformanceStatement: layout.conformanceStatement },
    result: resultOf(total, job.spec.failurePolicy),
  };
  await writeReport(options.work, { summary, statistics, ledger: statement, runSpec: options.runSpec });
  await createText(options.work, layout.summary, `${JSON.stringify(summary, undefined, 2)}\n`);
  return summary;
}

/** The summary of a finished run; undefined while it is none. */
export async function readSummary(work: Storage, run: string): Promise<RunSummary | undefined> {
  const text = await readText(work, workLayout(run).summary);
  if (text === undefined) return undefined;
  const summary = jsonObject(text);
  if (summary?.outcomes === undefined || summary.result === undefined) {
    throw new RunError('RunMismatch', 'the summary in the work area is damaged');
  }
  return summary as unknown as RunSummary;
}

function resultOf(total: Tally, policy: RunSpec['job']['spec']['failurePolicy']): RunSummary['result'] {
  const wanted = total.objects - total.outcomes.skipped;
  if (total.outcomes.rejected > limitOf(policy.maxRejected, wanted)) return 'FailurePolicyExceeded';
  return total.outcomes.failed > 0 ? 'ObjectsFailed' : 'Success';
}

/** Characters of one object of the list of duplicates. */
const pieceLength = 256 * 1024;

/** Merges the shards' lists and writes those groups down that differ in bytes, by ordinals. */
async function findDuplicates({ work, run }: FinishOptions, shards: number): Promise<DuplicateCounts> {
  const layout = workLayout(run);
  const lists = Array.from({ length: shards }, (_, shard) => readInstances(work, layout, shard));
  let piece = 0;
  let text = '';
  const closePiece = async (): Promise<void> => {
    if (text !== '') await createText(work, layout.duplicates(piece), text);
    piece += 1;
    text = '';
  };
  const onGroup = async (group: DuplicateGroup): Promise<void> => {
    text += `${JSON.stringify(group)}\n`;
    if (text.length >= pieceLength) await closePiece();
  };
  const counts = await countDuplicates(merged(lists, compareInstances), onGroup);
  await closePiece();
  return counts;
}
