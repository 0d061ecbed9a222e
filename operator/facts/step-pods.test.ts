import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countOfIndexes, cutIndexes } from './index-intervals.ts';
import { podTrouble, stepFault, stepResult } from './step-pods.ts';

function ended(phase: string, exitCode: number, message: unknown = '', reason = '') {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return {
    status: {
      phase,
      containerStatuses: [{ name: 'worker', state: { terminated: { exitCode, reason, message: text } } }],
    },
  };
}

const createdAt = (seconds: number) => ({ creationTimestamp: new Date(seconds * 1000).toISOString() });

function pending(reason: string | undefined, unscheduled = false) {
  return {
    metadata: createdAt(0),
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: unscheduled ? 'False' : 'True' }],
      containerStatuses: reason === undefined ? [] : [{ name: 'worker', state: { waiting: { reason } } }],
    },
  };
}

describe('the word of a step', () => {
  it('is lost where no pod is left, and unreadable where what is there is no record', () => {
    assert.equal(stepResult([]).kind, 'Lost');
    assert.equal(stepResult([ended('Failed', 1)]).kind, 'Lost');
    assert.equal(stepResult([ended('Succeeded', 0, '{"kind":"Other"}')]).kind, 'Unreadable');
    assert.equal(stepResult([{ status: { phase: 'Succeeded' } }]).kind, 'Unreadable');
    assert.equal(stepResult([{ status: 'none' }, {}]).kind, 'Lost');
  });
});

describe('why pods failed', () => {
  const denied = { kind: 'StepFailure', version: 1, exit: 'StorageDenied', message: 'spec.source: denied' };

  it('is told by the pod that weighs most', () => {
    const fault = stepFault([ended('Failed', 1), ended('Failed', 82), ended('Failed', 69, denied)]);
    assert.equal(fault.exit, 'StorageDenied');
    assert.equal(fault.failure?.message, 'spec.source: denied');
  });

  it('is not told by a shard that is done but for some objects, where another one stopped for a reason', () => {
    const full = stepFault([ended('Failed', 82), ended('Failed', 70), ended('Failed', 1)]);
    assert.equal(full.exit, 'StorageFull');
  });

  it('never passes on a text that is no record of ours', () => {
    assert.deepEqual(stepFault([ended('Failed', 1, 'GRUENSPECHT^MAELINA')]), { isOutOfMemory: false });
  });

  it('knows memory by what the kubelet says', () => {
    assert.equal(stepFault([ended('Failed', 137, '', 'OOMKilled')]).isOutOfMemory, true);
  });
});

describe('why no pod runs', () => {
  const cases = [
    ['Unschedulable', pending(undefined, true)],
    ['ImageNotPulled', pending('ImagePullBackOff')],
    ['ImageNotPulled', pending('ErrImageNeverPull')],
    ['ContainerNotCreated', pending('CreateContainerConfigError')],
    ['NotStarting', pending('ContainerCreating')],
    ['NotStarting', pending(undefined)],
  ] as const;
  for (const [trouble, pod] of cases) {
    it(`is ${trouble}, once the pod is a minute old`, () => {
      assert.equal(podTrouble([pod], 0, 59_999), undefined);
      assert.equal(podTrouble([pod], 0, 60_000), trouble);
    });
  }

  it('is nothing while one runs, or while the Job controller waits between two', () => {
    assert.equal(podTrouble([pending(undefined, true), { status: { phase: 'Running' } }], 0, 1e6), undefined);
    assert.equal(podTrouble([ended('Failed', 1)], 0, 1e6), undefined);
  });

  it('is that there is none', () => {
    assert.equal(podTrouble([], 0, 59_999), undefined);
    assert.equal(podTrouble([], 0, 60_000), 'NotCreated');
  });
});

describe('intervals of indexes', () => {
  it('are counted, and cut between two', () => {
    assert.equal(countOfIndexes('1,3-5,7'), 5);
    assert.equal(countOfIndexes(''), 0);
    assert.equal(cutIndexes('1,3-5,7', 5), '1,3-5');
    assert.equal(cutIndexes('1,3-5,7', 4), '1');
  });
});
