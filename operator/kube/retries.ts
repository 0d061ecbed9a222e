/**
 * Which calls are tried again, when, and how often: a decision over what is known of a call and its error, and a budget that
 * all calls share, so that a server in trouble is not asked more often than one that is well.
 */
import type { ApiError } from './api-error.ts';
import { type Backoff, backoffMs } from './backoff.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const contentTypes = {
  json: 'application/json',
  /** RFC 7386. */
  mergePatch: 'application/merge-patch+json',
  /** RFC 6902. */
  jsonPatch: 'application/json-patch+json',
  /** Server-side apply; JSON is YAML. */
  apply: 'application/apply-patch+yaml',
} as const;
export type ContentType = (typeof contentTypes)[keyof typeof contentTypes];

/**
 * Whether carrying a request out twice comes to the same as once. The answer may differ: a second update under a resource
 * version is a conflict, a second deletion finds nothing.
 */
export function isIdempotent(method: Method, contentType: ContentType): boolean {
  switch (method) {
    case 'GET':
    case 'PUT':
    case 'DELETE':
      return true;
    case 'PATCH':
      return contentType === contentTypes.mergePatch || contentType === contentTypes.apply;
    case 'POST':
      return false;
    default:
      return method satisfies never;
  }
}

export interface FailedTry {
  readonly error: ApiError;
  readonly idempotent: boolean;
  /** Tries so far, 1 or more. */
  readonly tries: number;
}

export interface RetryRules {
  readonly backoff: Backoff;
  /** Tries of one call, the first included. */
  readonly maxTries: number;
  /** A server that asks for a longer rest than this is not waited for: the error, which says how long, goes to the caller. */
  readonly longestRetryAfterMs: number;
}

/** Milliseconds until the next try; undefined where there is to be none. Budget and abort are the caller's to look at. */
export function retryDelayMs(
  rules: RetryRules,
  { error, idempotent, tries }: FailedTry,
  random: () => number,
): number | undefined {
  if (tries >= rules.maxTries || !error.isRetryable || !(idempotent || error.isHarmless)) return undefined;
  const { retryAfterMs = 0 } = error;
  if (retryAfterMs > rules.longestRetryAfterMs) return undefined;
  // Those whom the server sends away together do not come back together.
  const shareOfChance = retryAfterMs * rules.backoff.jitter * 0.1 * random();
  return Math.max(backoffMs(rules.backoff, tries, random), retryAfterMs + shareOfChance);
}

/** Retries that may be made at once; each costs one, and each call that goes well gives a tenth back. */
export class RetryBudget {
  readonly #full: number;
  #left: number;

  constructor(full: number) {
    this.#full = full;
    this.#left = full;
  }

  /** Whether a retry may be made; if so, it is paid for. */
  take(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  wentWell(): void {
    this.#left = Math.min(this.#full, this.#left + 0.1);
  }
}
