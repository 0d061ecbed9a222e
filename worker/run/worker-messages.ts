/** What a run's parent process and its workers say to each other. The key crosses here, never in argv or environment. */
import type { ExitCodeName } from '../../crds/records/exit-codes.ts';
import type { RunSpec } from '../../crds/records/run-spec.ts';
import type { LogLevel } from '../log/log.ts';
import type { ReasonCode } from '../reason-codes.ts';
import type { AreaLocations } from './area-location.ts';
import type { Tally } from './tally.ts';

/** All that a worker needs to know once. */
export interface WorkerInit {
  readonly run: string;
  readonly runSpec: RunSpec;
  readonly locations: AreaLocations;
  readonly binding: string;
  /** The bytes of the key file. */
  readonly key: Uint8Array;
  /** URL of a module that exports `createEngine`. */
  readonly engineModule: string;
  /** URL of a module that exports `createVerifier`. */
  readonly verifierModule: string;
  /** See `programDigest`. */
  readonly programDigest: string;
  readonly logLevel: LogLevel;
  readonly timeLimitMs: number | undefined;
}

export interface ShardOrder {
  readonly shard: number;
  /** The attempts that took the shard, in order; the last one is at work. */
  readonly attempts: readonly number[];
  readonly lanes: number;
  readonly suspects: readonly (readonly [ordinal: number, reason: ReasonCode])[];
}

export type ToWorker =
  | { readonly kind: 'init'; readonly init: WorkerInit }
  | { readonly kind: 'shard'; readonly order: ShardOrder }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** The shard's outcomes so far, before this worker touches it. */
  | { readonly kind: 'resumed'; readonly shard: number; readonly tally: Tally }
  /** Objects that have ended, and one that begins after them. */
  | {
      readonly kind: 'objects';
      readonly shard: number;
      readonly ended?: { readonly ordinals: readonly number[]; readonly tally: Tally };
      readonly started?: { readonly ordinal: number; readonly size: number };
    }
  | { readonly kind: 'done'; readonly shard: number; readonly tally: Tally }
  | { readonly kind: 'stopped'; readonly exit: ExitCodeName; readonly message: string };
