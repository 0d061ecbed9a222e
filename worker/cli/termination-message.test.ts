import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { validateFinishSummary } from '../../crds/records/finish-summary.ts';
import { terminationMessageBytes } from '../../crds/records/plan-summary.ts';
import { validateStepFailure } from '../../crds/records/step-failure.ts';
import { reasonCodes } from '../reason-codes.ts';
import { finishSummary } from '../run/finish-summary.ts';
import { emptyTally } from '../run/tally.ts';
import { stepFailureText } from './termination-message.ts';

test('a failure fits into a termination message whatever its words are', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5000, unit: 'binary' }), (message) => {
      const text = stepFailureText('InternalFault', message);
      assert.ok(Buffer.byteLength(text) <= terminationMessageBytes);
      assert.ok(validateStepFailure(JSON.parse(text)).ok);
    }),
  );
  const longest = stepFailureText('BadConfiguration', '\u{1f9ec}\n'.repeat(3000));
  assert.ok(Buffer.byteLength(longest) <= terminationMessageBytes);
  assert.ok(!longest.includes('\\n'));
});

test('a finish summary fits into a termination message however many reasons and objects there are', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const sha256 = `sha256:${'f'.repeat(64)}`;
  const { duplicates: _, ...tally } = emptyTally;
  const summary = finishSummary({
    ...tally,
    kind: 'RunSummary',
    version: 1,
    run: '0123456789abcdef',
    job: 'j'.repeat(253),
    profile: 'p'.repeat(253),
    engineVersion: '1.22.333',
    plan: {
      kind: 'PlanSummary',
      version: 1,
      engineVersion: '1.22.333',
      runSpecDigest: sha256,
      digest: sha256,
      shards: 10_000,
      objects: most,
      bytes: most,
    },
    attempt: 1000,
    shards: { total: 10_000, done: 10_000, retryable: 10_000 },
    outcomes: { deidentified: most, review: most, rejected: most, skipped: most, failed: most },
    reasons: Object.fromEntries(Object.keys(reasonCodes).map((code) => [code, most])),
    bytesIn: most,
    bytesOut: most,
    duplicates: { identical: most, conflictingInstances: most, conflictingObjects: most },
    ledger: { root: sha256, entries: most },
    report: { html: 'x'.repeat(256), conformanceStatement: '' },
    result: 'FailurePolicyExceeded',
  });
  assert.ok(Buffer.byteLength(JSON.stringify(summary)) <= terminationMessageBytes);
  assert.ok(validateFinishSummary(summary).ok);
  assert.equal(summary.reasons.length, Math.min(32, Object.keys(reasonCodes).length));
});
