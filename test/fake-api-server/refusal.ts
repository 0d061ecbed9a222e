/** An answer other than success, as the API server words it. */

export interface RefusalCause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;
  readonly causes: readonly RefusalCause[];
  /** Header Retry-After, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: number,
    reason: string,
    message = '',
    more: { readonly causes?: readonly RefusalCause[]; readonly retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.causes = more.causes ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds;
  }

  get status(): Readonly<Record<string, unknown>> {
    const { code, reason, message, causes } = this;
    const details = causes.length === 0 ? {} : { details: { causes } };
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...details,
      code,
    };
  }
}
