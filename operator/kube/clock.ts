/** Time as a parameter: nothing in this room reads a clock or sets a timer of its own. */

export interface Clock {
  /** Wall time, for records that people and other programs read. Nothing is decided by it. */
  now(): Date;
  /** Milliseconds since some moment; it never goes back. */
  monotonicMs(): number;
  /** Calls `act` once, after `delayMs`; the function that comes back calls it off. */
  after(delayMs: number, act: () => void): () => void;
}

/** The longest delay that the platform's timers take. A longer one would fire at once. */
const longestDelayMs = 2 ** 31 - 1;

export const systemClock: Clock = Object.freeze({
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after: (delayMs: number, act: () => void) => {
    const timer = setTimeout(act, Math.min(Math.max(0, delayMs), longestDelayMs));
    return () => clearTimeout(timer);
  },
});

/** Resolves after `delayMs`, or as soon as `signal` is aborted: look at the signal afterwards. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(delayMs, end);
    signal.addEventListener('abort', end);
  });
}
