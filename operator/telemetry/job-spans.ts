/** The spans that changes of a job's status close: its phases, and the job as a whole. */
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import { type JobTrace, jobTrace } from '../build/trace-parent.ts';

/** A span that is over. Attributes are words of closed lists and figures. */
export interface JobSpan {
  readonly name: string;
  readonly trace: JobTrace;
  /** Whether it is the job as a whole, which all others stand below: it has the span id of the trace. */
  readonly isRoot: boolean;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly hasFailed: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

export interface JobChange {
  readonly uid: string;
  readonly before: DeidJobStatus;
  readonly after: DeidJobStatus;
  readonly nowMs: number;
}

interface Running {
  readonly phase: string;
  readonly sinceMs: number;
}

function phaseOf({ conditions = [] }: DeidJobStatus): string | undefined {
  return conditions.find(({ type }) => type === 'Complete')?.reason;
}

function isOver(status: DeidJobStatus): boolean {
  return status.completionTime !== undefined;
}

/** Remembers since when each job is in its phase: of one that was taken over in its midst, the phase is not told. */
export class JobSpans {
  readonly #running = new Map<string, Running>();

  /** The job is gone, however far it was. */
  forget(uid: string): void {
    this.#running.delete(uid);
  }

  /** The spans that the change closes. */
  changed({ uid, before, after, nowMs }: JobChange): readonly JobSpan[] {
    const [was, is] = [phaseOf(before), phaseOf(after)];
    if (was === is || is === undefined) return [];
    const running = this.#running.get(uid);
    const trace = jobTrace(uid);
    const attempt = before.attempt ?? after.attempt ?? 0;
    const hasFailed = is === 'Failed';
    const common = { trace, endMs: nowMs, hasFailed };
    const spans: JobSpan[] = [];
    if (running !== undefined && running.phase === was) {
      const { sinceMs: startMs } = running;
      spans.push({ ...common, name: running.phase, isRoot: false, startMs, attributes: { attempt } });
    }
    if (isOver(after)) {
      this.#running.delete(uid);
      if (after.startTime !== undefined && attempt === 0) {
        const { shards = 0, objects = 0, bytes = 0 } = after.plan ?? {};
        const startMs = Date.parse(after.startTime);
        const attributes = { result: is, shards, objects, bytes };
        spans.push({ ...common, name: 'DeidJob', isRoot: true, startMs, attributes });
      }
    } else {
      this.#running.set(uid, { phase: is, sinceMs: nowMs });
    }
    return spans;
  }
}
