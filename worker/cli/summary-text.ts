/** Counts of a run as text for people. */
import type { OutcomeCounts } from '../../crds/records/outcome-counts.ts';
import type { LedgerSignature } from '../evidence/signature.ts';
import { outcomes } from '../outcome.ts';
import { type ReasonCode, reasonCodes } from '../reason-codes.ts';
import { bytesText } from '../report/figures.ts';
import { isRetryable, type RunSummary } from '../run/finish.ts';
import type { Tally } from '../run/tally.ts';

function meaningOf(reason: string): string {
  return reason in reasonCodes ? reasonCodes[reason as ReasonCode].meaning : '';
}

function outcomeLines(counts: OutcomeCounts): readonly string[] {
  return outcomes.map((outcome) => `  ${outcome.padEnd(14)}${String(counts[outcome]).padStart(10)}`);
}

/** Outcomes, reasons and volumes. */
export function tallyText(tally: Omit<Tally, 'duplicates'>): string {
  const reasons = Object.entries(tally.reasons).sort(([, a], [, b]) => b - a);
  return [
    `Objects         ${String(tally.objects).padStart(10)}   ${bytesText(tally.bytesIn)}`,
    ...outcomeLines(tally.outcomes),
    `Output volume   ${bytesText(tally.bytesOut).padStart(10)}`,
    ...(tally.pixelsUnchecked > 0
      ? [`Of the classes at risk of burned-in text, pixels unchecked: ${tally.pixelsUnchecked}`]
      : []),
    ...(tally.pixelsCleaned > 0
      ? [`Text, slack or overlay bits cleaned out of Pixel Data: ${tally.pixelsCleaned}`]
      : []),
    ...(reasons.length > 0 ? ['Reasons'] : []),
    ...reasons.map(([reason, count]) => `  ${String(count).padStart(8)}  ${reason}: ${meaningOf(reason)}`),
    '',
  ].join('\n');
}

/**
 * The whole summary of a finished run, and who signed its ledger. `isKept` is false where nothing of the run stays,
 * after a dry run.
 */
export function summaryText(
  summary: RunSummary,
  {
    isKept = true,
    signature,
  }: { readonly isKept?: boolean; readonly signature?: Pick<LedgerSignature, 'keyId'> | undefined } = {},
): string {
  const { duplicates } = summary;
  const undone = summary.plan.objects - summary.objects;
  return (
    `Run ${summary.run} of job ${summary.job}, profile ${summary.profile}: ${summary.result}\n` +
    (summary.attempt > 0 ? `Attempt         ${summary.attempt}, chained to the one before\n` : '') +
    (undone > 0
      ? `Undone          ${undone} objects of ${summary.shards.total - summary.shards.done} shards have no outcome\n`
      : '') +
    tallyText(summary) +
    `Duplicates      ${duplicates.identical} objects with the bytes of another; ${duplicates.conflictingInstances} SOP Instance UIDs borne by ${duplicates.conflictingObjects} objects with different bytes, all kept\n` +
    `Ledger          ${summary.ledger.entries} records, root ${summary.ledger.root}\n` +
    (isKept
      ? `Signature       ${signature === undefined ? 'none' : `by key ${signature.keyId}`}\n` +
        `Report          ${summary.report.html} in the work area\n`
      : '') +
    (isKept && isRetryable(summary.result)
      ? `To try what failed again: deid run --retry; it takes the ${summary.shards.retryable} shards that were left behind.\n`
      : '')
  );
}
