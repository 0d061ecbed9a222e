/** Worker processes as their parent sees them: starting one, speaking to it, and noticing its end. */
import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compileCacheFolder } from '../compile-cache.mjs';
import { isLogLine } from '../log/log.ts';

export interface WorkerProcessOptions {
  /** Heap, in MiB. Default 1,024. */
  readonly heapMiB?: number;
  /** Takes the worker's log lines. */
  readonly onLogLine?: (line: string) => void;
}

/** Starts a worker of a module in this folder. */
export function startWorker(
  module: 'shard-main.ts' | 'object-main.ts',
  { heapMiB = 1024, onLogLine }: WorkerProcessOptions,
): ChildProcess {
  const child = fork(fileURLToPath(new URL(module, import.meta.url)), [], {
    execArgv: [`--max-old-space-size=${heapMiB}`],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCacheFolder },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  if (child.stderr !== null) {
    // Lines of the log are JSON; what Node itself prints when it dies may quote anything and goes nowhere.
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (isLogLine(line)) onLogLine?.(line);
    });
  }
  return child;
}

/** Says something to a worker. One that died meanwhile is noticed by its end. */
export function tellWorker(child: ChildProcess, message: object): void {
  if (child.connected) child.send(message, () => {});
}

/** Lets a worker go that may be gone already. */
export function dismiss(child: ChildProcess): void {
  if (child.connected) child.disconnect();
}

/**
 * The exit code of a child that has ended and whose last words have been heard; null where a signal ended it. `close`
 * would not do: it never comes for a child that its parent disconnected from.
 */
export async function gone(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  const heard = new Promise<void>((resolve) => {
    child.once('disconnect', resolve);
    child.once('error', () => resolve());
  });
  const [code] = await Promise.all([ended, heard]);
  return code;
}
