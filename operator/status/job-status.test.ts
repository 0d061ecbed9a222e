/** What people and tools read of a job. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Phase, Rest, Standing } from '../decide/decision.ts';
import { changeOf } from './changes.ts';
import { jobConditions } from './job-conditions.ts';
import { jobStatus } from './job-status.ts';
import { durationText, laterProgress, progressText } from './progress.ts';
import { failures, podTroubles, troubles } from './reasons.ts';

const nowMs = Date.parse('2026-01-01T00:00:00Z');

function statusOf(
  standing: Standing,
  previous: Parameters<typeof jobStatus>[0]['previous'] = {},
  generation = 1,
) {
  return jobStatus({ previous, generation, nowMs, standing, findings: {}, runningShards: 0 });
}

function words(standing: Standing): Readonly<Record<string, string>> {
  const conditions = jobConditions(standing, undefined);
  return Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

describe('conditions', () => {
  const trouble = podTroubles.Unschedulable;
  const table: readonly (readonly [Standing, Readonly<Record<string, string>>])[] = [
    [
      { phase: 'Accepting', rest: 'None' },
      { Complete: 'False Accepting', Reconciling: 'True Accepting', Stalled: 'False NotStalled' },
    ],
    [
      { phase: 'Accepting', rest: 'Suspended' },
      { Reconciling: 'False Accepted', Suspended: 'True Suspended' },
    ],
    [
      { phase: 'Accepting', rest: 'None', trouble },
      { Reconciling: 'False Accepted', Stalled: 'True PodsUnschedulable', Failed: 'False NotFailed' },
    ],
    [
      { phase: 'Planning', rest: 'Queued' },
      {
        Complete: 'False Planning',
        Planned: 'False Planning',
        Suspended: 'True Queued',
        Reconciling: 'False Accepted',
      },
    ],
    [
      { phase: 'Processing', rest: 'Suspending' },
      { Complete: 'False Processing', Suspended: 'False Suspending' },
    ],
    [
      { phase: 'Complete', rest: 'None' },
      { Complete: 'True Complete', Failed: 'False NotFailed', Stalled: 'False NotStalled' },
    ],
    [
      { phase: 'Failed', rest: 'None', trouble },
      { Complete: 'False Failed', Failed: 'True PodsUnschedulable', Stalled: 'True PodsUnschedulable' },
    ],
  ];
  for (const [standing, expected] of table) {
    it(`of ${standing.phase}, ${standing.rest}${standing.trouble === undefined ? '' : ', in trouble'}`, () => {
      const all = words(standing);
      assert.deepEqual(Object.keys(all), [
        'Complete',
        'Failed',
        'Planned',
        'Suspended',
        'Reconciling',
        'Stalled',
      ]);
      for (const [type, word] of Object.entries(expected)) assert.equal(all[type], word, type);
    });
  }

  it('change their time with their status alone, and those of others stay', () => {
    const other = {
      type: 'Archived',
      status: 'True',
      reason: 'Done',
      message: '',
      lastTransitionTime: '2025-01-01T00:00:00Z',
    } as const;
    const first = statusOf({ phase: 'Planning', rest: 'None' }, { conditions: [other] });
    const later = jobStatus({
      ...{ previous: first, generation: 2, nowMs: nowMs + 5000, findings: {}, runningShards: 0 },
      standing: { phase: 'Complete', rest: 'None' },
    });
    const times = (status: typeof first) =>
      Object.fromEntries(
        (status.conditions ?? []).map(({ type, lastTransitionTime }) => [type, lastTransitionTime]),
      );
    assert.equal(times(later).Suspended, times(first).Suspended);
    assert.notEqual(times(later).Complete, times(first).Complete);
    assert.deepEqual(later.conditions?.at(-1), other);
    assert.ok(later.conditions?.slice(0, -1).every(({ observedGeneration }) => observedGeneration === 2));
  });
});

describe('progress in a status', () => {
  const plan = { shards: 4, objects: 40, bytes: 4 };
  const shards = { total: 4, succeeded: 3 };
  const standing = { phase: 'Processing', rest: 'None' } as const;
  const at = (attempt: number, runningShards: number) =>
    jobStatus({
      ...{ generation: 1, nowMs, standing, runningShards },
      previous: { attempt: 0, plan, shards, progress: '87%' },
      findings: { attempt, shards },
    }).progress;

  it('never goes back within an attempt, and may in the next', () => {
    assert.equal(at(0, 0), '87%');
    assert.equal(at(0, 0.8), '95%');
    assert.equal(at(1, 0), '75%');
  });
});

describe('a change of status', () => {
  const status = statusOf({ phase: 'Processing', rest: 'None' });

  it('of nothing is no write; of figures may wait; of a reason, a condition or the generation may not', () => {
    assert.equal(changeOf(status, structuredClone(status)), 'None');
    assert.equal(changeOf(status, { ...status, bytes: 1 }), 'Figures');
    assert.equal(changeOf(status, statusOf({ phase: 'Finishing', rest: 'None' }, status)), 'Conditions');
    assert.equal(changeOf(status, statusOf({ phase: 'Processing', rest: 'None' }, status, 2)), 'Conditions');
    assert.equal(changeOf({}, status), 'Conditions');
  });
});

describe('progress', () => {
  it('counts shards of all attempts and parts of those that run, and is 100% for Complete jobs alone', () => {
    const plan = { shards: 10 };
    assert.equal(progressText({}, false, 0), undefined);
    assert.equal(progressText({ plan }, false, 0), '0%');
    assert.equal(progressText({ plan, shards: { total: 10, succeeded: 4 } }, false, 1.5), '55%');
    assert.equal(progressText({ plan, shards: { total: 10, succeeded: 10 } }, false, 0), '99%');
    const retryable = { attempt: 0, shards: 2 };
    assert.equal(progressText({ plan, retryable, shards: { total: 2, succeeded: 1 } }, false, 0), '90%');
    assert.equal(progressText({ plan: { shards: 0 } }, false, 0), '0%');
    assert.equal(progressText({ plan }, true, 0), '100%');
    assert.equal(laterProgress('9%', '10%'), '10%');
    assert.equal(laterProgress(undefined, '0%'), '0%');
  });

  it('takes a time that people read', () => {
    const seconds = [0, 45, 60, 4320, 90_061, 172_800];
    assert.deepEqual(
      seconds.map((count) => durationText(count * 1000)),
      ['0s', '45s', '1m', '1h12m', '1d1h', '2d'],
    );
  });
});

/** Every reason that a condition of a job can have, but for the worker's exit codes. */
function allReasons(): ReadonlySet<string> {
  const causes = [
    ...Object.values(podTroubles),
    troubles.profileMissing,
    troubles.profileInvalid(''),
    troubles.serviceAccountNotAllowed,
    troubles.keySecretNotAllowed,
    troubles.nameConflict(''),
    troubles.refused('', '', []),
    failures.invalidSpec(''),
    failures.runSpecLost,
    failures.stepDied('', ''),
    failures.outOfMemory(''),
    failures.summaryUnreadable(''),
    failures.shardsUndone(0),
    failures.deadlineExceeded(0),
    failures.objectsFailed(0),
    failures.policyExceeded(0),
    failures.unaccounted,
  ].map(({ reason }) => reason);
  const phases: readonly Phase[] = ['Accepting', 'Planning', 'Processing', 'Finishing', 'Complete', 'Failed'];
  const rests: readonly Rest[] = ['None', 'Suspending', 'Suspended', 'Queued'];
  const conditions = phases.flatMap((phase) =>
    rests.flatMap((rest) => jobConditions({ phase, rest }, { shards: 1 })),
  );
  return new Set([...causes, ...conditions.map(({ reason }) => reason)]);
}

describe('reasons', () => {
  it('stand all in the docs', async () => {
    const text = await readFile(new URL('../../docs/operator.md', import.meta.url), 'utf8');
    for (const reason of allReasons()) assert.ok(text.includes(`\`${reason}\``), reason);
  });
});
