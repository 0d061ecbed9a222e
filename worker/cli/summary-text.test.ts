import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunSummary } from '../run/finish.ts';
import { emptyTally } from '../run/tally.ts';
import { summaryText } from './summary-text.ts';

const { duplicates: _, ...tally } = emptyTally;
const summary: RunSummary = {
  ...tally,
  kind: 'RunSummary',
  version: 1,
  run: '0123456789abcdef',
  job: 'j',
  profile: 'p',
  engineVersion: '1',
  attempt: 0,
  shards: { total: 4, done: 4, retryable: 2 },
  plan: {
    kind: 'PlanSummary',
    version: 1,
    engineVersion: '1',
    runSpecDigest: 'sha256:0',
    digest: 'sha256:0',
    shards: 1,
    objects: 12,
    bytes: 2048,
  },
  objects: 12,
  bytesIn: 2048,
  bytesOut: 1024,
  outcomes: { deidentified: 6, review: 1, rejected: 3, skipped: 0, failed: 2 },
  reasons: { TimeLimit: 2, NotDicom: 3, BurnedInAnnotation: 1 },
  pixelsUnchecked: 4,
  duplicates: { identical: 1, conflictingInstances: 2, conflictingObjects: 5 },
  ledger: { root: `sha256:${'a'.repeat(64)}`, entries: 12 },
  report: { html: 'r/finish/report.html', conformanceStatement: 'r/finish/conformance-statement.md' },
  result: 'ObjectsFailed',
};

describe('a summary', () => {
  it('says run, result, outcomes, volumes, what was not looked at, reasons from the most frequent, and duplicates', () => {
    assert.equal(
      summaryText(summary),
      `Run 0123456789abcdef of job j, profile p: ObjectsFailed
Objects                 12   2.0 KiB
  deidentified           6
  review                 1
  rejected               3
  skipped                0
  failed                 2
Output volume      1.0 KiB
Of the classes at risk of burned-in text, pixels unchecked: 4
Reasons
         3  NotDicom: The bytes are not a DICOM object.
         2  TimeLimit: The object took longer than the limit.
         1  BurnedInAnnotation: Burned In Annotation says that pixels hold identifying text.
Duplicates      1 objects with the bytes of another; 2 SOP Instance UIDs borne by 5 objects with different bytes, all kept
Ledger          12 records, root sha256:${'a'.repeat(64)}
Signature       none
Report          r/finish/report.html in the work area
To try what failed again: deid run --retry; it takes the 2 shards that were left behind.
`,
    );
  });

  it('names neither report nor signature after a dry run', () => {
    assert.doesNotMatch(summaryText(summary, { isKept: false }), /report|signature/i);
  });

  it('names the key that signed the ledger', () => {
    assert.match(
      summaryText(summary, { signature: { keyId: 'sha256:12' } }),
      /\nSignature {7}by key sha256:12\n/,
    );
  });

  it('of a run without faults and reasons is short', () => {
    const short = summaryText({
      ...summary,
      result: 'Success',
      outcomes: { ...emptyTally.outcomes, deidentified: 12 },
      reasons: {},
      pixelsUnchecked: 0,
    });
    assert.ok(!/Reasons|at risk|To try/.test(short));
  });
});
