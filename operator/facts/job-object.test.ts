/** A DeidJob as it is read, whatever stands in it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rawJob } from '../../test/builders/operator-job.ts';
import { jobObject } from './job-object.ts';

const time = { lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: 1 };
const complete = { type: 'Complete', status: 'True', reason: 'Complete', message: 'Done.', ...time };

describe('the status of a job', () => {
  it('keeps what can be read where a later version has written more', () => {
    const status = {
      conditions: [complete, { type: 'Later', status: 'Perhaps', reason: 'x', message: '' }],
      attempt: 3,
      plan: { shards: -1 },
      later: { of: 'a field that is not known' },
    };
    assert.deepEqual(jobObject({ ...rawJob(), status }).status, { conditions: [complete], attempt: 3 });
  });

  it('is empty where it is no status', () => {
    for (const status of [undefined, null, 'x', [], { conditions: 'x' }, { conditions: [null] }]) {
      const { conditions = [], ...rest } = jobObject({ ...rawJob(), status }).status;
      assert.deepEqual([conditions, rest], [[], {}]);
    }
  });
});

describe('a job of which nothing is as it should be', () => {
  it('is read all the same', () => {
    const { metadata } = rawJob() as { metadata: object };
    for (const odd of [
      {},
      { metadata: null },
      { metadata, spec: 1 },
      { metadata: { ...metadata, labels: [1] } },
    ]) {
      const job = jobObject(odd as Record<string, unknown>);
      assert.equal(job.document.ok, false);
      assert.deepEqual(job.labels, {});
    }
  });
});
