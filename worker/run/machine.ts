/** What this process may use of its machine: what the control group of its container leaves it, or all of it. */
import { availableParallelism, totalmem } from 'node:os';

/** Memory of a worker process besides the objects in hand, in bytes: code, tables, and a heap that is half empty. */
const workerBytes = 256 * 1024 * 1024;
/** Memory of the process that the workers serve. */
const parentBytes = 192 * 1024 * 1024;

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

/** Worker processes that all processors are busy with and that fit in memory; at least one. */
export function machineWorkers({ processors, memory }: Machine = machine()): number {
  return Math.max(1, Math.min(processors, Math.floor((memory - parentBytes) / workerBytes)));
}
