/** The status of a job after a decision. */
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import type { Findings, Standing } from '../decide/decision.ts';
import { mergeConditions } from './conditions.ts';
import { jobConditions } from './job-conditions.ts';
import { durationText, laterProgress, progressText } from './progress.ts';

export interface StatusInput {
  readonly previous: DeidJobStatus;
  readonly generation: number;
  readonly nowMs: number;
  readonly standing: Standing;
  readonly findings: Findings;
  /** What running pods have done of their shards, in shards. */
  readonly runningShards: number;
}

type Fields = Omit<DeidJobStatus, 'conditions' | 'observedGeneration'>;

/** When the job ended, and how long it took: set once, and taken back where another attempt begins. */
function times({ previous, nowMs, standing }: StatusInput, startTime: string | undefined) {
  const isOver = standing.phase === 'Complete' || standing.phase === 'Failed';
  if (!isOver) return { completionTime: undefined, duration: undefined };
  const completionTime = previous.completionTime ?? new Date(nowMs).toISOString();
  const { duration } = previous;
  return {
    completionTime,
    duration:
      duration ??
      (startTime === undefined
        ? undefined
        : durationText(Date.parse(completionTime) - Date.parse(startTime))),
  };
}

/** Undefined members are left out, as the wire leaves them. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}

export function jobStatus(input: StatusInput): DeidJobStatus {
  const { previous, generation, nowMs, standing, findings, runningShards } = input;
  const { conditions = [], observedGeneration: _, ...before } = previous;
  const found = { ...before, ...findings };
  const isSameAttempt = (found.attempt ?? 0) === (previous.attempt ?? 0);
  const progress = progressText(withoutUndefined(found), standing.phase === 'Complete', runningShards);
  const fields: { readonly [Name in keyof Fields]: Fields[Name] | undefined } = {
    ...found,
    ...times(input, found.startTime),
    progress: isSameAttempt ? laterProgress(previous.progress, progress) : progress,
  };
  return {
    observedGeneration: generation,
    conditions: mergeConditions(
      conditions,
      jobConditions(standing, found.plan),
      generation,
      new Date(nowMs).toISOString(),
    ),
    ...withoutUndefined(fields),
  };
}
