/**
 * How long the steps of a run took. The records lie beside the run and are part of no digest, so that plan, ledger and
 * summary stay the same whatever the clock says.
 */
import { randomUUID } from 'node:crypto';
import type { Storage } from '../storage/storage.ts';
import { StorageError } from '../storage/storage-error.ts';
import { createText, readText } from '../storage/whole-object.ts';
import { jsonObject } from './json-object.ts';
import { workLayout } from './layout.ts';

const steps = ['plan', 'process', 'finish'] as const;

export type TimedStep = (typeof steps)[number];

/** One process at work on a step. */
export interface StepTiming {
  readonly kind: 'StepTiming';
  readonly version: 1;
  readonly step: TimedStep;
  /** From 0. */
  readonly attempt: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly elapsedMs: number;
}

export interface Timed {
  readonly work: Storage;
  readonly run: string;
  readonly step: TimedStep;
  readonly attempt: number;
  /** Without a clock nothing is recorded. */
  readonly now: (() => Date) | undefined;
}

/** Does a step and records how long it took, also where it ends before its time. */
export async function timed<T>({ work, run, step, attempt, now }: Timed, act: () => Promise<T>): Promise<T> {
  if (now === undefined) return act();
  const started = now();
  try {
    return await act();
  } finally {
    const timing: StepTiming = {
      kind: 'StepTiming',
      version: 1,
      step,
      attempt,
      startedAt: started.toISOString(),
      elapsedMs: Math.max(0, now().getTime() - started.getTime()),
    };
    await leave(work, workLayout(run).timing(randomUUID()), timing);
  }
}

/** A step does not fail for the record of its time. */
async function leave(work: Storage, key: string, timing: StepTiming): Promise<void> {
  try {
    await createText(work, key, `${JSON.stringify(timing)}\n`);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
}

/** What an attempt's step took, over all processes that were at work on it. */
export interface StepTime {
  readonly step: TimedStep;
  /** From the first beginning to the last end, pauses included. */
  readonly wallMs: number;
  readonly startedAt: Date;
  /** Processes, those that went on with it included. */
  readonly processes: number;
  /** The sum of their times. */
  readonly workMs: number;
}

/** The steps of an attempt in their order; those of which no record is left are missing. Planning is that of the run. */
export async function readTimes(work: Storage, run: string, attempt: number): Promise<readonly StepTime[]> {
  const timings = await readTimings(work, run);
  return steps.flatMap((step) => {
    const own = timings.filter((one) => one.step === step && (step === 'plan' || one.attempt === attempt));
    if (own.length === 0) return [];
    const starts = own.map(({ startedAt }) => Date.parse(startedAt));
    const first = Math.min(...starts);
    const last = Math.max(...own.map(({ startedAt, elapsedMs }) => Date.parse(startedAt) + elapsedMs));
    const workMs = own.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
    return [{ step, wallMs: last - first, startedAt: new Date(first), processes: own.length, workMs }];
  });
}

async function readTimings(work: Storage, run: string): Promise<readonly StepTiming[]> {
  const timings: StepTiming[] = [];
  let continuation: string | undefined;
  do {
    const page = await work.list(
      workLayout(run).timingPrefix,
      continuation === undefined ? {} : { continuation },
    );
    for (const { key } of page.objects) {
      const timing = decoded(await readText(work, key));
      if (timing !== undefined) timings.push(timing);
    }
    continuation = page.continuation;
  } while (continuation !== undefined);
  return timings;
}

/** Undefined for what is no record of a time. */
function decoded(text: string | undefined): StepTiming | undefined {
  const { kind, version, step, attempt, startedAt, elapsedMs } = jsonObject(text ?? '') ?? {};
  const isTiming =
    kind === 'StepTiming' &&
    version === 1 &&
    steps.some((one) => one === step) &&
    typeof attempt === 'number' &&
    typeof startedAt === 'string' &&
    !Number.isNaN(Date.parse(startedAt)) &&
    typeof elapsedMs === 'number';
  return isTiming ? { kind, version, step: step as TimedStep, attempt, startedAt, elapsedMs } : undefined;
}
