/** What this process may use of its machine: what the control group of its container leaves it, or all of it. */
import { availableParallelism, totalmem } from 'node:os';

const MiB = 1024 * 1024;

export interface Machine {
  readonly processors: number;
  /** Bytes of memory. */
  readonly memory: number;
}

export function machine(): Machine {
  const memory = totalmem();
  const constrained = process.constrainedMemory();
  return {
    processors: availableParallelism(),
    memory: constrained > 0 ? Math.min(constrained, memory) : memory,
  };
}

/** How a pod shares its memory out. */
export interface Capacity {
  /** Worker processes. */
  readonly workers: number;
  /** Heap of a worker, in MiB. */
  readonly heapMiB: number;
  /** Bytes that objects in hand may take, all workers together. */
  readonly inFlightBytes: number;
}

/** Memory of the process that the workers serve. */
const parentBytes = 192 * MiB;
/** Memory of a worker besides the objects in hand: code, tables, and what its heap holds at most times. */
const workerBytes = 192 * MiB;
/** More heap than this no object needs. */
const mostHeapMiB = 1024;
const leastInFlight = 64 * MiB;

/**
 * One worker for each processor, where their memory allows it; half of what the parent leaves is for objects in hand. A
 * worker whose heap is full ends by itself, so that the machine need not end the whole pod.
 */
export function capacityOf({ processors, memory }: Machine): Capacity {
  const free = Math.max(0, memory - parentBytes);
  const inFlightBytes = Math.max(leastInFlight, Math.floor(free / 2));
  const forWorkers = free - inFlightBytes;
  const workers = Math.max(1, Math.min(processors, Math.floor(forWorkers / workerBytes)));
  const heapMiB = Math.floor(Math.max(forWorkers, workerBytes) / workers / MiB);
  return { workers, heapMiB: Math.min(mostHeapMiB, heapMiB), inFlightBytes };
}
