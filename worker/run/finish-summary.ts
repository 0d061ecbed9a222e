/** What the finish step hands to the control plane, of all that it has found out. */
import { type FinishSummary, mostReasons } from '../../crds/records/finish-summary.ts';
import type { RunSummary } from './finish.ts';

export function finishSummary(summary: RunSummary): FinishSummary {
  const { engineVersion, plan, attempt, result, shards, outcomes, reasons, bytesIn, bytesOut } = summary;
  const { ledger, report } = summary;
  return {
    kind: 'FinishSummary',
    version: 1,
    engineVersion,
    planDigest: plan.digest,
    attempt,
    result,
    shards,
    objects: plan.objects,
    outcomes,
    reasons: Object.entries(reasons)
      .map(([code, objects]) => ({ code, objects }))
      .sort((a, b) => b.objects - a.objects || (a.code < b.code ? -1 : 1))
      .slice(0, mostReasons),
    bytesIn,
    bytesOut,
    ledger,
    report: report.html,
  };
}
