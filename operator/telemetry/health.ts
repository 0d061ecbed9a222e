/** Whether the operator is well, from what can be seen of it. */
import { type Watched, watched } from '../controller/caches.ts';

export interface Vitals {
  readonly nowMs: number;
  readonly isStopping: boolean;
  readonly isSynced: boolean;
  /** When the watches of a kind were last heard of, on the clock of `nowMs`. */
  readonly lastHeardMs: (kind: Watched) => number;
  /** Milliseconds that the longest pass has taken so far. */
  readonly longestPassMs: number;
}

/** A watch is broken off after two minutes of silence: after two such periods something is wrong with the process itself. */
export const longestSilenceMs: number = 2 * 120_000 + 60_000;
/** A pass is called off after a minute. */
export const longestPassMs = 180_000;

/**
 * Why the process should be started anew. An API server that cannot be reached is no reason while lists have never
 * succeeded: another process would not reach it either.
 */
export function illness(vitals: Vitals): string | undefined {
  if (vitals.longestPassMs > longestPassMs) return 'a pass does not end';
  if (!vitals.isSynced) return undefined;
  const silent = watched.find((kind) => vitals.nowMs - vitals.lastHeardMs(kind) > longestSilenceMs);
  return silent === undefined ? undefined : `nothing is heard of ${silent}`;
}

/** Why the process is not ready to lead. */
export function unreadiness({ isStopping, isSynced }: Vitals): string | undefined {
  if (isStopping) return 'stopping';
  return isSynced ? undefined : 'not all objects are listed yet';
}
