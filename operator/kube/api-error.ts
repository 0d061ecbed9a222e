/**
 * What went wrong with a call to the API server. One class, asked by its properties and never by its message. Messages are
 * short and hold neither bodies nor headers nor values that were sent.
 */
import { members } from './json.ts';

/** Reasons of errors that no API server has given. */
export const localReasons = {
  /** The request was never sent: no connection came about. */
  unreachable: 'Unreachable',
  /** The request may have been carried out: the connection broke before the answer was whole. */
  noAnswer: 'NoAnswer',
  /** As before, but time ran out. */
  timeout: 'Timeout',
  /** The server's certificate is not trusted, or another failure that waiting does not mend. */
  refusedConnection: 'RefusedConnection',
  /** The caller called it off. */
  aborted: 'Aborted',
  /** Something answered that is no API server: a proxy, a sign-in page. */
  notAnApiServer: 'NotAnApiServer',
} as const;

/** A field that the server found wrong, and the kind of wrong (`FieldValueInvalid`); never the value. */
export interface ApiErrorCause {
  readonly field: string;
  readonly reason: string;
}

export interface ApiErrorFacts {
  /** Verb and resource, such as `update jobs/status`. */
  readonly call: string;
  /** HTTP status; 0 where there was no answer. */
  readonly code: number;
  /** `reason` of the Status that the server sent, or one of {@link localReasons}. */
  readonly reason: string;
  readonly detail?: string;
  /** Milliseconds that the server asks to wait before the next try. */
  readonly retryAfterMs?: number | undefined;
  readonly causes?: readonly ApiErrorCause[];
}

const waitingMayHelp: ReadonlySet<string> = new Set([
  localReasons.unreachable,
  localReasons.noAnswer,
  localReasons.timeout,
  localReasons.notAnApiServer,
]);

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  readonly causes: readonly ApiErrorCause[];

  constructor({ call, code, reason, detail = '', retryAfterMs, causes = [] }: ApiErrorFacts) {
    super(`${call}: ${code === 0 ? '' : `${code} `}${reason}${detail === '' ? '' : ` (${bounded(detail)})`}`);
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.causes = causes;
  }

  /** Somebody else has written the object since it was read. */
  get isConflict(): boolean {
    return this.code === 409 && this.reason === 'Conflict';
  }

  get isAlreadyExists(): boolean {
    return this.code === 409 && this.reason === 'AlreadyExists';
  }

  /** The API server says that there is no such object; a 404 of anything else between says nothing of the kind. */
  get isNotFound(): boolean {
    return this.code === 404 && this.reason === 'NotFound';
  }

  /** The resource version or list position is too old: list anew. */
  get isGone(): boolean {
    return this.code === 410;
  }

  get isAborted(): boolean {
    return this.reason === localReasons.aborted;
  }

  /** Whether the same call may succeed later, without a change by anybody. Says nothing about whether it was carried out. */
  get isRetryable(): boolean {
    if (this.isConflict || this.isGone) return false;
    return this.code === 408 || this.code === 429 || this.code >= 500 || waitingMayHelp.has(this.reason);
  }

  /** Whether the call was certainly not carried out, so that even a creation may be tried again. */
  get isHarmless(): boolean {
    return this.code === 429 || this.code === 401 || this.reason === localReasons.unreachable;
  }
}

const longestDetail = 256;

/** One printable line of bounded length. */
function bounded(text: string): string {
  const line = text.replace(/[\s\p{C}]+/gu, ' ').trim();
  return line.length <= longestDetail ? line : `${line.slice(0, longestDetail - 1)}…`;
}

/** Codes of connections that never came about. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Codes of connections that broke. */
const broken = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
]);

/** The error of a call that got no answer. */
export function connectionError(call: string, error: unknown): ApiError {
  const code = errorCode(error);
  const reason = neverSent.has(code)
    ? localReasons.unreachable
    : broken.has(code) || code.startsWith('HPE_')
      ? localReasons.noAnswer
      : localReasons.refusedConnection;
  return new ApiError({ call, code: 0, reason, detail: code });
}

/** The constant that names an error of the platform; empty where there is none. */
function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return errorCode(error.cause);
}

/** What an answer other than success says. */
export interface Refusal {
  readonly call: string;
  readonly code: number;
  /** The body, or its beginning. */
  readonly body: string;
  /** The header Retry-After. */
  readonly retryAfter: string | undefined;
  readonly now: Date;
}

/** The error of an answer other than success, whoever gave it. */
export function refusalError({ call, code, body, retryAfter, now }: Refusal): ApiError {
  const retryAfterMs = retryAfterHeaderMs(retryAfter, now);
  const status = parsedStatus(body);
  if (status === undefined) {
    return new ApiError({ call, code, reason: localReasons.notAnApiServer, retryAfterMs });
  }
  return statusError(call, { code, ...status }, retryAfterMs);
}

/** The error that a `Status` object tells of, as it also comes in ERROR events of watches. */
export function statusError(
  call: string,
  status: Readonly<Record<string, unknown>>,
  retryAfterMs?: number,
): ApiError {
  const details = members(status.details);
  const seconds = details.retryAfterSeconds;
  const causes = (Array.isArray(details.causes) ? details.causes : [])
    .map(members)
    .filter(({ field }) => typeof field === 'string')
    .slice(0, 10)
    .map(({ field, reason }) => ({ field: bounded(String(field)), reason: bounded(text(reason)) }));
  const code = typeof status.code === 'number' ? status.code : 0;
  return new ApiError({
    call,
    code,
    reason: /^[A-Za-z]{1,60}$/.test(text(status.reason)) ? text(status.reason) : 'Unknown',
    detail: statusDetail(code, text(status.message), causes),
    retryAfterMs: retryAfterMs ?? (typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined),
    causes,
  });
}

/** Answers that quote what was sent: of those, fields are named and quoted text is left out. */
const quotingCodes = new Set([400, 422]);

function statusDetail(code: number, message: string, causes: readonly ApiErrorCause[]): string {
  if (!quotingCodes.has(code)) return message;
  if (causes.length > 0) return causes.map(({ field, reason }) => `${field} ${reason}`).join(', ');
  return message.replace(/"(?:[^"\\]|\\.)*"?/g, '"…"');
}

function parsedStatus(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const status = members(JSON.parse(body));
    return status.kind === 'Status' ? status : undefined;
  } catch {
    return undefined;
  }
}

/** Retry-After in seconds or as a date (RFC 9110, 10.2.3), in milliseconds from `now`. */
function retryAfterHeaderMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - now.getTime());
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
