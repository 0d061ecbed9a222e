/**
 * Calls to the API server: raw JSON over few HTTP/1.1 connections that are kept. Every call has a deadline, every failure is an
 * {@link ApiError}, and what may be tried again is.
 */
import { Agent, type Dispatcher } from 'undici';
import { ApiError, connectionError, localReasons, refusalError } from './api-error.ts';
import type { Backoff } from './backoff.ts';
import { type Clock, sleep } from './clock.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { JsonLineError, jsonLines } from './json-lines.ts';
import { type RequestInfo, requestInfo } from './resource.ts';
import {
  type ContentType,
  contentTypes,
  isIdempotent,
  type Method,
  RetryBudget,
  retryDelayMs,
} from './retries.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallOptions {
  /** GET where there is none. */
  readonly method?: Method;
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Of the body; by default a merge patch for PATCH, else plain JSON. */
  readonly contentType?: ContentType;
  readonly signal?: AbortSignal;
  /** Milliseconds that each try may take until its answer is whole. */
  readonly timeoutMs?: number;
  /** Tries at most, the first included. */
  readonly maxTries?: number;
}

export interface WatchOptions {
  readonly query?: Query;
  readonly signal?: AbortSignal;
  /** Milliseconds until the answer begins. How long it then lasts is the caller's to watch over. */
  readonly timeoutMs?: number;
}

export interface Transport {
  /** The answer's JSON; undefined where it has no body. Throws {@link ApiError} alone. */
  call(path: string, options?: CallOptions): Promise<unknown>;
  /**
   * Resolves when the server has accepted, to one value per line until the server ends the stream. Aborting and breaking
   * off throw {@link ApiError} in the loop; leaving the loop closes the connection. One try.
   */
  watch(path: string, options?: WatchOptions): Promise<AsyncIterable<unknown>>;
  /** Breaks off what is under way and closes all connections. */
  close(): Promise<void>;
}

/** One try of a call, as metrics count it. */
export interface FinishedTry extends RequestInfo {
  /** HTTP status; 0 where there was no answer. */
  readonly code: number;
  /** Until the answer was whole; of watches, until it began. */
  readonly durationMs: number;
}

export interface TransportOptions {
  readonly access: ClusterAccess;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly userAgent: string;
  readonly onTry?: (finished: FinishedTry) => void;
  readonly backoff?: Backoff;
}

const defaultBackoff: Backoff = { baseMs: 200, maximumMs: 10_000, jitter: 0.5 };
const defaultTimeoutMs = 30_000;
const defaultMaxTries = 4;
const longestRetryAfterMs = 30_000;
const retriesAtOnce = 50;
/** An error is read thus far: a Status is short, the page of a proxy may not be. */
const longestErrorBytes = 65_536;

/**
 * A pool of connections. HTTP/2 is off: requests in flight hang when the server says goodbye. Calls and watches have a pool each,
 * so that many watches leave room for calls.
 */
function pool({ trust }: ClusterAccess, connections: number | null): Agent {
  const given = Object.fromEntries(Object.entries(trust).filter(([, value]) => value !== undefined));
  return new Agent({
    allowH2: false,
    connections,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { ...given, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 },
  });
}

interface Request {
  readonly path: string;
  readonly method: Method;
  readonly info: RequestInfo;
  readonly body?: string | undefined;
  readonly contentType?: ContentType | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
}

export function createTransport(options: TransportOptions): Transport {
  const { access, clock, random, userAgent, onTry = () => {}, backoff = defaultBackoff } = options;
  const { origin, pathname } = new URL(access.server);
  const base = pathname.replace(/\/+$/, '');
  const calls = pool(access, 64);
  const watches = pool(access, null);
  const budget = new RetryBudget(retriesAtOnce);

  /** One try. `read` takes the answer over while the deadline still holds, unless it says that it goes on by itself. */
  async function tryOnce<T>(
    request: Request,
    read: (answer: Dispatcher.ResponseData) => Promise<T>,
  ): Promise<T> {
    const call = callName(request.info);
    const deadline = deadlineSignal(clock, request.timeoutMs, request.signal);
    const startMs = clock.monotonicMs();
    let code = 0;
    try {
      const answer = await (request.info.verb === 'watch' ? watches : calls).request({
        origin,
        path: base + request.path,
        method: request.method,
        headers: {
          accept: 'application/json',
          'user-agent': userAgent,
          ...(request.contentType === undefined ? {} : { 'content-type': request.contentType }),
          ...(await credentials(access, call)),
        },
        body: request.body ?? null,
        signal: deadline.signal,
      });
      code = answer.statusCode;
      if (code < 200 || code > 299) throw await refusal(call, answer, clock.now());
      return await read(answer);
    } catch (error) {
      throw deadline.error(call) ?? (error instanceof ApiError ? error : connectionError(call, error));
    } finally {
      deadline.end();
      onTry({ ...request.info, code, durationMs: clock.monotonicMs() - startMs });
    }
  }

  /** One try, and a second one with fresh credentials where the server did not know us. */
  async function tryKnown<T>(
    request: Request,
    read: (answer: Dispatcher.ResponseData) => Promise<T>,
  ): Promise<T> {
    try {
      return await tryOnce(request, read);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 401) throw error;
      access.refused();
      return tryOnce(request, read);
    }
  }

  return {
    async call(path, { method = 'GET', query, body, signal, ...rest } = {}) {
      const contentType =
        rest.contentType ?? (method === 'PATCH' ? contentTypes.mergePatch : contentTypes.json);
      const request: Request = {
        path: path + queryText(query),
        method,
        info: requestInfo(method, path, false),
        ...(body === undefined ? {} : { body: JSON.stringify(body), contentType }),
        signal,
        timeoutMs: rest.timeoutMs ?? defaultTimeoutMs,
      };
      const rules = { backoff, maxTries: rest.maxTries ?? defaultMaxTries, longestRetryAfterMs };
      const idempotent = isIdempotent(method, contentType);
      for (let tries = 1; ; tries += 1) {
        try {
          const result = await tryKnown(request, (answer) => wholeJson(callName(request.info), answer));
          budget.wentWell();
          return result;
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          const delayMs = retryDelayMs(rules, { error, idempotent, tries }, random);
          if (delayMs === undefined || !budget.take()) throw error;
          await sleep(clock, delayMs, signal ?? never);
        }
      }
    },

    watch(path, { query, signal, timeoutMs = defaultTimeoutMs } = {}) {
      const info = requestInfo('GET', path, true);
      const request: Request = { path: path + queryText(query), method: 'GET', info, signal, timeoutMs };
      return tryKnown(request, async (answer) => watchLines(callName(info), answer, signal));
    },

    close: async () => {
      await Promise.all([calls.destroy(), watches.destroy()]);
    },
  };
}

/** Never aborted, and never listened to for longer than a call's rest. */
const never = new AbortController().signal;

function callName({ verb, resource }: RequestInfo): string {
  return resource === '' ? verb : `${verb} ${resource}`;
}

function queryText(query: Query = {}): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) text.set(name, String(value));
  return text.size === 0 ? '' : `?${text}`;
}

async function credentials(access: ClusterAccess, call: string): Promise<Readonly<Record<string, string>>> {
  try {
    return await access.headers();
  } catch {
    // What failed may quote a path or a program's output.
    throw new ApiError({ call, code: 0, reason: localReasons.unreachable, detail: 'no credentials' });
  }
}

interface Deadline {
  readonly signal: AbortSignal;
  /** Why the signal was aborted, as an error of the call; undefined where it was not. */
  error(call: string): ApiError | undefined;
  end(): void;
}

function deadlineSignal(clock: Clock, timeoutMs: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const cancel = clock.after(timeoutMs, () => controller.abort());
  const abort = () => controller.abort();
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    error: (call) => {
      if (!controller.signal.aborted) return undefined;
      return outer?.aborted ? aborted(call) : new ApiError({ call, code: 0, reason: localReasons.timeout });
    },
    end: () => {
      cancel();
      outer?.removeEventListener('abort', abort);
    },
  };
}

function aborted(call: string): ApiError {
  return new ApiError({ call, code: 0, reason: localReasons.aborted });
}

async function wholeJson(call: string, { body, statusCode }: Dispatcher.ResponseData): Promise<unknown> {
  const text = await body.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError({ call, code: statusCode, reason: localReasons.notAnApiServer });
  }
}

async function refusal(call: string, answer: Dispatcher.ResponseData, now: Date): Promise<ApiError> {
  const { statusCode: code, headers, body } = answer;
  const retryAfter = headers['retry-after'];
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > longestErrorBytes) break;
  }
  return refusalError({
    call,
    code,
    body: Buffer.concat(chunks).toString('utf8'),
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    now,
  });
}

async function* watchLines(
  call: string,
  { body, statusCode }: Dispatcher.ResponseData,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown> {
  const abort = () => body.destroy();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  try {
    yield* jsonLines(body);
    if (signal?.aborted) throw aborted(call);
  } catch (error) {
    if (signal?.aborted) throw aborted(call);
    if (error instanceof JsonLineError)
      throw new ApiError({ call, code: statusCode, reason: localReasons.notAnApiServer });
    throw error instanceof ApiError ? error : connectionError(call, error);
  } finally {
    signal?.removeEventListener('abort', abort);
    body.destroy();
  }
}
