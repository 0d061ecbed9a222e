/**
 * What the operator remembers of a job between two passes. All of it may be lost at any time: it spares writes and makes
 * progress finer, and nothing is decided by it that the cluster does not say again.
 */
import type { Refusal } from '../facts/job-facts.ts';
import { isOlderVersion, type KubeObject } from '../kube/object.ts';

export class JobMemory {
  readonly uid: string;
  /** What the API server would not take, until it does. */
  refusal: Refusal | undefined;
  /** Names of children that the API server says are taken, though no cache has them. */
  readonly taken: Set<string> = new Set();
  /** When the status was last written, monotonic milliseconds. */
  statusWrittenMs: number = Number.NEGATIVE_INFINITY;
  #written: KubeObject | undefined;

  constructor(uid: string) {
    this.uid = uid;
  }

  /** The job as a write of ours left it, and as the cache has it by now. */
  wrote(object: KubeObject, cached: KubeObject | undefined): void {
    this.#written = object;
    if (cached !== undefined) this.freshest(cached);
  }

  /** The newer of what the cache has and what our last write left: a cache may lag behind it. */
  freshest(cached: KubeObject): KubeObject {
    const written = this.#written;
    if (written === undefined || written.metadata.uid !== cached.metadata.uid) return cached;
    if (isOlderVersion(cached.metadata.resourceVersion, written.metadata.resourceVersion)) return written;
    this.#written = undefined;
    return cached;
  }
}

/** The memories of all jobs, by key. A job of the same name and another uid begins anew. */
export class JobMemories {
  readonly #memories = new Map<string, JobMemory>();

  of(key: string, uid: string): JobMemory {
    const present = this.#memories.get(key);
    if (present?.uid === uid) return present;
    const memory = new JobMemory(uid);
    this.#memories.set(key, memory);
    return memory;
  }

  /** The cache has the job as it is now: what it makes out of date is not kept, as there may be no other pass. */
  cached(key: string, object: KubeObject): void {
    this.#memories.get(key)?.freshest(object);
  }

  forget(key: string): void {
    this.#memories.delete(key);
  }

  get size(): number {
    return this.#memories.size;
  }
}
