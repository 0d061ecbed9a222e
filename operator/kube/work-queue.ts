/**
 * A queue of keys. A key is worked on by one worker at a time, waits at most once however often it is added, and is
 * never lost: one that is added while it is worked on comes back when that work is done.
 */
import { type Backoff, backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Delays of {@link WorkQueue.retry}, per key. */
  readonly backoff: Backoff;
}

/** What waits to be done, as metrics report it. */
export interface WorkQueueState {
  /** Keys that a worker could take now. */
  readonly ready: number;
  /** Keys that are worked on. */
  readonly processing: number;
  /** Keys whose time has not come yet. */
  readonly delayed: number;
}

interface Delayed {
  readonly dueMs: number;
  readonly cancel: () => void;
}

export class WorkQueue {
  readonly #options: WorkQueueOptions;
  /** In the order in which they are handed out. Every one is dirty and none is processing. */
  readonly #ready = new Set<string>();
  /** Must be worked on, now or when the present work on it is done. */
  readonly #dirty = new Set<string>();
  readonly #processing = new Set<string>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #failures = new Map<string, number>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #closed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  get state(): WorkQueueState {
    return { ready: this.#ready.size, processing: this.#processing.size, delayed: this.#delayed.size };
  }

  /** Has the key worked on as soon as a worker is free. A delay that it waited for is void. */
  add(key: string): void {
    if (this.#closed) return;
    this.#undelay(key);
    this.#dirty.add(key);
    if (!this.#processing.has(key)) this.#offer(key);
  }

  /** Adds the key later. Of two delays the shorter one counts. */
  addAfter(key: string, delayMs: number): void {
    if (this.#closed) return;
    const { clock } = this.#options;
    const dueMs = clock.monotonicMs() + delayMs;
    const present = this.#delayed.get(key);
    if (present !== undefined && present.dueMs <= dueMs) return;
    this.#undelay(key);
    const cancel = clock.after(delayMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { dueMs, cancel });
  }

  /** Adds the key after a delay that grows with each call until {@link forget}; gives the delay in milliseconds. */
  retry(key: string): number {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const delayMs = backoffMs(this.#options.backoff, failures, this.#options.random);
    this.addAfter(key, delayMs);
    return delayMs;
  }

  /** The work on the key went well, or the key is gone: the next failure is its first. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** The next key, which then belongs to the caller until {@link done}; undefined once the queue is closed. */
  take(): Promise<string | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const [key] = this.#ready;
    if (key !== undefined) return Promise.resolve(this.#begin(key));
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** The caller's work on the key has ended, well or not. */
  done(key: string): void {
    this.#processing.delete(key);
    if (this.#dirty.has(key) && !this.#closed) this.#offer(key);
    if (this.#processing.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Hands out no key any more and drops those that wait; resolves once no key is worked on. */
  close(): Promise<void> {
    this.#closed = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#ready.clear();
    this.#dirty.clear();
    for (const resolve of this.#takers.splice(0)) resolve(undefined);
    if (this.#processing.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #undelay(key: string): void {
    this.#delayed.get(key)?.cancel();
    this.#delayed.delete(key);
  }

  #offer(key: string): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#ready.add(key);
    else taker(this.#begin(key));
  }

  #begin(key: string): string {
    this.#ready.delete(key);
    this.#dirty.delete(key);
    this.#processing.add(key);
    return key;
  }
}
