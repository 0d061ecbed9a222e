/** Growing delays between tries. */

export interface Backoff {
  readonly baseMs: number;
  readonly maximumMs: number;
  /** The part of the delay that is left to chance, 0..1, so that many clients do not come back together. */
  readonly jitter: number;
}

/** The delay in milliseconds before try `failures` + 1: doubled with each failure (1 or more), capped, then shortened by chance. */
export function backoffMs(backoff: Backoff, failures: number, random: () => number): number {
  const whole = Math.min(backoff.maximumMs, backoff.baseMs * 2 ** Math.min(failures - 1, 1000));
  return whole * (1 - backoff.jitter * random());
}
