/** What has come of a Job's pods so far, each pod counted once, and what follows for the Job (batch/v1). */
import type { KubeObject } from '../../operator/kube/object.ts';
import { type Fields, fields } from './merge-patch.ts';
import { failureAction, list } from './pod-failure.ts';

/** The parts of a Job's spec that decide. */
export interface JobRules {
  readonly completions: number;
  readonly parallelism: number;
  readonly isIndexed: boolean;
  readonly suspend: boolean;
  readonly backoffLimit: number;
  readonly backoffLimitPerIndex: number | undefined;
  readonly maxFailedIndexes: number | undefined;
  readonly activeDeadlineSeconds: number | undefined;
  readonly ttlSecondsAfterFinished: number | undefined;
  readonly podFailurePolicy: unknown;
}

export function jobRules({ spec }: KubeObject): JobRules {
  const given = fields(spec);
  const number = (name: string): number | undefined => {
    const value = given[name];
    return typeof value === 'number' ? value : undefined;
  };
  return {
    completions: number('completions') ?? 1,
    parallelism: number('parallelism') ?? 1,
    isIndexed: given.completionMode === 'Indexed',
    suspend: given.suspend === true,
    backoffLimit: number('backoffLimit') ?? 6,
    backoffLimitPerIndex: number('backoffLimitPerIndex'),
    maxFailedIndexes: number('maxFailedIndexes'),
    activeDeadlineSeconds: number('activeDeadlineSeconds'),
    ttlSecondsAfterFinished: number('ttlSecondsAfterFinished'),
    podFailurePolicy: given.podFailurePolicy,
  };
}

export interface Verdict {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
}

export class JobTally {
  readonly #counted = new Set<string>();
  readonly #succeeded = new Set<number>();
  readonly #failed = new Set<number>();
  readonly #failures = new Map<number, number>();
  #failedPods = 0;
  #policyFailed = false;

  /** Takes a pod that has ended into account; once, however often it is shown. */
  count(pod: KubeObject, index: number, rules: JobRules): void {
    const { phase } = fields(pod.status);
    if ((phase !== 'Succeeded' && phase !== 'Failed') || this.#counted.has(pod.metadata.uid)) return;
    this.#counted.add(pod.metadata.uid);
    if (phase === 'Succeeded') {
      this.#succeeded.add(index);
      return;
    }
    const action = failureAction(rules.podFailurePolicy, pod);
    if (action === 'Ignore') return;
    this.#failedPods += 1;
    if (action === 'FailJob') this.#policyFailed = true;
    if (action === 'FailIndex') this.#failed.add(index);
    const failures = this.failuresOf(index) + 1;
    this.#failures.set(index, failures);
    if (rules.backoffLimitPerIndex !== undefined && failures > rules.backoffLimitPerIndex)
      this.#failed.add(index);
  }

  failuresOf(index: number): number {
    return this.#failures.get(index) ?? 0;
  }

  /** Indexes that still need a pod that succeeds, lowest first. */
  open({ completions }: JobRules): readonly number[] {
    return Array.from({ length: completions }, (_, index) => index).filter(
      (index) => !this.#succeeded.has(index) && !this.#failed.has(index),
    );
  }

  verdict(rules: JobRules): Verdict | undefined {
    const { backoffLimit, backoffLimitPerIndex, maxFailedIndexes } = rules;
    const failed = (reason: string): Verdict => ({ type: 'Failed', reason });
    if (this.#policyFailed) return failed('PodFailurePolicy');
    if (backoffLimitPerIndex === undefined && this.#failedPods > backoffLimit)
      return failed('BackoffLimitExceeded');
    if (maxFailedIndexes !== undefined && this.#failed.size > maxFailedIndexes)
      return failed('MaxFailedIndexesExceeded');
    if (this.open(rules).length > 0) return undefined;
    return this.#failed.size > 0
      ? failed('FailedIndexes')
      : { type: 'Complete', reason: 'CompletionsReached' };
  }

  /** The counts of a Job's status. */
  status(rules: JobRules): Fields {
    const indexed = rules.isIndexed ? { completedIndexes: intervals(this.#succeeded) } : {};
    const perIndex =
      rules.backoffLimitPerIndex === undefined ? {} : { failedIndexes: intervals(this.#failed) };
    return { succeeded: this.#succeeded.size, failed: this.#failedPods, ...indexed, ...perIndex };
  }
}

/** `0-2,5`. */
export function intervals(indexes: ReadonlySet<number>): string {
  const runs: (readonly [number, number])[] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === index - 1) runs[runs.length - 1] = [last[0], index];
    else runs.push([index, index]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

export function isFinished({ status }: KubeObject): boolean {
  return list(fields(status).conditions).some(
    ({ type, status: holds }) => (type === 'Complete' || type === 'Failed') && holds === 'True',
  );
}
