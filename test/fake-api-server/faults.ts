/** What networks, proxies and servers in trouble do to requests; drawn by chance that can be repeated. */
import type { RequestInfo } from '../../operator/kube/resource.ts';
import { randomOf } from '../labelled/random.ts';

/**
 * - `reset`: the connection is reset before the server hears of the request.
 * - `lostAnswer`: the server acts, and the connection is reset before it can say so.
 * - `conflict`: 409, and nothing was done.
 * - `tooManyRequests`: 429 with Retry-After: 1.
 * - `internalError`: 500.
 * - `unavailable`: 503.
 * - `proxyPage`: 502 with a page of HTML.
 * - `slow`: the server acts, and answers after a while.
 */
export const faults = [
  'reset',
  'lostAnswer',
  'conflict',
  'tooManyRequests',
  'internalError',
  'unavailable',
  'proxyPage',
  'slow',
] as const;
export type Fault = (typeof faults)[number];

/** A request as a decision about its fate sees it. */
export interface SeenRequest extends RequestInfo {
  readonly path: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** Whose token it bears. */
  readonly user: string;
}

export type FaultDecision = (request: SeenRequest) => Fault | undefined;

/** A part of all requests (0..1) meets one of the faults, the same ones for the same seed and order. */
export function randomFaults(seed: number, share: number, among: readonly Fault[] = faults): FaultDecision {
  const random = seededRandom(seed);
  return () => {
    const meets = random() < share;
    const fault = among[Math.floor(random() * among.length)];
    return meets ? fault : undefined;
  };
}

/** Numbers in [0, 1) that follow from the seed. */
export function seededRandom(seed: number): () => number {
  const { below } = randomOf(seed);
  return () => below(2 ** 32) / 2 ** 32;
}
