/**
 * Leader election by a Lease (coordination.k8s.io/v1). Whether a lease has run out is judged by how long its record has not
 * changed before our eyes, never by times written in it. Election is no fence: a leader whose process stood still may write once
 * more when it wakes, so every write must be safe under two leaders too.
 */
import { ApiError, localReasons } from './api-error.ts';
import { type Clock, sleep } from './clock.ts';
import { members } from './json.ts';
import { isKubeObject, type KubeObject } from './object.ts';
import { resourcePath } from './resource.ts';
import type { Transport } from './transport.ts';

/**
 * - `standby`: waits for the lease.
 * - `leading`: holds it, and the work runs.
 * - `stopping`: the work was told to end and has not ended yet.
 */
export type LeadershipState = 'standby' | 'leading' | 'stopping';

/** `released`: the work has ended and the lease is free. `lost`: the work has ended; somebody else may lead. */
export type LeadershipEnd = 'released' | 'lost';

export interface LeaderElectionOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly namespace: string;
  /** Name of the Lease. */
  readonly name: string;
  /** Who we are: no two processes have the same, also not one after the other. */
  readonly identity: string;
  readonly durations?: LeaseDurations;
  readonly onState?: (state: LeadershipState) => void;
  /** A try to take or renew the lease failed; there will be another. */
  readonly onFailedTry?: (error: ApiError) => void;
  /** The work has not ended though another may lead from now on: the process must end at once. */
  readonly onOverrun?: () => void;
}

/** Each less than the one before. */
export interface LeaseDurations {
  /** Others may take the lease when it has not changed for so long. */
  readonly leaseMs: number;
  /** The leader stops its work when it could not renew for so long. */
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
}

export const defaultDurations: LeaseDurations = {
  leaseMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2000,
};

const leases = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };

/** The lease as it was seen last. */
interface Observed {
  readonly lease: KubeObject;
  /** When this state was first seen, monotonic. */
  readonly sinceMs: number;
}

/**
 * Waits for the lease, then runs `work` for as long as it is held. The work's signal is aborted when the lease is lost or
 * `signal` is aborted, and the work is always waited for before this resolves. Rejects with what the work rejects with, the
 * lease being released.
 */
export async function leadWhenElected(
  options: LeaderElectionOptions,
  work: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<LeadershipEnd> {
  const { clock, random, onState = () => {}, durations = defaultDurations } = options;
  const candidate = new Candidate(options, durations);
  onState('standby');
  for (;;) {
    const heldMs = await candidate.tryHold(signal, durations.renewDeadlineMs);
    // A process that stood still meanwhile holds nothing any more.
    if (heldMs !== undefined && clock.monotonicMs() < heldMs + durations.renewDeadlineMs)
      return lead(options, durations, candidate, heldMs, work, signal);
    // Candidates that were turned away together do not come back together.
    await sleep(clock, durations.retryPeriodMs * (1 + 0.2 * random()), signal);
    if (signal.aborted) {
      await candidate.release();
      return 'released';
    }
  }
}

async function lead(
  options: LeaderElectionOptions,
  durations: LeaseDurations,
  candidate: Candidate,
  firstHeldMs: number,
  work: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<LeadershipEnd> {
  const { clock, onState = () => {}, onOverrun = () => {} } = options;
  const stopWork = new AbortController();
  const workEnded = new AbortController();
  const stop = () => {
    if (stopWork.signal.aborted || workEnded.signal.aborted) return;
    onState('stopping');
    stopWork.abort();
  };
  let heldMs = firstHeldMs;
  onState('leading');
  signal.addEventListener('abort', stop);
  const running = work(stopWork.signal).finally(() => workEnded.abort());
  // Its rejection is looked at when it is awaited below.
  running.catch(() => {});
  if (signal.aborted) stop();
  const leftMs = () => heldMs + durations.renewDeadlineMs - clock.monotonicMs();
  let hasFailed = false;
  while (!workEnded.signal.aborted && leftMs() > 0) {
    // A leader in doubt asks more often than one that is sure.
    const restMs = durations.retryPeriodMs * (hasFailed ? 0.25 : 1);
    await sleep(clock, Math.min(restMs, leftMs()), workEnded.signal);
    if (workEnded.signal.aborted || leftMs() <= 0) break;
    const renewedMs = await candidate.tryHold(workEnded.signal, leftMs());
    hasFailed = renewedMs === undefined;
    heldMs = renewedMs ?? heldMs;
    if (candidate.isTaken) break;
  }
  const isLost = !workEnded.signal.aborted;
  stop();
  const cancel = clock.after(heldMs + durations.leaseMs - clock.monotonicMs(), onOverrun);
  try {
    await running;
  } finally {
    cancel();
    signal.removeEventListener('abort', stop);
    if (!isLost) await candidate.release();
    onState('standby');
  }
  return isLost ? 'lost' : 'released';
}

/** One who takes, renews and gives up the lease. */
class Candidate {
  readonly #options: LeaderElectionOptions;
  readonly #durations: LeaseDurations;
  readonly #path: string;
  #observed: Observed | undefined;
  /** Whether `#observed` is the answer to our own last write, so that the next write needs no look before. */
  #isOurs = false;
  /** Whether our last write may have been carried out, whatever we were told of it. */
  #hasWritten = false;

  constructor(options: LeaderElectionOptions, durations: LeaseDurations) {
    this.#options = options;
    this.#durations = durations;
    const { namespace, name } = options;
    this.#path = resourcePath(leases, { namespace, name });
  }

  /** Whether another was seen to hold the lease when we last looked. */
  get isTaken(): boolean {
    const holder = this.#holder;
    return holder !== '' && holder !== this.#options.identity;
  }

  /**
   * Takes or renews the lease where that may be done. Gives the moment (monotonic) since which it is held for its full
   * duration, which is before the request was sent; undefined where it is not.
   */
  async tryHold(signal: AbortSignal, timeoutMs: number): Promise<number | undefined> {
    const { clock, onFailedTry } = this.#options;
    const untilMs = clock.monotonicMs() + timeoutMs;
    // A connection that has gone silent must leave time to try another.
    const longestMs = this.#durations.renewDeadlineMs / 3;
    const call = () => ({
      signal,
      timeoutMs: Math.max(0, Math.min(longestMs, untilMs - clock.monotonicMs())),
      maxTries: 1,
    });
    try {
      if (!this.#isOurs) await this.#look(call());
      if (this.#observed === undefined) return await this.#write('POST', call());
      return this.#mayBeTaken(this.#observed) ? await this.#write('PUT', call()) : undefined;
    } catch (error) {
      this.#isOurs = false;
      if (!(error instanceof ApiError)) throw error;
      if (!error.isAborted) onFailedTry?.(error);
      return undefined;
    }
  }

  /** Frees the lease where it is ours, so that another may take it at once. Where that fails they wait until it has run out. */
  async release(): Promise<void> {
    if (!this.#hasWritten) return;
    const { clock, onFailedTry } = this.#options;
    const never = new AbortController().signal;
    for (let tries = 0; tries < 3; tries += 1) {
      try {
        const call = { timeoutMs: this.#durations.retryPeriodMs, maxTries: 1 };
        await this.#look(call);
        if (this.#observed === undefined || this.#holder !== this.#options.identity) return;
        const { metadata, spec } = this.#observed.lease;
        const freed = {
          ...members(spec),
          holderIdentity: '',
          leaseDurationSeconds: 1,
          renewTime: this.#microTime(),
        };
        await this.#options.transport.call(this.#path, {
          ...call,
          method: 'PUT',
          body: lease(metadata, freed),
        });
        return;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        onFailedTry?.(error);
        await sleep(clock, this.#durations.retryPeriodMs / 4, never);
      }
    }
  }

  async #look(call: CallLimits): Promise<void> {
    try {
      this.#observe(await this.#options.transport.call(this.#path, call));
    } catch (error) {
      if (!(error instanceof ApiError) || !error.isNotFound) throw error;
      this.#observed = undefined;
    }
  }

  async #write(method: 'POST' | 'PUT', call: CallLimits): Promise<number> {
    const { transport, clock, namespace, name, identity } = this.#options;
    const before = members(this.#observed?.lease.spec);
    const now = this.#microTime();
    const isRenewal = before.holderIdentity === identity;
    const transitions = typeof before.leaseTransitions === 'number' ? before.leaseTransitions : 0;
    const spec = {
      ...before,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(this.#durations.leaseMs / 1000),
      acquireTime: isRenewal ? before.acquireTime : now,
      renewTime: now,
      leaseTransitions: isRenewal || this.#observed === undefined ? transitions : transitions + 1,
    };
    const metadata = this.#observed?.lease.metadata ?? { name, namespace };
    const path = method === 'POST' ? resourcePath(leases, { namespace }) : this.#path;
    const sentMs = clock.monotonicMs();
    this.#hasWritten = true;
    this.#observe(await transport.call(path, { ...call, method, body: lease(metadata, spec) }));
    this.#isOurs = true;
    return sentMs;
  }

  #observe(answer: unknown): void {
    if (!isKubeObject(answer))
      throw new ApiError({ call: 'get leases', code: 200, reason: localReasons.notAnApiServer });
    const { uid, resourceVersion } = answer.metadata;
    const known = this.#observed?.lease.metadata;
    if (known?.uid === uid && known.resourceVersion === resourceVersion) return;
    this.#observed = { lease: answer, sinceMs: this.#options.clock.monotonicMs() };
  }

  #mayBeTaken({ lease: { spec }, sinceMs }: Observed): boolean {
    if (!this.isTaken) return true;
    const { leaseDurationSeconds } = members(spec);
    const theirsMs = typeof leaseDurationSeconds === 'number' ? leaseDurationSeconds * 1000 : 0;
    return this.#options.clock.monotonicMs() - sinceMs > Math.max(theirsMs, this.#durations.leaseMs);
  }

  get #holder(): string {
    const { holderIdentity } = members(this.#observed?.lease.spec);
    return typeof holderIdentity === 'string' ? holderIdentity : '';
  }

  /** MicroTime, for those who read the Lease. */
  #microTime(): string {
    return this.#options.clock.now().toISOString().replace('Z', '000Z');
  }
}

interface CallLimits {
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
  readonly maxTries: number;
}

function lease(metadata: object, spec: object): Readonly<Record<string, unknown>> {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
}
