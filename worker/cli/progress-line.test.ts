import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlanSummary } from '../../crds/records/plan-summary.ts';
import { emptyTally } from '../run/tally.ts';
import { createProgressLine } from './progress-line.ts';

const plan: PlanSummary = {
  kind: 'PlanSummary',
  version: 1,
  engineVersion: '1',
  runSpecDigest: 'sha256:0',
  digest: 'sha256:0',
  shards: 4,
  objects: 200,
  bytes: 4096,
};
const half = {
  shardsDone: 2,
  tally: {
    ...emptyTally,
    objects: 100,
    bytesIn: 2048,
    outcomes: { ...emptyTally.outcomes, rejected: 3, review: 1, failed: 2 },
  },
};

/** A progress line with a clock that the test sets, and what it has written. */
function line(isTty: boolean) {
  const state = { ms: 0, written: '' };
  const progress = createProgressLine({
    isTty,
    now: () => new Date(state.ms),
    stderr: {
      write: (text) => {
        state.written += text;
      },
    },
  });
  return { state, progress };
}

describe('progress on a terminal', () => {
  it('is a bar that is drawn over itself and cleared at the end', () => {
    const { state, progress } = line(true);
    state.ms = 100;
    progress.show(half, plan);
    assert.equal(
      state.written,
      `\r\x1b[K[${'#'.repeat(15)}${'.'.repeat(15)}] 100/200 objects, 2.0 KiB, 4 held back, 2 failed`,
    );
    state.written = '';
    progress.end();
    progress.end();
    assert.equal(state.written, '\r\x1b[K');
  });

  it('is not drawn more often than the eye sees', () => {
    const { state, progress } = line(true);
    for (state.ms = 0; state.ms < 1000; state.ms += 1) progress.show(half, plan);
    assert.equal(state.written.split('\r').length - 1, 9);
  });

  it('makes room for a line of the log', () => {
    const { state, progress } = line(true);
    state.ms = 100;
    progress.show(half, plan);
    state.written = '';
    progress.log('{}');
    assert.equal(state.written, '\r\x1b[K{}\n');
  });
});

describe('progress elsewhere', () => {
  it('is a plain line every five seconds', () => {
    const { state, progress } = line(false);
    for (state.ms = 0; state.ms <= 12_000; state.ms += 100) progress.show(half, plan);
    progress.end();
    assert.equal(state.written, '100/200 objects, 2.0 KiB, 4 held back, 2 failed, 2/4 shards\n'.repeat(2));
  });
});
