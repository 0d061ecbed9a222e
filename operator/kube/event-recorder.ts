/**
 * Events (events.k8s.io/v1) for people who look at an object. Recording never waits and never fails: what cannot be sent, or
 * comes too fast, is dropped and counted. The same reason of the same object again is one Event with a growing series.
 */
import { ApiError } from './api-error.ts';
import { type Clock, sleep } from './clock.ts';
import { isKubeObject, type KubeObject } from './object.ts';
import { resourcePath } from './resource.ts';
import type { Transport } from './transport.ts';

export interface EventRecorderOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Name of the controller, such as `example.com/thing-controller`, and of this process of it. */
  readonly controller: string;
  readonly instance: string;
  readonly onDropped?: (why: 'rate' | 'refused') => void;
  readonly limits?: EventLimits;
}

export interface EventLimits {
  /** Events that may be sent at once; each millisecond gives a part of one back. */
  readonly burst: number;
  readonly perSecond: number;
  /** Events that may wait to be sent. */
  readonly waiting: number;
  /** Between two writes of one series. */
  readonly seriesIntervalMs: number;
  /** A series to which nothing was added for so long is over. */
  readonly seriesEndMs: number;
}

export const defaultEventLimits: EventLimits = {
  burst: 50,
  perSecond: 5,
  waiting: 500,
  seriesIntervalMs: 30_000,
  seriesEndMs: 360_000,
};

export interface EventNews {
  readonly regarding: KubeObject;
  readonly type: 'Normal' | 'Warning';
  /** Why, in CamelCase: short, of a closed list. */
  readonly reason: string;
  /** What the controller did, in CamelCase. */
  readonly action: string;
  /** One sentence for people; cut after 1024 bytes. */
  readonly note: string;
}

const events = { group: 'events.k8s.io', version: 'v1', plural: 'events' };
const longestNoteBytes = 1024;

/** As the API's ObjectReference. */
interface ObjectReference {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** The occurrences of one reason of one object. */
interface Series {
  readonly news: Omit<EventNews, 'regarding'>;
  /** What it is about: a reference alone, as series are kept for minutes. */
  readonly regarding: ObjectReference;
  readonly firstAt: Date;
  count: number;
  lastAt: Date;
  lastAtMs: number;
  /** Where the Event lies, once it was created. */
  path: string | undefined;
  sentCount: number;
  sentAtMs: number;
  isWaiting: boolean;
}

export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #limits: EventLimits;
  readonly #series = new Map<string, Series>();
  readonly #waiting: Series[] = [];
  readonly #stopping = new AbortController();
  readonly #timers = new Set<() => void>();
  #sending: Promise<void> | undefined;
  #tokens: number;
  #tokensAtMs: number;
  #forgotAtMs: number;
  #made = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#limits = options.limits ?? defaultEventLimits;
    this.#tokens = this.#limits.burst;
    this.#tokensAtMs = options.clock.monotonicMs();
    this.#forgotAtMs = this.#tokensAtMs;
  }

  /** Has an event sent, soon and some time. */
  record(news: EventNews): void {
    if (this.#stopping.signal.aborted) return;
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#forgetEnded(nowMs);
    const key = `${news.regarding.metadata.uid} ${news.reason}`;
    const known = this.#series.get(key);
    if (known !== undefined) {
      known.count += 1;
      known.lastAt = clock.now();
      known.lastAtMs = nowMs;
      this.#later(known, known.sentAtMs + this.#limits.seriesIntervalMs - nowMs);
      return;
    }
    const at = clock.now();
    const { regarding, ...rest } = news;
    const series: Series = {
      news: rest,
      regarding: referenceTo(regarding),
      firstAt: at,
      count: 1,
      lastAt: at,
      lastAtMs: nowMs,
      path: undefined,
      sentCount: 0,
      sentAtMs: nowMs,
      isWaiting: false,
    };
    if (this.#enqueue(series)) this.#series.set(key, series);
  }

  /** Sends what waits, for `graceMs` at most, and then nothing any more. */
  async stop(graceMs: number): Promise<void> {
    const { clock } = this.#options;
    for (const cancel of this.#timers) cancel();
    for (const series of this.#series.values())
      if (series.count > series.sentCount && !this.#waiting.includes(series)) this.#enqueue(series);
    const cancel = clock.after(graceMs, () => this.#stopping.abort());
    await this.#sending;
    cancel();
    this.#stopping.abort();
  }

  #forgetEnded(nowMs: number): void {
    if (nowMs < this.#forgotAtMs + this.#limits.seriesIntervalMs) return;
    this.#forgotAtMs = nowMs;
    for (const [key, series] of this.#series)
      if (!series.isWaiting && nowMs - series.lastAtMs > this.#limits.seriesEndMs) this.#series.delete(key);
  }

  /** Sends the series' count after a while, unless it is on its way already. */
  #later(series: Series, delayMs: number): void {
    if (series.isWaiting) return;
    series.isWaiting = true;
    const cancel = this.#options.clock.after(Math.max(0, delayMs), () => {
      this.#timers.delete(cancel);
      series.isWaiting = false;
      this.#enqueue(series);
    });
    this.#timers.add(cancel);
  }

  #enqueue(series: Series): boolean {
    if (this.#waiting.length >= this.#limits.waiting) {
      this.#options.onDropped?.('rate');
      return false;
    }
    series.isWaiting = true;
    this.#waiting.push(series);
    this.#sending ??= this.#sendAll();
    return true;
  }

  async #sendAll(): Promise<void> {
    const { clock, onDropped } = this.#options;
    const { signal } = this.#stopping;
    for (let series = this.#waiting.shift(); series !== undefined; series = this.#waiting.shift()) {
      const delayMs = this.#tokenDelayMs();
      if (delayMs > 0) await sleep(clock, delayMs, signal);
      if (signal.aborted) return;
      series.isWaiting = false;
      try {
        await this.#send(series);
      } catch (error) {
        // The Event is gone after its time to live: the series goes on in a new one.
        if (error instanceof ApiError && error.isNotFound) series.path = undefined;
        onDropped?.('refused');
      }
    }
    this.#sending = undefined;
  }

  /** Takes one token of the rate; gives the milliseconds until it is there. */
  #tokenDelayMs(): number {
    const { burst, perSecond } = this.#limits;
    const nowMs = this.#options.clock.monotonicMs();
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#tokensAtMs) / 1000) * perSecond) - 1;
    this.#tokensAtMs = nowMs;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / perSecond) * 1000;
  }

  async #send(series: Series): Promise<void> {
    const { transport, clock } = this.#options;
    const { signal } = this.#stopping;
    const { count } = series;
    series.sentCount = count;
    series.sentAtMs = clock.monotonicMs();
    const occurrences = count === 1 ? {} : { series: { count, lastObservedTime: microTime(series.lastAt) } };
    if (series.path !== undefined) {
      await transport.call(series.path, { method: 'PATCH', body: occurrences, signal });
      return;
    }
    const namespace = series.regarding.namespace ?? 'default';
    const body = { ...this.#event(series, namespace), ...occurrences };
    const made = await transport.call(resourcePath(events, { namespace }), { method: 'POST', body, signal });
    if (isKubeObject(made)) series.path = resourcePath(events, { namespace, name: made.metadata.name });
  }

  #event({ news, regarding, firstAt }: Series, namespace: string): Readonly<Record<string, unknown>> {
    const { controller, instance, clock } = this.#options;
    this.#made += 1;
    const suffix = `${clock.now().getTime().toString(16)}${this.#made.toString(16).padStart(4, '0')}`;
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: `${regarding.name.slice(0, 200).replace(/[-.]+$/, '')}.${suffix}`, namespace },
      eventTime: microTime(firstAt),
      reportingController: controller,
      reportingInstance: instance.slice(0, 128),
      action: news.action,
      reason: news.reason,
      type: news.type,
      note: cut(news.note),
      regarding,
    };
  }
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): ObjectReference {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, namespace, uid, resourceVersion };
}

function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}

/** The text, or its beginning that fits. */
function cut(note: string): string {
  const bytes = Buffer.from(note);
  if (bytes.length <= longestNoteBytes) return note;
  const fits = new TextDecoder().decode(bytes.subarray(0, longestNoteBytes - 3), { stream: true });
  return `${fits}…`;
}
