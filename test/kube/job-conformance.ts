/** What becomes of Jobs whose pods end in certain ways: by the simulated Job controller as by the real one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubeObject } from '../../operator/kube/object.ts';
import { resourcePath } from '../../operator/kube/resource.ts';
import type { Transport } from '../../operator/kube/transport.ts';
import { jobs, pods } from '../fake-api-server/kinds.ts';
import { type Fields, fields } from '../fake-api-server/merge-patch.ts';
import { list } from '../fake-api-server/pod-failure.ts';
import { eventually, makeNamespace } from './api-server-under-test.ts';

export interface PodEnd {
  readonly exitCode: number;
  readonly disrupted?: boolean;
}

/** How the pod of an index ends that failed so often before; undefined for one that runs on. */
export type PodEnds = (index: number, failures: number) => PodEnd | undefined;

/** Lets pods of a namespace end as the table says, by the name of their Job; the function that comes back ends it. */
export type EndPods = (namespace: string, ends: ReadonlyMap<string, PodEnds>) => Promise<() => Promise<void>>;

interface Case {
  readonly title: string;
  readonly spec: Fields;
  readonly ends: PodEnds;
  /** Conditions that are True, and counts of the status. */
  readonly expected: { readonly conditions: readonly string[]; readonly counts: Fields };
}

const indexed = { completionMode: 'Indexed', completions: 3, parallelism: 3, backoffLimitPerIndex: 1 };
const podFailurePolicy = {
  rules: [
    { action: 'FailJob', onExitCodes: { containerName: 'worker', operator: 'In', values: [65] } },
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'FailIndex', onExitCodes: { containerName: 'worker', operator: 'In', values: [82] } },
  ],
};
const well: PodEnd = { exitCode: 0 };

const cases: Readonly<Record<string, Case>> = {
  single: {
    title: 'a Job of one pod completes with it',
    spec: {},
    ends: () => well,
    expected: {
      conditions: ['Complete CompletionsReached', 'SuccessCriteriaMet CompletionsReached'],
      counts: { succeeded: 1 },
    },
  },
  indexed: {
    title: 'an Indexed Job completes when all indexes have',
    spec: indexed,
    ends: () => well,
    expected: {
      conditions: ['Complete CompletionsReached', 'SuccessCriteriaMet CompletionsReached'],
      counts: { succeeded: 3, completedIndexes: '0-2', failedIndexes: '' },
    },
  },
  'bad-index': {
    title: 'an index that fails for good fails alone, and the Job at the end',
    spec: { ...indexed, podFailurePolicy },
    ends: (index) => (index === 1 ? { exitCode: 82 } : well),
    expected: {
      conditions: ['Failed FailedIndexes', 'FailureTarget FailedIndexes'],
      counts: { succeeded: 2, failed: 1, completedIndexes: '0,2', failedIndexes: '1' },
    },
  },
  'too-many': {
    title: 'more failed indexes than are allowed end the Job',
    spec: { ...indexed, podFailurePolicy, maxFailedIndexes: 0 },
    ends: (index) => (index === 2 ? { exitCode: 82 } : undefined),
    expected: {
      conditions: ['Failed MaxFailedIndexesExceeded', 'FailureTarget MaxFailedIndexesExceeded'],
      counts: { failedIndexes: '2' },
    },
  },
  'bad-job': {
    title: 'an exit code that no retry mends ends the Job',
    spec: { ...indexed, podFailurePolicy },
    ends: (index) => (index === 0 ? { exitCode: 65 } : undefined),
    expected: { conditions: ['Failed PodFailurePolicy', 'FailureTarget PodFailurePolicy'], counts: {} },
  },
  disrupted: {
    title: 'a disruption costs no retry',
    spec: { ...indexed, backoffLimitPerIndex: 0, podFailurePolicy },
    ends: (index, failures) => (index === 0 && failures === 0 ? { exitCode: 143, disrupted: true } : well),
    expected: {
      conditions: ['Complete CompletionsReached', 'SuccessCriteriaMet CompletionsReached'],
      counts: { succeeded: 3, completedIndexes: '0-2', failedIndexes: '' },
    },
  },
  retried: {
    title: 'an index is tried again as often as is allowed',
    spec: indexed,
    ends: (index, failures) => (index === 0 && failures === 0 ? { exitCode: 1 } : well),
    expected: {
      conditions: ['Complete CompletionsReached', 'SuccessCriteriaMet CompletionsReached'],
      counts: { succeeded: 3, failed: 1, completedIndexes: '0-2', failedIndexes: '' },
    },
  },
  suspended: {
    title: 'a suspended Job has no pods',
    spec: { ...indexed, suspend: true },
    ends: () => well,
    expected: { conditions: ['Suspended JobSuspended'], counts: {} },
  },
};

function job(name: string, spec: Fields): Fields {
  const container = { name: 'worker', image: 'none.invalid/none' };
  const template = { spec: { restartPolicy: 'Never', containers: [container] } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template, ...spec } };
}

function trueConditions({ status }: KubeObject): readonly string[] {
  return list(fields(status).conditions)
    .filter((condition) => condition.status === 'True')
    .map(({ type, reason }) => `${type} ${reason}`)
    .sort();
}

export function jobConformance(transport: () => Transport, endPods: EndPods): void {
  describe('Jobs', () => {
    it('end as their pods do', async (test) => {
      const namespace = await makeNamespace(transport(), 'jobs');
      const stop = await endPods(
        namespace,
        new Map(Object.entries(cases).map(([name, { ends }]) => [name, ends])),
      );
      test.after(stop);
      const path = (name?: string) => resourcePath(jobs, { namespace, name });
      const get = async (name: string) => (await transport().call(path(name))) as KubeObject;
      for (const [name, { spec }] of Object.entries(cases))
        await transport().call(path(), { method: 'POST', body: job(name, spec) });
      for (const [name, { title, expected }] of Object.entries(cases)) {
        const { conditions, counts } = expected;
        const isThere = async () => trueConditions(await get(name)).join() === conditions.join();
        await eventually(`${title}: ${conditions.join()}`, isThere, 60_000).catch(() => {});
        const { status } = await get(name);
        assert.deepEqual(trueConditions(await get(name)), conditions, title);
        const told = Object.fromEntries(Object.keys(counts).map((count) => [count, fields(status)[count]]));
        assert.deepEqual(told, counts, title);
      }
      await transport().call(path('suspended'), { method: 'PATCH', body: { spec: { suspend: false } } });
      await eventually('the suspended Job goes on', async () => {
        return trueConditions(await get('suspended')).includes('Complete CompletionsReached');
      });
      const body = { propagationPolicy: 'Background' };
      await transport().call(path('single'), { method: 'DELETE', body });
      const query = { labelSelector: 'batch.kubernetes.io/job-name=single' };
      await eventually('the pods go with their Job', async () => {
        return (
          list(fields(await transport().call(resourcePath(pods, { namespace }), { query })).items).length ===
          0
        );
      });
    });
  });
}
