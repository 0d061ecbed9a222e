/**
 * Tries requests again: exponential backoff with full jitter, a wait that the store asks for, and a budget that all
 * requests of a process share, so that a store in trouble is not asked more often than one that is well.
 */
import { retryAfterMs, s3ErrorFrom } from './s3-error.ts';
import { StorageError } from './storage-error.ts';

export interface RetrySurroundings {
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** Does something over the network until it succeeds or nothing is to be hoped for. Throws `StorageError`. */
export type Retry = <T>(act: () => Promise<T>) => Promise<T>;

const attempts = 8;
const firstPauseMs = 100;
const longestPauseMs = 20_000;
/** Retries that may be made at once; each costs one, and each success gives a tenth back. */
const fullBudget = 50;

export function createRetry({ random, pause }: RetrySurroundings): Retry {
  let budget = fullBudget;
  let hasSucceeded = false;
  /** Who has been given credentials before and gets none now is waiting for a service that is in trouble. */
  const mayPass = ({ retryable, systemCode }: StorageError): boolean =>
    retryable || (hasSucceeded && systemCode === 'CredentialsProviderError');
  return async (act) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await act();
        budget = Math.min(fullBudget, budget + 0.1);
        hasSucceeded = true;
        return result;
      } catch (error) {
        const mapped = s3ErrorFrom(error);
        if (!(mapped instanceof StorageError) || !mayPass(mapped) || attempt === attempts) throw mapped;
        // Without a budget a request waits longest, and is tried again all the same: a run is long and patient.
        const ceilingMs = budget < 1 ? longestPauseMs : Math.min(longestPauseMs, firstPauseMs * 2 ** attempt);
        budget = Math.max(0, budget - 1);
        await pause(Math.max(random() * ceilingMs, Math.min(retryAfterMs(error) ?? 0, longestPauseMs)));
      }
    }
  };
}
