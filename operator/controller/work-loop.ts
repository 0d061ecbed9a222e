/** Workers over a queue of keys. A key that fails comes back later; none can stop the others. */
import { ApiError } from '../kube/api-error.ts';
import type { Clock } from '../kube/clock.ts';
import type { WorkQueue } from '../kube/work-queue.ts';

/** How a pass over a key ended. */
export type PassResult =
  /** `wakeAfterMs`: when to come back, though nothing should have happened. */
  | { readonly kind: 'Done'; readonly wakeAfterMs?: number | undefined }
  /** To be tried again after a delay that grows: something is in the way that may go. */
  | { readonly kind: 'Again' };

export interface FinishedPass {
  readonly key: string;
  readonly result: 'success' | 'requeue' | 'conflict' | 'error';
  readonly durationMs: number;
  /** Of an error: what was thrown. */
  readonly error?: unknown;
}

export interface WorkLoopOptions {
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly workers: number;
  /** One pass over the key. */
  readonly work: (key: string, signal: AbortSignal) => Promise<PassResult>;
  /** Milliseconds after which a pass is called off. */
  readonly passTimeoutMs: number;
  readonly onPass: (finished: FinishedPass) => void;
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.isConflict;
}

/** Runs until the queue is closed, and resolves when the last pass has ended. */
export async function workLoop(options: WorkLoopOptions, signal: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: options.workers }, () => worker(options, signal)));
}

async function worker(options: WorkLoopOptions, signal: AbortSignal): Promise<void> {
  const { queue } = options;
  for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
    await pass(options, key, signal);
    queue.done(key);
  }
}

async function pass(options: WorkLoopOptions, key: string, signal: AbortSignal): Promise<void> {
  const { queue, clock, work, passTimeoutMs, onPass } = options;
  const startMs = clock.monotonicMs();
  const deadline = new AbortController();
  const cancel = clock.after(passTimeoutMs, () => deadline.abort());
  const finished = (result: FinishedPass['result'], error?: unknown) =>
    onPass({
      key,
      result,
      durationMs: clock.monotonicMs() - startMs,
      ...(error === undefined ? {} : { error }),
    });
  try {
    const result = await work(key, AbortSignal.any([signal, deadline.signal]));
    if (result.kind === 'Again') {
      queue.retry(key);
      finished('requeue');
      return;
    }
    queue.forget(key);
    if (result.wakeAfterMs === 0) queue.add(key);
    else if (result.wakeAfterMs !== undefined) queue.addAfter(key, result.wakeAfterMs);
    finished('success');
  } catch (error) {
    queue.retry(key);
    // Somebody else has written the object: what they wrote is looked at next.
    if (isConflict(error)) finished('conflict');
    // We were told to stop in its midst: the next leader makes the pass.
    else if (signal.aborted) finished('requeue');
    else finished('error', error);
  } finally {
    cancel();
  }
}
