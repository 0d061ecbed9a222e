/** What is in the way of a job, and that it is told instead of waited for in silence. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childSettings, type JobOptions, rawJob } from '../../test/builders/operator-job.ts';
import { SimulatedCluster } from '../../test/builders/simulated-cluster.ts';
import { childJob } from '../facts/child-job.ts';
import type { ChildFact, JobFacts } from '../facts/job-facts.ts';
import { podTroubles } from '../status/reasons.ts';
import { decideJob } from './decide-job.ts';

const running = childJob({
  metadata: { name: 'plan' },
  status: { active: 1, startTime: '2026-01-01T00:00:00Z' },
});

/** What is decided about a new job of which these facts are otherwise. */
async function decided(changes: (facts: JobFacts) => Partial<JobFacts>, options: JobOptions = {}) {
  const facts = await new SimulatedCluster(rawJob(options), 2).facts();
  const decision = decideJob({ ...facts, ...changes(facts) });
  assert.ok(decision.kind === 'Act');
  const { actions, standing, wakeAfterMs } = decision;
  return {
    actions: actions.map(({ kind }) => kind),
    phase: standing.phase,
    reason: standing.trouble?.reason,
    wakeAfterMs,
  };
}

const planIs = (plan: ChildFact) => (facts: JobFacts) => ({ children: { ...facts.children, plan } });

describe('what is in the way', () => {
  it('of nothing: the run spec is stored and the plan begins', async () => {
    const { actions, phase, reason } = await decided(() => ({}));
    assert.deepEqual([actions, phase, reason], [['CreateConfigMap', 'CreateJob'], 'Planning', undefined]);
  });

  it('is a service account that the operator does not allow: no pod is made', async () => {
    const settings = { ...childSettings, allowedServiceAccounts: ['other'] };
    const named = { spec: { worker: { serviceAccountName: 's' } } };
    const { actions, phase, reason } = await decided(() => ({ settings }), named);
    assert.deepEqual(
      [actions, phase, reason],
      [['CreateConfigMap'], 'Accepting', 'ServiceAccountNotAllowed'],
    );
    assert.equal((await decided(() => ({ settings }))).reason, undefined);
  });

  it('is a Secret that the operator does not allow: no pod is made', async () => {
    const settings = { ...childSettings, allowedKeySecrets: [] };
    const { actions, reason } = await decided(() => ({ settings }));
    assert.deepEqual([actions, reason], [['CreateConfigMap'], 'KeySecretNotAllowed']);
  });

  it("is somebody else's object under the name of the run spec or of a child: it is left alone", async () => {
    const byRunSpec = await decided(() => ({ runSpec: { kind: 'Foreign' } }));
    const byChild = await decided(planIs({ kind: 'Foreign' }));
    assert.deepEqual([byRunSpec.actions, byRunSpec.reason], [[], 'NameConflict']);
    assert.ok(!byChild.actions.includes('CreateJob') && byChild.reason === 'NameConflict');
    assert.ok(byRunSpec.wakeAfterMs !== undefined && byChild.wakeAfterMs !== undefined);
  });

  it('is a run spec of its own that nobody can read: the job fails', async () => {
    const { phase, reason } = await decided(() => ({ runSpec: { kind: 'Unreadable' } }));
    assert.deepEqual([phase, reason], ['Failed', 'RunSpecLost']);
  });

  it('is an object that the API server refuses: it is tried again, and said', async () => {
    for (const object of ['plan', 'runSpec'] as const) {
      const refusal = { object, reason: 'Forbidden', fields: [] };
      const { actions, phase, reason } = await decided(() => ({ refusal }));
      assert.deepEqual([actions.at(-1), phase, reason], ['CreateJob', 'Accepting', 'ChildRefused']);
    }
  });

  for (const [trouble, { reason: expected }] of Object.entries(podTroubles)) {
    it(`is that no pod runs (${trouble}): it is said, and looked at again`, async () => {
      const plan = { kind: 'Running', job: running, trouble: trouble as keyof typeof podTroubles } as const;
      const { actions, phase, reason, wakeAfterMs } = await decided(planIs(plan));
      assert.deepEqual([actions, phase, reason], [['CreateConfigMap'], 'Planning', expected]);
      assert.equal(wakeAfterMs, 30_000);
    });
  }

  it('is nothing while the job rests, whatever its pods lack', async () => {
    const job = { ...running, suspend: true, active: 0 };
    const plan = { kind: 'Running', job, trouble: 'NotCreated' } as const;
    const { reason } = await decided(planIs(plan), { spec: { suspend: true } });
    assert.equal(reason, undefined);
  });
});
