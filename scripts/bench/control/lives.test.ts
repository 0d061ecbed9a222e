import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { jobLabel, type Step, stepLabel } from '../../../operator/build/names.ts';
import type { KubeObject } from '../../../operator/kube/object.ts';
import { Lives } from './lives.ts';

const metadata = { uid: 'u', resourceVersion: '1' };

function job(progress: string, complete: 'True' | 'False' = 'False'): KubeObject {
  const conditions = [{ type: 'Complete', status: complete, reason: 'r' }];
  return { metadata: { ...metadata, name: 'a' }, status: { conditions, progress } };
}

function child(step: Step, end?: 'Complete'): KubeObject {
  const labels = { [jobLabel]: 'a', [stepLabel]: step };
  const conditions = end === undefined ? [] : [{ type: end, status: 'True' }];
  return { metadata: { ...metadata, name: `a-${step}`, labels }, status: { conditions } };
}

describe('of the life of a job it is told', () => {
  let lives: Lives;
  beforeEach(() => {
    lives = new Lives();
    lives.sawChild({ kind: 'added', object: child('plan') }, 10);
    lives.sawChild({ kind: 'modified', before: child('plan'), object: child('plan', 'Complete') }, 20);
  });

  it('when its plan Job was there, and when it was Complete', () => {
    lives.sawJob({ kind: 'modified', before: job('99%'), object: job('100%', 'True') }, 50);
    assert.deepEqual(lives.of('a'), [
      { plannedMs: 10, completeMs: 50, hasFailed: false, endedMs: undefined },
    ]);
  });

  it('how long the operator took to go on with the next Job', () => {
    lives.sawChild({ kind: 'added', object: child('process') }, 27);
    assert.deepEqual(lives.answersMs, [7]);
  });

  it('how long it took to say that the job has ended', () => {
    lives.sawJob({ kind: 'modified', before: job('99%'), object: job('100%', 'True') }, 29);
    assert.deepEqual(lives.answersMs, [9]);
  });

  it('that figures alone were written, which is no answer', () => {
    lives.sawJob({ kind: 'modified', before: job('10%'), object: job('20%') }, 25);
    assert.deepEqual([lives.progressWrites, lives.answersMs], [1, []]);
  });
});
