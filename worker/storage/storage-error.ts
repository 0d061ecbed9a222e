/** What can go wrong with a store. An error carries codes alone: never a path, a key or the store's own words. */

/**
 * - `NotFound`: there is no such object, area or upload.
 * - `SourceChanged`: the object is another than the one that was pinned.
 * - `NoSpace`: the store, or a quota on it, is full.
 * - `Denied`: the store refuses this identity, or is read-only.
 * - `InvalidKey`: the key cannot name an object of this store; nothing was looked at.
 * - `Unsupported`: the store lacks something that creating objects whole depends on.
 * - `Misconfigured`: the store, or the bucket in it, cannot be reached as the document says.
 * - `Unencrypted`: the store does not encrypt what is written under the key that was asked for.
 * - `Fault`: anything else; `retryable` says whether trying again can help.
 */
export type StorageErrorCode =
  | 'NotFound'
  | 'SourceChanged'
  | 'NoSpace'
  | 'Denied'
  | 'InvalidKey'
  | 'Unsupported'
  | 'Misconfigured'
  | 'Unencrypted'
  | 'Fault';

const meanings: Readonly<Record<StorageErrorCode, string>> = {
  NotFound: 'there is no such object',
  SourceChanged: 'the object is no longer the one that was pinned',
  NoSpace: 'the store is full',
  Denied: 'the store denies access',
  InvalidKey: 'the key cannot name an object of this store',
  Unsupported: 'the store cannot create objects whole or not at all',
  Misconfigured: 'the store cannot be reached as it is described',
  Unencrypted: 'the store does not encrypt under the key that was asked for',
  Fault: 'the store failed',
};

/** The one error of the storage room. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  /** Whether the same call may succeed when it is made again. */
  readonly retryable: boolean;
  /** The operating system's or the service's symbolic code, e.g. `EIO`. */
  readonly systemCode: string | undefined;

  constructor(
    code: StorageErrorCode,
    options: { retryable?: boolean; systemCode?: string | undefined } = {},
  ) {
    super(options.systemCode === undefined ? meanings[code] : `${meanings[code]} (${options.systemCode})`);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.systemCode = options.systemCode;
  }
}

const mismatch = 'ChecksumMismatch';

/** Bytes that came otherwise than the store has them; another time they may come as they are. */
export function contentMismatch(): StorageError {
  return new StorageError('Fault', { retryable: true, systemCode: mismatch });
}

export function isContentMismatch(error: unknown): boolean {
  return error instanceof StorageError && error.systemCode === mismatch;
}

interface Mapped {
  readonly code: StorageErrorCode;
  readonly retryable?: boolean;
}

const bySystemCode: Readonly<Record<string, Mapped>> = {
  ENOENT: { code: 'NotFound' },
  ENOSPC: { code: 'NoSpace' },
  EDQUOT: { code: 'NoSpace' },
  EACCES: { code: 'Denied' },
  EPERM: { code: 'Denied' },
  EROFS: { code: 'Denied' },
  EXDEV: { code: 'Unsupported' },
  ENOTSUP: { code: 'Unsupported' },
  EOPNOTSUPP: { code: 'Unsupported' },
  ENOSYS: { code: 'Unsupported' },
  ENAMETOOLONG: { code: 'InvalidKey' },
  EILSEQ: { code: 'InvalidKey' },
  EIO: { code: 'Fault', retryable: true },
  ESTALE: { code: 'Fault', retryable: true },
  ETIMEDOUT: { code: 'Fault', retryable: true },
  EBUSY: { code: 'Fault', retryable: true },
  EAGAIN: { code: 'Fault', retryable: true },
  EMFILE: { code: 'Fault', retryable: true },
  ENFILE: { code: 'Fault', retryable: true },
};

/** The symbolic code of an error of the operating system, e.g. `ENOENT`; undefined for any other error. */
export function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The storage error that an error of the operating system amounts to. Storage errors come back as they are. */
export function storageErrorFrom(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const systemCode = systemCodeOf(error);
  const mapped = systemCode === undefined ? undefined : bySystemCode[systemCode];
  return new StorageError(mapped?.code ?? 'Fault', { retryable: mapped?.retryable ?? false, systemCode });
}
