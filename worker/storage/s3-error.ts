/** What errors of the S3 SDK amount to. Only names from the table below are passed on: messages quote keys and buckets. */
import { StorageError, type StorageErrorCode, systemCodeOf } from './storage-error.ts';

interface Mapped {
  readonly code: StorageErrorCode;
  readonly retryable?: boolean;
}

const transient: Mapped = { code: 'Fault', retryable: true };

/** By the service's error code, or the name of the SDK's own error. */
const byName: Readonly<Record<string, Mapped>> = {
  NoSuchKey: { code: 'NotFound' },
  NotFound: { code: 'NotFound' },
  NoSuchUpload: { code: 'NotFound' },
  NoSuchVersion: { code: 'NotFound' },
  NoSuchBucket: { code: 'Misconfigured' },
  InvalidBucketName: { code: 'Misconfigured' },
  PermanentRedirect: { code: 'Misconfigured' },
  AuthorizationHeaderMalformed: { code: 'Misconfigured' },
  PreconditionFailed: { code: 'SourceChanged' },
  AccessDenied: { code: 'Denied' },
  Forbidden: { code: 'Denied' },
  AllAccessDisabled: { code: 'Denied' },
  InvalidAccessKeyId: { code: 'Denied' },
  SignatureDoesNotMatch: { code: 'Denied' },
  InvalidToken: { code: 'Denied' },
  CredentialsProviderError: { code: 'Denied' },
  InvalidObjectState: { code: 'Denied' },
  'KMS.DisabledException': { code: 'Denied' },
  'KMS.NotFoundException': { code: 'Denied' },
  'KMS.KMSInvalidStateException': { code: 'Denied' },
  KeyTooLongError: { code: 'InvalidKey' },
  QuotaExceeded: { code: 'NoSpace' },
  InsufficientStorage: { code: 'NoSpace' },
  XMinioStorageFull: { code: 'NoSpace' },
  NotImplemented: { code: 'Unsupported' },
  MethodNotAllowed: { code: 'Unsupported' },
  ConditionalRequestConflict: transient,
  OperationAborted: transient,
  SlowDown: transient,
  ServiceUnavailable: transient,
  InternalError: transient,
  RequestTimeout: transient,
  RequestTimeTooSkewed: transient,
  ThrottlingException: transient,
  TooManyRequestsException: transient,
  ExpiredToken: transient,
  BadDigest: transient,
  InvalidDigest: transient,
  XAmzContentSHA256Mismatch: transient,
  IncompleteBody: transient,
  TimeoutError: transient,
  AbortError: transient,
};

const byStatus: Readonly<Record<number, Mapped>> = {
  301: { code: 'Misconfigured' },
  401: { code: 'Denied' },
  403: { code: 'Denied' },
  404: { code: 'NotFound' },
  408: transient,
  409: transient,
  412: { code: 'SourceChanged' },
  429: transient,
  501: { code: 'Unsupported' },
  507: { code: 'NoSpace' },
};

/** Errors of sockets and of names that cannot be resolved for the moment. */
const socketCodes: ReadonlySet<string> = new Set([
  ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['EAI_AGAIN', 'ENOTFOUND', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_SOCKET_CLOSED', 'HPE_INVALID_CONSTANT'],
]);

/** Errors of TLS: the certificate is not one that is trusted here, or the store speaks no TLS. */
const tlsCodes: ReadonlySet<string> = new Set([
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'],
]);

/** HTTP status of the answer that an error of the SDK stands for; undefined where there was none. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const { httpStatusCode } = error.$metadata as { readonly httpStatusCode?: number };
  return httpStatusCode;
}

/** The storage error that an error of the SDK amounts to; errors that are neither the SDK's nor a socket's come back as they are. */
export function s3ErrorFrom(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StorageError) return error;
  const named = Object.hasOwn(byName, error.name) ? byName[error.name] : undefined;
  if (named !== undefined) {
    return new StorageError(named.code, { retryable: named.retryable ?? false, systemCode: error.name });
  }
  const systemCode = systemCodeOf(error);
  if (systemCode !== undefined && socketCodes.has(systemCode)) {
    return new StorageError('Fault', { retryable: true, systemCode });
  }
  if (systemCode !== undefined && tlsCodes.has(systemCode)) {
    return new StorageError('Misconfigured', { systemCode });
  }
  const status = statusOf(error);
  if (status === undefined) return error;
  const mapped = byStatus[status] ?? (status >= 500 ? transient : { code: 'Fault' as const });
  return new StorageError(mapped.code, {
    retryable: mapped.retryable ?? false,
    systemCode: `HTTP ${status}`,
  });
}

/** Milliseconds that the store asks to wait for; undefined where it does not. */
export function retryAfterMs(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$response' in error)) return undefined;
  const { headers } = (error.$response ?? {}) as { readonly headers?: Readonly<Record<string, string>> };
  const text = headers?.['retry-after'];
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) * 1000 : undefined;
}
