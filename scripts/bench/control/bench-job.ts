/** The DeidJobs of the benchmark, and what their pods would have to say of them. They differ by their names alone. */

import { builtinProfiles } from '../../../crds/profiles/builtin.ts';
import { canonicalJson } from '../../../crds/records/canonical-json.ts';
import type { FinishSummary } from '../../../crds/records/finish-summary.ts';
import type { PlanSummary } from '../../../crds/records/plan-summary.ts';
import { makeRunSpec } from '../../../crds/records/run-spec.ts';
import { validateJob } from '../../../crds/validate.ts';
import { rawJob } from '../../../test/builders/operator-job.ts';
import { SimulatedWork } from '../../../test/builders/simulated-work.ts';

/** The namespace of the jobs and of the operator. */
export const namespace = 'imaging';

/** Pods of a job that run at one time. */
const parallelism = 200;

/** A job from bucket to bucket: the kind that costs the most writes, as it has a finalizer. */
export function benchJob(name: string): Readonly<Record<string, unknown>> {
  return { ...rawJob({ s3: true, spec: { parallelism } }), metadata: { name, namespace } };
}

/** What the pods of every job say at their end. */
export interface Words {
  /** Canonical JSON of the run spec without its digest, of a job that is called {@link anyJob}. */
  readonly runSpec: string;
  /** With {@link anyDigest} where the digest of the run spec stands. */
  readonly plan: PlanSummary;
  readonly finish: FinishSummary;
}

export const anyJob = 'name-of-the-job';
export const anyDigest = `sha256:${'0'.repeat(64)}`;

/** The words of jobs whose shards all succeed. */
export function wordsOf(shards: number): Words {
  const job = validateJob(benchJob(anyJob));
  if (!job.ok) throw new Error('the job of the benchmark is not valid');
  const { digest: _, ...runSpec } = makeRunSpec(job.document, builtinProfiles.basic);
  const work = new SimulatedWork(shards);
  work.states.fill('Done');
  return { runSpec: canonicalJson(runSpec), plan: work.planSummary(anyDigest), finish: work.seal(0) };
}
