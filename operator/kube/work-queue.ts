/**
 * A queue of keys. A key is worked on by one worker at a time, waits at most once however often it is added, and is
 * never lost: one that is added while it is worked on comes back when that work is done. Keys stand in two lines, served by turns.
 */
import { type Backoff, backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import { type Line, ReadyKeys } from './ready-keys.ts';

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
  /** Every one is dirty and none is processing. */
  readonly #ready = new ReadyKeys();
  /** Must be worked on, now or when the present work on it is done; with the line that it stands in. */
  readonly #dirty = new Map<string, Line>();
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
  add(key: string, line: Line = 'regular'): void {
    if (this.#closed) return;
    this.#undelay(key);
    if (line === 'express' || !this.#dirty.has(key)) this.#dirty.set(key, line);
    if (!this.#processing.has(key)) this.#offer(key, line);
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
    const key = this.#ready.shift();
    if (key !== undefined) return Promise.resolve(this.#begin(key));
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** The caller's work on the key has ended, well or not. */
  done(key: string): void {
    this.#processing.delete(key);
    const line = this.#dirty.get(key);
    if (line !== undefined && !this.#closed) this.#offer(key, line);
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

  #offer(key: string, line: Line): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#ready.add(key, line);
    else taker(this.#begin(key));
  }

  #begin(key: string): string {
    this.#dirty.delete(key);
    this.#processing.add(key);
    return key;
  }
}
