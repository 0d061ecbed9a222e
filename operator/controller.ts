/**
 * The controller: watches feed queues of keys, workers take keys and make a pass over each. The watches run always, so that a
 * standby is ready; queues, workers and the poller of progress run while this process leads.
 */

import { once } from 'node:events';
import type { Counters } from '../crds/records/counters.ts';
import { jobLabel } from './build/names.ts';
import { Caches, resources, type Watched } from './controller/caches.ts';
import { JobMemories } from './controller/job-memory.ts';
import { JobReconciler, type StatusChange } from './controller/reconcile-job.ts';
import { reconcileProfile } from './controller/reconcile-profile.ts';
import { type FinishedPass, workLoop } from './controller/work-loop.ts';
import { objectOf, textOf } from './facts/json.ts';
import type { Clock } from './kube/clock.ts';
import { type KubeObject, objectKey } from './kube/object.ts';
import type { Change } from './kube/object-store.ts';
import type { Line } from './kube/ready-keys.ts';
import type { RestartReason } from './kube/reflector.ts';
import { resourcePath } from './kube/resource.ts';
import type { Transport } from './kube/transport.ts';
import { WorkQueue } from './kube/work-queue.ts';
import { ProgressPoller, podsOf } from './progress/progress-poller.ts';
import type { ChildSettings } from './settings.ts';

export const queueNames = ['deidjob', 'deidprofile'] as const;
export type QueueName = (typeof queueNames)[number];

/** What is told to whoever watches the operator. */
export interface Observer {
  onPass(queue: QueueName, pass: FinishedPass): void;
  onAdded(queue: QueueName): void;
  /** A worker has taken the key, which had waited so long. */
  onTaken(queue: QueueName, waitedMs: number): void;
  onRestart(kind: Watched, reason: RestartReason): void;
  onHandlerError(error: unknown): void;
  onStatus(change: StatusChange): void;
  onStarted(sinceCreationMs: number): void;
  onUploadsLeft(object: KubeObject): void;
  /** There is no such job any more. */
  onGone(uid: string): void;
}

export interface ControllerOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly settings: ChildSettings;
  /** Empty for all namespaces. */
  readonly namespaces: readonly string[];
  readonly observer: Observer;
  readonly readCounters: (address: string) => Promise<Counters | undefined>;
  /** Milliseconds between two rounds of asking pods for their progress. */
  readonly pollPeriodMs?: number;
}

const workers: Readonly<Record<QueueName, number>> = { deidjob: 16, deidprofile: 1 };
const retryDelays = { baseMs: 50, maximumMs: 120_000, jitter: 0.2 } as const;
const passTimeoutMs = 60_000;
const defaultPollPeriodMs = 10_000;
const pollsPerSecond = 50;

export class Controller {
  readonly #options: ControllerOptions;
  readonly caches: Caches;
  /** Undefined while another leads. */
  #queues: Readonly<Record<QueueName, WorkQueue>> | undefined;
  #memories: JobMemories | undefined;
  /** Since when each key of a queue waits, and since when each is worked on: monotonic milliseconds. */
  readonly #waiting: Readonly<Record<QueueName, Map<string, number>>> = {
    deidjob: new Map(),
    deidprofile: new Map(),
  };
  readonly #taken: Readonly<Record<QueueName, Map<string, number>>> = {
    deidjob: new Map(),
    deidprofile: new Map(),
  };

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { transport, clock, random, namespaces, observer } = options;
    this.caches = new Caches({
      ...{ transport, clock, random, namespaces },
      onChange: (kind, change) => this.#changed(kind, change),
      onRestart: (kind, reason) => observer.onRestart(kind, reason),
      onHandlerError: (error) => observer.onHandlerError(error),
    });
  }

  /** What waits and what is worked on; undefined while another leads. */
  queueState(name: QueueName): WorkQueue['state'] | undefined {
    return this.#queues?.[name].state;
  }

  /** Milliseconds that the longest pass has taken so far; 0 where there is none. */
  longestPassMs(name: QueueName): number {
    const now = this.#options.clock.monotonicMs();
    return Math.max(0, ...[...this.#taken[name].values()].map((startMs) => now - startMs));
  }

  start(): void {
    this.caches.start();
  }

  async stop(): Promise<void> {
    await this.caches.stop();
  }

  /** Works until it is aborted, and resolves when the last pass has ended. */
  async lead(signal: AbortSignal): Promise<void> {
    const { clock, random, observer } = this.#options;
    await Promise.race([this.caches.whenSynced(), aborted(signal)]);
    if (signal.aborted) return;
    const queue = () => new WorkQueue({ clock, random, backoff: retryDelays });
    const queues = { deidjob: queue(), deidprofile: queue() };
    const poller = this.#poller();
    const memories = new JobMemories();
    const work = this.#work(poller, memories);
    this.#queues = queues;
    this.#memories = memories;
    for (const object of this.caches.all('deidprofiles')) this.#add('deidprofile', objectKey(object));
    // Jobs that wait for us come before those that are over.
    const [over, waiting] = partition(this.caches.all('deidjobs'), isOver);
    for (const object of [...waiting, ...over]) this.#add('deidjob', objectKey(object));
    const loops = queueNames.map((name) =>
      workLoop(
        {
          ...{ queue: queues[name], clock, passTimeoutMs, workers: workers[name] },
          work: (key, passSignal) => this.#timed(name, key, () => work[name](key, passSignal)),
          onPass: (pass) => observer.onPass(name, pass),
        },
        signal,
      ),
    );
    const polling = poller.run(signal);
    await aborted(signal);
    this.#queues = undefined;
    this.#memories = undefined;
    for (const name of queueNames) this.#waiting[name].clear();
    await Promise.all(queueNames.map((name) => queues[name].close()));
    await Promise.all([...loops, polling]);
  }

  #work(poller: ProgressPoller, memories: JobMemories) {
    const { transport, clock, settings, observer } = this.#options;
    const { caches } = this;
    const reconciler = new JobReconciler({
      ...{ transport, clock, caches, settings, memories },
      progressOf: (uid, attempt) => poller.progressOf(uid, attempt),
      onStatus: (change) => observer.onStatus(change),
      onStarted: (sinceCreationMs) => observer.onStarted(sinceCreationMs),
      onUploadsLeft: (object) => observer.onUploadsLeft(object),
    });
    return {
      deidjob: (key: string, signal: AbortSignal) => reconciler.reconcile(key, signal),
      deidprofile: (key: string, signal: AbortSignal) =>
        reconcileProfile({ transport, clock, caches }, key, signal),
    };
  }

  #poller(): ProgressPoller {
    const { transport, clock, readCounters, pollPeriodMs = defaultPollPeriodMs } = this.#options;
    return new ProgressPoller({
      ...{ clock, readCounters, periodMs: pollPeriodMs, requestsPerSecond: pollsPerSecond },
      jobs: () => this.caches.all('jobs'),
      runningPods: async (namespace, uid, signal) => {
        const query = {
          labelSelector: `batch.kubernetes.io/controller-uid=${uid}`,
          fieldSelector: 'status.phase=Running',
          limit: 500,
        };
        return podsOf(await transport.call(resourcePath(resources.pods, { namespace }), { query, signal }));
      },
      onNews: (child) => this.#addOwner(child, 'regular'),
    });
  }

  async #timed<T>(name: QueueName, key: string, act: () => Promise<T>): Promise<T> {
    const now = this.#options.clock.monotonicMs();
    this.#options.observer.onTaken(name, now - (this.#waiting[name].get(key) ?? now));
    this.#waiting[name].delete(key);
    this.#taken[name].set(key, now);
    try {
      return await act();
    } finally {
      this.#taken[name].delete(key);
    }
  }

  #add(name: QueueName, key: string, line: Line = 'regular'): void {
    if (this.#queues === undefined) return;
    const waiting = this.#waiting[name];
    if (!waiting.has(key)) waiting.set(key, this.#options.clock.monotonicMs());
    this.#queues[name].add(key, line);
    this.#options.observer.onAdded(name);
  }

  /** The job whose child this is, by its label. */
  #addOwner({ metadata }: KubeObject, line: Line): void {
    const owner = metadata.labels?.[jobLabel];
    if (owner !== undefined) this.#add('deidjob', `${metadata.namespace}/${owner}`, line);
  }

  #changed(kind: Watched, change: Change): void {
    switch (kind) {
      case 'jobs':
        // A step may have ended, and pods wait for the next: behind a crowd of new jobs they would wait long.
        this.#addOwner(change.object, 'express');
        return;
      case 'deidjobs':
        this.#memories?.cached(objectKey(change.object), change.object);
        if (isNews(change)) this.#add('deidjob', objectKey(change.object));
        if (change.kind === 'deleted') this.#options.observer.onGone(change.object.metadata.uid);
        return;
      case 'deidprofiles':
        if (!isNews(change)) return;
        this.#add('deidprofile', objectKey(change.object));
        for (const job of this.caches.all('deidjobs')) {
          if (waitsFor(job, change.object)) this.#add('deidjob', objectKey(job));
        }
        return;
      default:
        kind satisfies never;
    }
  }
}

function isOver({ status }: KubeObject): boolean {
  return textOf(objectOf(status).completionTime) !== '';
}

function partition<T>(
  items: readonly T[],
  test: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

/** Whether anything but the status, which is our own word, has changed. */
function isNews(change: Change): boolean {
  if (change.kind !== 'modified') return true;
  const { metadata: is } = change.object;
  const { metadata: was } = change.before;
  return (
    is.generation !== was.generation ||
    is.deletionTimestamp !== was.deletionTimestamp ||
    JSON.stringify(is.labels) !== JSON.stringify(was.labels)
  );
}

/** Whether the job refers to the profile and has no run spec of its own yet. */
function waitsFor(job: KubeObject, profile: KubeObject): boolean {
  return (
    job.metadata.namespace === profile.metadata.namespace &&
    objectOf(job.status).runSpec === undefined &&
    textOf(objectOf(objectOf(job.spec).profileRef).name) === profile.metadata.name
  );
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
