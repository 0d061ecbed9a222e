/**
 * Keeps a store equal to what the API server has of one kind of object: lists in pages, then watches, and starts over where
 * that is needed. News may be late, never lost; states in between may be skipped.
 */
import { ApiError, localReasons, statusError } from './api-error.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import { type Clock, sleep } from './clock.ts';
import { members } from './json.ts';
import { isKubeObject, type KubeObject, withoutManagedFields } from './object.ts';
import { type Change, type IndexFunction, ObjectStore, type ReadableStore } from './object-store.ts';
import { type Resource, resourcePath } from './resource.ts';
import type { Query, Transport } from './transport.ts';

/**
 * Why a watch was followed by another:
 * - `ended`: the server closed it, as it does after some minutes.
 * - `idle`: nothing came for {@link idleTimeoutMs}, not even a bookmark.
 * - `gone`: the server no longer knows the version; everything was listed anew.
 * - `error`: it broke, or was refused.
 */
export type RestartReason = 'ended' | 'idle' | 'gone' | 'error';

export interface ReflectorOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly resource: Resource;
  /** Undefined for all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly index?: IndexFunction;
  /** What of an object is kept: the store and `onChange` see no more of it. Default: all but `managedFields`. */
  readonly reduce?: (object: KubeObject) => KubeObject;
  /**
   * Called in order with each change, after the store has it. What it throws goes to `onHandlerError` and harms nobody. `list`
   * marks what was there before the watch began: less urgent than news.
   */
  readonly onChange: (change: Change, origin: 'list' | 'watch') => void;
  readonly onHandlerError?: (error: unknown) => void;
  readonly onRestart?: (reason: RestartReason, error: ApiError | undefined) => void;
  readonly backoff?: Backoff;
}

/** A watch from which nothing comes for so long is broken off. Servers send a bookmark about once a minute. */
export const idleTimeoutMs = 120_000;

const pageSize = 500;
const defaultBackoff: Backoff = { baseMs: 800, maximumMs: 30_000, jitter: 0.5 };
/** A watch that lived for so long went well: the next failure is then the first. */
const livedMs = 1000;
/** Failures in a row after which the version itself is no longer trusted: a server restored from a backup is behind it. */
const failuresBeforeRelist = 5;

/** How one watch went. */
interface Ending {
  readonly reason: RestartReason;
  readonly error?: ApiError;
  readonly wentWell: boolean;
}

export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #store: ObjectStore;
  readonly #path: string;
  readonly #stopping = new AbortController();
  readonly #whenSynced = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;
  /** Where the next watch goes on; undefined where everything must be listed first. */
  #version: string | undefined;
  #isSynced = false;
  #lastHeardMs: number;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#store = new ObjectStore(options.index);
    this.#path = resourcePath(options.resource, { namespace: options.namespace });
    this.#lastHeardMs = options.clock.monotonicMs();
  }

  get store(): ReadableStore {
    return this.#store;
  }

  /** Whether everything has been listed once. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Resolves once everything has been listed; never, where it is stopped before. */
  get whenSynced(): Promise<void> {
    return this.#whenSynced.promise;
  }

  /** When the server was last heard of (monotonic milliseconds): an event, a bookmark, a list. */
  get lastHeardMs(): number {
    return this.#lastHeardMs;
  }

  /** Begins; once. */
  start(): void {
    this.#running ??= this.#run(this.#stopping.signal);
  }

  /** Ends list, watch and rest alike; afterwards nothing is open and `onChange` is not called. For good. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random, onRestart, backoff = defaultBackoff } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      const { reason, error, wentWell } = await this.#listAndWatch(signal);
      if (signal.aborted) return;
      onRestart?.(reason, error);
      if (wentWell) {
        failures = 0;
        continue;
      }
      const isFirstGone = reason === 'gone' && failures === 0;
      failures += 1;
      if (reason === 'gone' || failures % failuresBeforeRelist === 0) this.#version = undefined;
      if (isFirstGone) continue;
      await sleep(clock, Math.max(backoffMs(backoff, failures, random), error?.retryAfterMs ?? 0), signal);
    }
  }

  async #listAndWatch(signal: AbortSignal): Promise<Ending> {
    const { clock } = this.#options;
    const idle = new AbortController();
    let startMs = Number.POSITIVE_INFINITY;
    const hasLived = () => clock.monotonicMs() - startMs >= livedMs;
    try {
      if (this.#version === undefined) await this.#list(signal);
      if (signal.aborted) return { reason: 'ended', wentWell: false };
      startMs = clock.monotonicMs();
      for await (const event of await this.#watch(signal, idle)) {
        this.#take(event);
        if (signal.aborted) break;
      }
      return { reason: 'ended', wentWell: hasLived() };
    } catch (thrown) {
      const error = thrown instanceof ApiError ? thrown : this.#unexpected();
      if (idle.signal.aborted) return { reason: 'idle', wentWell: hasLived() };
      return { reason: error.isGone ? 'gone' : 'error', error, wentWell: error.code === 0 && hasLived() };
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const objects: KubeObject[] = [];
    let page: Readonly<Record<string, unknown>>;
    let next: unknown;
    do {
      const position = typeof next === 'string' && next !== '' ? { continue: next } : {};
      const query = { ...this.#selection(), limit: pageSize, ...position };
      page = members(await this.#options.transport.call(this.#path, { query, signal }));
      for (const item of Array.isArray(page.items) ? page.items : [undefined])
        objects.push(this.#object(item, page));
      next = members(page.metadata).continue;
    } while (typeof next === 'string' && next !== '');
    const { resourceVersion } = members(page.metadata);
    if (typeof resourceVersion !== 'string') throw this.#unexpected();
    if (signal.aborted) return;
    this.#version = resourceVersion;
    this.#heard();
    this.#tell(this.#store.replace(objects), 'list');
    this.#isSynced = true;
    this.#whenSynced.resolve();
  }

  /** A watch that is broken off when nothing comes for too long. */
  async #watch(signal: AbortSignal, idle: AbortController): Promise<AsyncIterable<unknown>> {
    const { transport, clock, random } = this.#options;
    const query = {
      ...this.#selection(),
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: this.#version,
      timeoutSeconds: 300 + Math.floor(300 * random()),
    };
    const either = AbortSignal.any([signal, idle.signal]);
    let cancel = () => {};
    const look = (delayMs: number) => {
      cancel = clock.after(delayMs, () => {
        const leftMs = this.#lastHeardMs + idleTimeoutMs - clock.monotonicMs();
        if (leftMs > 0) look(leftMs);
        else idle.abort();
      });
    };
    const events = await transport.watch(this.#path, { query, signal: either });
    this.#heard();
    return (async function* () {
      look(idleTimeoutMs);
      try {
        yield* events;
      } finally {
        cancel();
      }
    })();
  }

  #take(event: unknown): void {
    this.#heard();
    const { type, object } = members(event);
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
        this.#tell(this.#store.put(this.#object(object)), 'watch');
        break;
      case 'DELETED':
        this.#tell(this.#store.remove(this.#object(object)), 'watch');
        break;
      case 'BOOKMARK':
        break;
      case 'ERROR':
        throw statusError(this.#call(), members(object));
      default:
        throw this.#unexpected();
    }
    const { resourceVersion } = members(members(object).metadata);
    if (typeof resourceVersion !== 'string') throw this.#unexpected();
    this.#version = resourceVersion;
  }

  #tell(changes: readonly Change[], origin: 'list' | 'watch'): void {
    const { onChange, onHandlerError } = this.#options;
    for (const change of changes) {
      try {
        onChange(change, origin);
      } catch (error) {
        onHandlerError?.(error);
      }
    }
  }

  /** Items of lists bear neither kind nor version of their own: the list says them. */
  #object(value: unknown, list: Readonly<Record<string, unknown>> = {}): KubeObject {
    if (!isKubeObject(value)) throw this.#unexpected();
    const { reduce = (whole: KubeObject) => whole } = this.#options;
    const object = reduce(withoutManagedFields(value));
    const { apiVersion, kind } = list;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return object;
    return { apiVersion, kind: kind.replace(/List$/, ''), ...object };
  }

  #selection(): Query {
    return { labelSelector: this.#options.labelSelector };
  }

  #heard(): void {
    this.#lastHeardMs = this.#options.clock.monotonicMs();
  }

  #call(): string {
    return `watch ${this.#options.resource.plural}`;
  }

  #unexpected(): ApiError {
    return new ApiError({ call: this.#call(), code: 200, reason: localReasons.notAnApiServer });
  }
}
