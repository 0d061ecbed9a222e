/** Many jobs at once on a real control plane whose pods only pretend: what of `npm run bench:control` is not a matter of time. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Outcome, runScenario } from '../../scripts/bench/control/scenario.ts';
import { skipWithout } from '../../scripts/tools/build.ts';

const skip = skipWithout(['etcd', 'kubernetes', 'kwok']);

describe('of twenty jobs at once', { skip }, () => {
  let outcome: Outcome;
  before(async () => {
    outcome = await runScenario({
      ...{ jobs: 20, laterJobs: 0, shards: 3, stillSeconds: 6 },
      runTimes: { plan: 100, process: 500, finish: 100 },
    });
  });

  it('all are Complete', () => {
    assert.equal(outcome.failedJobs, 0);
    assert.ok(Number.isFinite(outcome.completeSeconds));
  });

  it('none costs more than ten writes', () => {
    assert.ok(outcome.writesPerJob > 0 && outcome.writesPerJob <= 10, `${outcome.writesPerJob}`);
  });

  it('none costs a write once all have ended', () => {
    assert.equal(outcome.stillWritesPerMinute, 0);
  });
});
