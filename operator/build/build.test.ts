/** What child objects are made of. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import { validateJob } from '../../crds/validate.ts';
import { childSettings, type JobOptions, jobUid, rawJob } from '../../test/builders/operator-job.ts';
import {
  type AttemptShards,
  type ChildJobInput,
  cleanupJob,
  finishJob,
  planJob,
  processJob,
} from './child-jobs.ts';
import { claimsOf } from './claims.ts';
import { childJobName, maxChildNameLength, steps } from './names.ts';
import { shardFailurePolicy, stepFailurePolicy } from './pod-failure-policy.ts';
import { queueLabels } from './queue.ts';
import { traceParent } from './trace-parent.ts';

function input(options: JobOptions = {}, changes: Partial<ChildJobInput> = {}): ChildJobInput {
  const read = validateJob(rawJob(options));
  assert.ok(read.ok);
  const owner = { name: options.name ?? 'j', namespace: 'ns', uid: jobUid };
  const { spec } = read.document;
  return { owner, spec, settings: childSettings, attempt: 0, queue: {}, ...changes };
}

/** The parts of a manifest that are looked at. */
interface LookedAt {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: Readonly<Record<string, unknown>> & {
        readonly securityContext: Readonly<Record<string, unknown>> & {
          readonly seccompProfile: { readonly type: string };
        };
        readonly volumes: readonly Readonly<Record<string, unknown>>[];
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly unknown[];
          readonly securityContext: unknown;
        }[];
      };
    };
  };
}

const look = (manifest: Readonly<Record<string, unknown>>) => manifest as unknown as LookedAt;
const process = (options?: JobOptions, shards: AttemptShards = { count: 5 }): LookedAt =>
  look(processJob(input(options), shards));
const all = (options?: JobOptions): readonly LookedAt[] => [
  look(planJob(input(options))),
  process(options),
  look(finishJob(input(options))),
  look(cleanupJob(input(options))),
];

describe('names of child Jobs', () => {
  it('leave room for the index of a pod in a DNS label, whatever the job is called', () => {
    const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,38}[a-z0-9])?$/);
    fc.assert(
      fc.property(
        name,
        fc.constantFrom(...steps),
        fc.integer({ min: 0, max: 1000 }),
        (job, step, attempt) => {
          const child = childJobName({ name: job, namespace: 'ns', uid: 'u' }, step, attempt);
          assert.ok(child.length <= maxChildNameLength);
          assert.match(`${child}-9999`, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
        },
      ),
    );
  });

  it('are others for another job of the name', () => {
    const name = (uid: string) => childJobName({ name: 'j', namespace: 'ns', uid }, 'plan', 0);
    assert.notEqual(name('a'), name('b'));
  });
});

describe('child Jobs', () => {
  it('belong to the job and carry no label of it but those for the queue', () => {
    const labels = { team: 'x', 'kueue.x-k8s.io/queue-name': 'q', 'kueue.x-k8s.io/priority-class': 'p' };
    const queue = queueLabels(labels);
    assert.deepEqual(Object.keys(queue), ['kueue.x-k8s.io/queue-name', 'kueue.x-k8s.io/priority-class']);
    const job = look(planJob(input({}, { queue })));
    assert.equal(job.metadata.labels['kueue.x-k8s.io/queue-name'], 'q');
    assert.equal(job.metadata.labels.team, undefined);
    assert.equal(job.metadata.ownerReferences?.[0]?.uid, jobUid);
    assert.equal(job.spec.suspend, true);
    assert.deepEqual(queueLabels({ 'kueue.x-k8s.io/priority-class': 'p' }), {});
  });

  it('are never owned where they must outlive the job, and no queue holds those up', () => {
    const job = look(cleanupJob(input({}, { queue: { 'kueue.x-k8s.io/queue-name': 'q' } })));
    assert.equal(job.metadata.ownerReferences, undefined);
    assert.equal(job.spec.suspend, false);
    assert.equal(job.spec.activeDeadlineSeconds, 600);
  });

  it('get the project key where a step needs it, and the cleanup does not', () => {
    const hasKey = ({ spec }: LookedAt) =>
      spec.template.spec.volumes.some(({ secret }) => secret !== undefined);
    assert.deepEqual(all().map(hasKey), [true, true, true, false]);
    const [, , , cleanup] = all();
    assert.ok(!cleanup?.spec.template.spec.containers[0]?.args.some((arg) => arg.startsWith('--key-file')));
  });

  it('of shards are indexed, keep their limits within the completions, and say which list holds', () => {
    const { spec } = process({ spec: { parallelism: 9, activeDeadlineSeconds: 7 } }, { count: 3, leftBy: 2 });
    const { completionMode, completions, parallelism, maxFailedIndexes, backoffLimitPerIndex } = spec;
    assert.deepEqual(
      [completionMode, completions, parallelism, maxFailedIndexes, backoffLimitPerIndex],
      ['Indexed', 3, 3, 3, 3],
    );
    assert.equal(spec.activeDeadlineSeconds, 7);
    assert.deepEqual(spec.template.spec.containers[0]?.args.slice(-4), [
      '--attempt=0',
      '--index=$(JOB_COMPLETION_INDEX)',
      '--left-by=2',
      '--progress-port=9464',
    ]);
  });

  it('let a share of the shards fail, rounded down', () => {
    const failurePolicy = { maxFailedShards: '50%' };
    assert.equal(process({ spec: { failurePolicy } }).spec.maxFailedIndexes, 2);
  });
});

describe('pods', () => {
  it('meet the restricted Pod Security Standard and hold no API token', () => {
    for (const { spec } of all()) {
      const pod = spec.template.spec;
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(pod.securityContext.runAsNonRoot, true);
      assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault');
      const [container] = pod.containers;
      assert.equal(pod.containers.length, 1);
      assert.deepEqual(container?.securityContext, {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      });
      for (const volume of pod.volumes) {
        const [kind] = Object.keys(volume).filter((name) => name !== 'name');
        assert.ok(['configMap', 'secret', 'emptyDir', 'persistentVolumeClaim'].includes(kind ?? ''));
      }
    }
  });

  it('mount each claim once, for reading alone where only originals lie on it', () => {
    const claim = (claimName: string, path: string) => ({ volume: { claimName, path } });
    const spec = {
      source: claim('originals', ''),
      destination: claim('results', 'out'),
      quarantine: claim('results', 'held'),
      workArea: claim('results', 'work'),
    };
    assert.deepEqual(claimsOf(input({ spec }).spec), [
      { name: 'originals', readOnly: true, holdsSource: true },
      { name: 'results', readOnly: false, holdsSource: false },
    ]);
    const pod = process({ spec }).spec.template.spec;
    assert.deepEqual(pod.containers[0]?.args.slice(2, 4), [
      '--volume=originals=/volumes/originals',
      '--volume=results=/volumes/results',
    ]);
    assert.equal(pod.securityContext.fsGroup, 65_532);
  });

  it('leave the group of originals alone where originals and results share a claim', () => {
    assert.equal(process().spec.template.spec.securityContext.fsGroup, undefined);
  });

  it('run as the author says, within the fixed list, and join the trace of the job', () => {
    const worker = { nodeSelector: { zone: 'a' }, disruption: 'Avoid', serviceAccountName: 's' } as const;
    const { template } = process({ spec: { worker } }).spec;
    assert.deepEqual(template.spec.nodeSelector, { zone: 'a' });
    assert.equal(template.spec.serviceAccountName, 's');
    assert.equal(template.metadata.annotations?.['karpenter.sh/do-not-disrupt'], 'true');
    assert.deepEqual(template.spec.containers[0]?.env, [{ name: 'TRACEPARENT', value: traceParent(jobUid) }]);
    assert.match(traceParent(jobUid), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
});

describe('failure policies', () => {
  it('stop the Job, ignore disruptions and drains, fail the index, in this order; all codes are told of once', () => {
    const actions = shardFailurePolicy.rules.map(({ action }) => action);
    assert.deepEqual(actions, ['FailJob', 'Ignore', 'Ignore', 'FailIndex']);
    const codes = shardFailurePolicy.rules.flatMap((rule) =>
      'onExitCodes' in rule ? rule.onExitCodes.values : [],
    );
    assert.equal(new Set(codes).size, codes.length);
    const told = Object.values(exitCodes).filter(({ pod }) => pod !== undefined && pod !== 'Count');
    assert.equal(codes.length, told.length);
    // Node's own crash and the kernel's kill for want of memory are counted, as are all codes that are not ours.
    for (const code of [0, 1, 137]) assert.ok(!codes.includes(code));
  });

  it('of one-pod Jobs know no index', () => {
    assert.ok(stepFailurePolicy.rules.every(({ action }) => action !== 'FailIndex'));
  });
});
