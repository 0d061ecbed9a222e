/** Validates a document, whoever hands it in: a person's file, the API server's object, a run spec's part. */
import { nearest } from './schema/nearest.ts';
import { type Problem, problem, type Validated } from './schema/problem.ts';
import { validator } from './schema/validator.ts';
import { apiVersion, group } from './v1alpha1/group.ts';
import { type DeidJob, deidJob } from './v1alpha1/job.ts';
import { jobProblems } from './v1alpha1/job-checks.ts';
import { type DeidProfile, deidProfile } from './v1alpha1/profile.ts';
import { profileProblems } from './v1alpha1/profile-checks.ts';

export type { Problem, ProblemCode, Validated } from './schema/problem.ts';
export { checkRules } from './v1alpha1/profile-checks.ts';

/** A validated document of either kind with its defaults filled in; `kind` tells them apart. */
export type DeidDocument = DeidProfile | DeidJob;

const fitsJob = validator(deidJob);
const fitsProfile = validator(deidProfile);

/** The document, unless there are problems. */
function judged<T>(document: T, problems: readonly Problem[]): Validated<T> {
  return problems.length === 0 ? { ok: true, document } : { ok: false, problems };
}

/** Validates a DeidJob. The value is not changed. */
export function validateJob(value: unknown): Validated<DeidJob> {
  const fitted = fitsJob(value);
  return fitted.ok ? judged(fitted.document, jobProblems(fitted.document.spec)) : fitted;
}

/** Validates a DeidProfile, but for its keywords: see {@link checkRules}. The value is not changed. */
export function validateProfile(value: unknown): Validated<DeidProfile> {
  const fitted = fitsProfile(value);
  return fitted.ok ? judged(fitted.document, profileProblems(fitted.document.spec)) : fitted;
}

const validators: Readonly<Record<string, (value: unknown) => Validated<DeidDocument>>> = {
  DeidJob: validateJob,
  DeidProfile: validateProfile,
};

function refused(problems: readonly Problem[]): Validated<never> {
  return { ok: false, problems };
}

/** Validates a document of either kind by its `apiVersion` and `kind`. The value is not changed. */
export function validateDocument(value: unknown): Validated<DeidDocument> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused([problem('NotADocument', [], 'must be an object with apiVersion and kind')]);
  }
  const kinds = Object.keys(validators);
  const { kind, apiVersion: version }: { readonly kind?: unknown; readonly apiVersion?: unknown } = value;
  if (typeof version !== 'string') {
    return refused([problem('Missing', ['apiVersion'], `is missing: it must be ${apiVersion}`)]);
  }
  if (version !== apiVersion) {
    const hint = version.startsWith(`${group}/`) ? `This program reads ${apiVersion}.` : undefined;
    return refused([problem('UnsupportedVersion', ['apiVersion'], `must be ${apiVersion}`, hint)]);
  }
  if (typeof kind !== 'string') {
    return refused([problem('Missing', ['kind'], `is missing: it must be ${kinds.join(' or ')}`)]);
  }
  if (!Object.hasOwn(validators, kind)) {
    const meant = nearest(kind, kinds);
    const hint = meant === undefined ? undefined : `Did you mean ${meant}?`;
    return refused([problem('UnknownKind', ['kind'], `must be ${kinds.join(' or ')}`, hint)]);
  }
  return (validators[kind] ?? validateJob)(value);
}
