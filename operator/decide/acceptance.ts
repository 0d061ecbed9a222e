/** Accepting a job: what it needs before its first pod, and what keeps it from being accepted. */
import { runSpecName } from '../build/names.ts';
import { runSpecConfigMap } from '../build/run-spec-config-map.ts';
import type { JobFacts } from '../facts/job-facts.ts';
import { problemSentence } from '../status/problem-sentence.ts';
import { type Cause, failures, troubles } from '../status/reasons.ts';
import { fail } from './attempts.ts';
import type { Action, Decision, Findings } from './decision.ts';
import { cleanupFinalizer } from './deletion.ts';
import { runSpecOf, type SoundFacts, usesBuckets } from './known.ts';

function blocked(trouble: Cause, wakeAfterMs?: number): Decision {
  return {
    kind: 'Act',
    actions: [],
    standing: { phase: 'Accepting', rest: 'None', trouble },
    findings: {},
    ...(wakeAfterMs === undefined ? {} : { wakeAfterMs }),
  };
}

/** A document that is wrong never gets a pod. */
export function refuseInvalid({ job }: JobFacts): Decision | undefined {
  if (!job.document.ok) return fail(failures.invalidSpec(problemSentence(job.document.problems)));
  return job.document.document.spec.key.secretRef === undefined
    ? fail(failures.invalidSpec('spec.key.secretRef is missing: name the Secret that holds the project key.'))
    : undefined;
}

const conflictCheckMs = 60_000;

/** What keeps the run spec from being stored. */
export function refuseUnready(facts: SoundFacts): Decision | undefined {
  const { job, runSpec, profile } = facts;
  if (runSpec.kind === 'Foreign')
    return blocked(troubles.nameConflict('run spec (a ConfigMap)'), conflictCheckMs);
  if (runSpec.kind === 'Unreadable') return fail(failures.runSpecLost);
  if (runSpec.kind === 'NotRead' || runSpecOf(facts) !== undefined) return undefined;
  if (job.status.runSpec !== undefined) return fail(failures.runSpecLost);
  return profile.kind === 'Invalid'
    ? blocked(troubles.profileInvalid(problemSentence(profile.problems)))
    : blocked(troubles.profileMissing);
}

/** What is made before the first pod, and pinned in the status. */
export function acceptance(facts: SoundFacts): {
  readonly actions: readonly Action[];
  readonly findings: Findings;
} {
  const { job, spec, settings, nowMs } = facts;
  const runSpec = facts.runSpec.kind === 'NotRead' ? undefined : runSpecOf(facts);
  const needsFinalizer = usesBuckets(spec) && !job.finalizers.includes(cleanupFinalizer);
  const isStored = facts.runSpec.kind !== 'Missing';
  return {
    actions: [
      ...(needsFinalizer
        ? [{ kind: 'SetFinalizers' as const, finalizers: [...job.finalizers, cleanupFinalizer] }]
        : []),
      ...(isStored || runSpec === undefined
        ? []
        : [{ kind: 'CreateConfigMap' as const, manifest: runSpecConfigMap(job, runSpec) }]),
    ],
    findings:
      job.status.runSpec !== undefined || runSpec === undefined
        ? {}
        : {
            runSpec: { configMap: runSpecName(job), digest: runSpec.digest, image: settings.image },
            startTime: new Date(nowMs).toISOString(),
            attempt: job.status.attempt ?? 0,
          },
  };
}
