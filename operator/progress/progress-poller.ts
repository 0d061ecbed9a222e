/**
 * Pulls progress from the pods of process Jobs, round after round, at a bounded total rate. Storage and the Jobs' status stay
 * the truth: what is not heard is only not shown.
 */
import type { Counters } from '../../crds/records/counters.ts';
import { attemptLabel, jobUidLabel, stepLabel } from '../build/names.ts';
import { childJob } from '../facts/child-job.ts';
import type { PolledProgress } from '../facts/job-facts.ts';
import { type JsonObject, objectOf, objectsOf, textOf } from '../facts/json.ts';
import { indexOfPod } from '../facts/step-pods.ts';
import { type Clock, sleep } from '../kube/clock.ts';
import type { KubeObject } from '../kube/object.ts';
import { ShardCounters, type ShardWord } from './shard-counters.ts';

export interface ProgressPollerOptions {
  readonly clock: Clock;
  /** The child Jobs that there are. */
  readonly jobs: () => readonly KubeObject[];
  /** Pods of a Job that run. */
  readonly runningPods: (
    namespace: string,
    jobUid: string,
    signal: AbortSignal,
  ) => Promise<readonly JsonObject[]>;
  readonly readCounters: (address: string) => Promise<Counters | undefined>;
  /** Is told that there is news of the job whose child this is. */
  readonly onNews: (child: KubeObject) => void;
  /** A round does not begin before the last one is so old. */
  readonly periodMs: number;
  /** Requests to pods and for lists of pods, a second. */
  readonly requestsPerSecond: number;
}

interface Heard {
  readonly attempt: string;
  readonly counters: ShardCounters;
}

export class ProgressPoller {
  readonly #options: ProgressPollerOptions;
  /** By the uid of the DeidJob. */
  readonly #heard = new Map<string, Heard>();

  constructor(options: ProgressPollerOptions) {
    this.#options = options;
  }

  /** What the pods of the job have told in this attempt. */
  progressOf(uid: string, attempt: number): PolledProgress | undefined {
    const heard = this.#heard.get(uid);
    return heard?.attempt === String(attempt) ? heard.counters.progress : undefined;
  }

  /** Polls until it is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, periodMs } = this.#options;
    while (!signal.aborted) {
      const startMs = clock.monotonicMs();
      await this.round(signal);
      await sleep(clock, startMs + periodMs - clock.monotonicMs(), signal);
    }
    this.#heard.clear();
  }

  /**
   * Asks every pod once, at the rate given. Answers are not waited for before the next is asked, so that pods that do not
   * answer delay nobody's progress but their own.
   */
  async round(signal: AbortSignal): Promise<void> {
    const children = this.#options.jobs().filter(isProcessing);
    const present = new Set(this.#options.jobs().map(uidOf));
    for (const uid of this.#heard.keys()) if (!present.has(uid)) this.#heard.delete(uid);
    const hearings: Promise<void>[] = [];
    for (const child of children) {
      if (signal.aborted) break;
      const answers = await this.#ask(child, signal);
      hearings.push(Promise.all(answers).then((words) => this.#hear(child, words)));
    }
    await Promise.all(hearings);
  }

  async #ask(child: KubeObject, signal: AbortSignal): Promise<readonly Promise<ShardWord | undefined>[]> {
    const { runningPods, readCounters } = this.#options;
    const { namespace = '', uid } = child.metadata;
    await this.#pace(signal);
    const pods = await runningPods(namespace, uid, signal).catch(() => []);
    const answers: Promise<ShardWord | undefined>[] = [];
    for (const pod of pods) {
      const index = indexOfPod(pod);
      const address = textOf(objectOf(pod.status).podIP);
      if (index === undefined || address === '') continue;
      await this.#pace(signal);
      if (signal.aborted) break;
      answers.push(
        readCounters(address).then((counters) => (counters === undefined ? undefined : { index, counters })),
      );
    }
    return answers;
  }

  #hear(child: KubeObject, answers: readonly (ShardWord | undefined)[]): void {
    const words = answers.filter((word) => word !== undefined);
    if (words.length === 0) return;
    this.#countersOf(child).hear(words);
    this.#options.onNews(child);
  }

  #countersOf(child: KubeObject): ShardCounters {
    const uid = uidOf(child);
    const attempt = child.metadata.labels?.[attemptLabel] ?? '';
    const heard = this.#heard.get(uid);
    if (heard?.attempt === attempt) return heard.counters;
    const counters = new ShardCounters();
    this.#heard.set(uid, { attempt, counters });
    return counters;
  }

  #pace(signal: AbortSignal): Promise<void> {
    return sleep(this.#options.clock, 1000 / this.#options.requestsPerSecond, signal);
  }
}

function uidOf({ metadata }: KubeObject): string {
  return metadata.labels?.[jobUidLabel] ?? '';
}

function isProcessing(child: KubeObject): boolean {
  if (child.metadata.labels?.[stepLabel] !== 'process') return false;
  const { end, ready } = childJob(child);
  return end === undefined && ready > 0;
}

/** The pods of an answer to a list. */
export function podsOf(answer: unknown): readonly JsonObject[] {
  return objectsOf(objectOf(answer).items);
}
