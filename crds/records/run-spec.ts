/**
 * The run spec: a job and its resolved profile as they were when the run began. It alone decides the outputs; later
 * edits of either document change nothing. What may change while a job runs, such as `spec.parallelism`, is not in it.
 */
import type { Problem, Validated } from '../schema/problem.ts';
import { problem } from '../schema/problem.ts';
import { object, optional, required, text, type Value } from '../schema/schema.ts';
import { validator } from '../schema/validator.ts';
import { type DeidJob, pinnedJobSpec, pinnedPart } from '../v1alpha1/job.ts';
import { jobProblems } from '../v1alpha1/job-checks.ts';
import { type DeidProfile, deidProfileSpec } from '../v1alpha1/profile.ts';
import { profileProblems } from '../v1alpha1/profile-checks.ts';
import { digestOf } from './canonical-json.ts';
import { digest, tag } from './fields.ts';

const fields = {
  ...tag('RunSpec'),
  job: required(
    object('The job.', {
      name: required(text('Name of the job.', { minLength: 1, maxLength: 253 })),
      namespace: optional(text('Namespace of the job, in a cluster.', { maxLength: 63 })),
      spec: required(pinnedJobSpec),
    }),
  ),
  profile: required(
    object('The profile that the job refers to.', {
      name: required(text('Name of the profile.', { minLength: 1, maxLength: 253 })),
      spec: required(deidProfileSpec),
    }),
  ),
};

const schema = object('A job and its profile as executed.', {
  ...fields,
  digest: digest('SHA-256 of the canonical JSON of the other fields.'),
});

export type RunSpec = Value<typeof schema>;

const fits = validator(schema);

function runSpecDigest({ digest: _, ...rest }: RunSpec): string {
  return digestOf(rest);
}

/** Makes the run spec of a job and the profile that it refers to; both have been validated. */
export function makeRunSpec(job: DeidJob, profile: DeidProfile): RunSpec {
  const spec = pinnedPart(job.spec);
  const { namespace } = job.metadata;
  const rest = {
    kind: 'RunSpec',
    version: 1,
    job: { name: job.metadata.name, ...(namespace === undefined ? {} : { namespace }), spec },
    profile: { name: profile.metadata.name, spec: profile.spec },
  } as const;
  return { ...rest, digest: digestOf(rest) };
}

/** Validates a run spec that was read back; its digest must be its own, and nothing may have been left to a default. */
export function validateRunSpec(value: unknown): Validated<RunSpec> {
  const fitted = fits(value);
  if (!fitted.ok) return fitted;
  const { document } = fitted;
  const problems: readonly Problem[] =
    document.digest === runSpecDigest(document)
      ? [...profileProblems(document.profile.spec), ...jobProblems(document.job.spec)]
      : [problem('Invalid', ['digest'], 'is not the digest of the run spec')];
  return problems.length === 0 ? fitted : { ok: false, problems };
}
