/** The steps of a job without an operator: its child Jobs, made by the builders and created by hand. */
import assert from 'node:assert/strict';
import { builtinProfiles } from '../../../../crds/profiles/builtin.ts';
import { validateFinishSummary } from '../../../../crds/records/finish-summary.ts';
import { validatePlanSummary } from '../../../../crds/records/plan-summary.ts';
import { makeRunSpec } from '../../../../crds/records/run-spec.ts';
import { withDefaults } from '../../../../crds/schema/defaults.ts';
import { type DeidJob, type DeidJobInput, deidJob } from '../../../../crds/v1alpha1/job.ts';
import { finishJob, planJob, processJob } from '../../../../operator/build/child-jobs.ts';
import { runSpecConfigMap } from '../../../../operator/build/run-spec-config-map.ts';
import { s3Credentials } from '../../../storage/support/s3-server.ts';
import type { Manifest } from '../../kubectl.ts';
import { testCluster } from './test-cluster.ts';

const settings = () => ({
  image: testCluster().image,
  imagePullPolicy: 'Never' as const,
  imagePullSecrets: [],
  workerServiceAccount: 'deid-worker',
  allowedServiceAccounts: undefined,
  allowedKeySecrets: undefined,
  childTtlSeconds: 3600,
  progressPort: 9464,
  workerEnvironment: { ...s3Credentials, AWS_REGION: 'us-east-1' },
});

/** Creates the Job, waits until it is complete, and returns the termination message of its first pod. */
async function completed(manifest: Manifest, namespace: string): Promise<unknown> {
  const { kubectl } = testCluster();
  const { name } = manifest.metadata as { readonly name: string };
  await kubectl.apply(manifest);
  await kubectl('wait', '--for=condition=Complete', `job/${name}`, '-n', namespace, '--timeout=120s');
  const [pod] = await kubectl.list('pods', namespace, `batch.kubernetes.io/job-name=${name}`);
  const { status } = pod as {
    readonly status: {
      readonly containerStatuses: readonly {
        readonly state: { readonly terminated: { readonly message?: string } };
      }[];
    };
  };
  const message = status.containerStatuses[0]?.state.terminated.message;
  return message === undefined ? undefined : JSON.parse(message);
}

/** Takes the job through plan, process and finish, and returns the summaries. */
export async function runByHand(input: DeidJobInput) {
  const { kubectl } = testCluster();
  const { name, namespace = 'default' } = input.metadata;
  await kubectl.apply(input);
  const { metadata } = (await kubectl.get('deidjob', name, namespace)) as DeidJob & {
    readonly metadata: { readonly uid: string };
  };
  const job = withDefaults(deidJob.node, input) as DeidJob;
  const owner = { name, namespace, uid: metadata.uid };
  await kubectl.apply(runSpecConfigMap(owner, makeRunSpec(job, builtinProfiles.research)));
  const child = { owner, spec: job.spec, settings: settings(), attempt: 0, queue: {} };
  const plan = validatePlanSummary(await completed(planJob(child), namespace));
  assert.ok(plan.ok);
  await completed(processJob(child, { count: plan.document.shards }), namespace);
  const finish = validateFinishSummary(await completed(finishJob(child), namespace));
  assert.ok(finish.ok);
  return { plan: plan.document, finish: finish.document };
}
