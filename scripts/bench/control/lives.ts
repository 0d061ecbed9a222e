/** What becomes of DeidJobs and when, put together from watched changes of them and of their child Jobs. No input or output. */
import type { DeidJobStatus } from '../../../crds/v1alpha1/job-status.ts';
import { jobLabel, stepLabel } from '../../../operator/build/names.ts';
import { holding } from '../../../operator/decide/known.ts';
import { childJob } from '../../../operator/facts/child-job.ts';
import type { KubeObject } from '../../../operator/kube/object.ts';
import type { Change } from '../../../operator/kube/object-store.ts';
import { changeOf } from '../../../operator/status/changes.ts';

/** Milliseconds of one clock. */
export interface Life {
  plannedMs: number | undefined;
  completeMs: number | undefined;
  hasFailed: boolean;
  /** When a child Job was seen to end that the operator has not answered yet. */
  endedMs: number | undefined;
}

export class Lives {
  readonly #lives = new Map<string, Life>();
  /** Milliseconds from the end of a child Job to the write by which the operator went on, as both were seen here. */
  readonly answersMs: number[] = [];
  /** Writes of statuses that told figures alone. */
  progressWrites: number = 0;

  /** The jobs whose name begins so. */
  of(prefix: string): readonly Life[] {
    return [...this.#lives].filter(([name]) => name.startsWith(prefix)).map(([, life]) => life);
  }

  sawJob(change: Change, nowMs: number): void {
    if (change.kind !== 'modified') return;
    const life = this.#life(change.object.metadata.name);
    const [before, after] = [statusOf(change.before), statusOf(change.object)];
    switch (changeOf(before, after)) {
      case 'None':
        return;
      case 'Figures':
        this.progressWrites += 1;
        return;
      case 'Conditions':
        this.#answered(life, nowMs);
        if (holding(after, 'Complete') !== undefined) life.completeMs ??= nowMs;
        life.hasFailed ||= holding(after, 'Failed') !== undefined;
    }
  }

  sawChild(change: Change, nowMs: number): void {
    const { labels = {} } = change.object.metadata;
    const life = this.#life(labels[jobLabel] ?? '');
    if (change.kind === 'added') {
      this.#answered(life, nowMs);
      if (labels[stepLabel] === 'plan') life.plannedMs ??= nowMs;
    }
    if (change.kind === 'modified' && hasEnded(change.object) && !hasEnded(change.before)) {
      life.endedMs = nowMs;
    }
  }

  #answered(life: Life, nowMs: number): void {
    if (life.endedMs === undefined) return;
    this.answersMs.push(nowMs - life.endedMs);
    life.endedMs = undefined;
  }

  #life(name: string): Life {
    const known = this.#lives.get(name);
    if (known !== undefined) return known;
    const life = { plannedMs: undefined, completeMs: undefined, hasFailed: false, endedMs: undefined };
    this.#lives.set(name, life);
    return life;
  }
}

function statusOf({ status }: KubeObject): DeidJobStatus {
  return (status ?? {}) as DeidJobStatus;
}

function hasEnded(child: KubeObject): boolean {
  return childJob(child).end !== undefined;
}
