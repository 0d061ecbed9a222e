/**
 * Runs shards in worker processes and keeps them honest: an object on which a worker hangs or dies fails, and the rest
 * goes on. Which worker does what has no influence on any output.
 */
import type { ChildProcess } from 'node:child_process';
import type { Log } from '../log/log.ts';
import type { ReasonCode } from '../reason-codes.ts';
import { RunError } from './run-error.ts';
import { addTallies, emptyTally, type Tally } from './tally.ts';
import { objectTimeLimitMs } from './time-limit.ts';
import type { FromWorker, ToWorker, WorkerInit } from './worker-messages.ts';
import { dismiss, gone, startWorker, tellWorker, type WorkerProcessOptions } from './worker-process.ts';

export interface PoolOptions extends WorkerProcessOptions {
  readonly init: WorkerInit;
  readonly shards: readonly number[];
  /** The attempts that took a shard, in order; the last one is at work. */
  readonly attemptsOf: (shard: number) => readonly number[];
  readonly workers: number;
  /** Objects that a worker has in hand at once. Default 1. */
  readonly lanes?: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Is told of a shard's outcomes so far, and of those that are done. */
  readonly onProgress?: (progress: PoolProgress) => void;
  /** Milliseconds that workers get to store what is in hand once the run is to stop. Default 20,000. */
  readonly graceMs?: number;
  /** Milliseconds over an object's own limit before its worker is killed. Default 10,000. */
  readonly overdueMs?: number;
}

export interface PoolProgress {
  readonly shardsDone: number;
  readonly tally: Tally;
}

/** Deaths on one object after which it is not tried again. */
const triesOfAnObject = 2;
/** Deaths in a row without an object in hand after which the machine, not an object, is at fault. */
const triesOfAWorker = 3;
const watchIntervalMs = 500;

interface InHand {
  readonly shard: number;
  readonly deadline: number;
}

/** Resolves once all shards are done. Throws the `RunError` that ended the run. */
export async function runWorkerPool(options: PoolOptions): Promise<void> {
  const pool = createPool(options);
  const workers = Math.max(1, Math.min(options.workers, options.shards.length));
  await Promise.all(
    Array.from({ length: options.shards.length === 0 ? 0 : workers }, (_, worker) => pool.drain(worker)),
  );
  pool.rethrow();
}

function createPool(options: PoolOptions) {
  const { init, log, signal, now } = options;
  const waiting = [...options.shards];
  const deaths = new Map<number, number>();
  const suspects = new Map<number, ReasonCode>();
  /** Of shards that are not done yet: few, so that adding them up for every object costs nothing. */
  const tallies = new Map<number, Tally>();
  let doneTally = emptyTally;
  const children = new Set<ChildProcess>();
  let shardsDone = 0;
  let failure: RunError | undefined;
  let idleDeaths = 0;

  const report = (): void => {
    const tally = tallies.values().reduce(addTallies, doneTally);
    options.onProgress?.({ shardsDone, tally });
  };
  const isStopping = (): boolean => failure !== undefined || signal.aborted;
  const stopAll = (): void => {
    for (const child of children) send(child, { kind: 'stop' });
    setTimeout(() => {
      for (const child of children) child.kill('SIGKILL');
    }, options.graceMs ?? 20_000).unref();
  };
  const fail = (error: RunError): void => {
    // Workers that are told to stop all say that they were interrupted: the first word is the reason.
    if (failure !== undefined) return;
    failure = error;
    stopAll();
  };
  signal.addEventListener('abort', stopAll, { once: true });

  /** Blames a death on the object that was in hand. Of several none is blamed: their shard goes on with one lane. */
  const blame = (inHand: ReadonlyMap<number, InHand>, overdue: boolean): void => {
    idleDeaths = inHand.size === 0 ? idleDeaths + 1 : 0;
    if (inHand.size > 1) return log.warn('worker died on one of several objects', { objects: inHand.size });
    for (const ordinal of inHand.keys()) {
      const count = (deaths.get(ordinal) ?? 0) + 1;
      deaths.set(ordinal, count);
      if (overdue) suspects.set(ordinal, 'TimeLimit');
      else if (count >= triesOfAnObject) suspects.set(ordinal, 'EngineFault');
      log.warn('worker died on an object', {
        ordinal,
        attempt: count,
        reason: overdue ? 'TimeLimit' : 'EngineFault',
      });
    }
    if (idleDeaths >= triesOfAWorker) {
      fail(
        new RunError(
          'TransientFault',
          'workers die before they touch an object; look at the memory of the machine',
        ),
      );
    }
  };

  /** One worker process until it has nothing to do, stops, or dies. Resolves to the shard that it left undone. */
  const life = (worker: number, first: number | undefined): Promise<number | undefined> =>
    new Promise((resolve) => {
      const inHand = new Map<number, InHand>();
      let shard: number | undefined;
      let overdue = false;
      const child = startWorker('shard-main.ts', options);
      children.add(child);
      const watch = setInterval(() => {
        const late = inHand.values().some((object) => now() > object.deadline);
        if (!late || overdue) return;
        overdue = true;
        child.kill('SIGKILL');
      }, watchIntervalMs);
      const next = (): void => {
        const lanes = shard === undefined ? (options.lanes ?? 1) : 1;
        shard = isStopping() ? undefined : (shard ?? waiting.shift());
        if (shard === undefined) return dismiss(child);
        log.debug('shard begun', { worker, shard });
        const order = { shard, attempts: options.attemptsOf(shard), lanes, suspects: [...suspects] };
        send(child, { kind: 'shard', order });
      };
      const heard: { [K in FromWorker['kind']]: (message: Extract<FromWorker, { kind: K }>) => void } = {
        ready: next,
        resumed: (message) => {
          tallies.set(message.shard, message.tally);
          report();
        },
        objects: ({ shard: of, ended, started }) => {
          if (ended !== undefined) {
            for (const ordinal of ended.ordinals) inHand.delete(ordinal);
            tallies.set(of, addTallies(tallies.get(of) ?? emptyTally, ended.tally));
            report();
          }
          if (started !== undefined) {
            const limitMs = init.timeLimitMs ?? objectTimeLimitMs(started.size);
            const deadline = now() + limitMs + (options.overdueMs ?? 10_000);
            inHand.set(started.ordinal, { shard: of, deadline });
          }
        },
        done: (message) => {
          tallies.delete(message.shard);
          doneTally = addTallies(doneTally, message.tally);
          shardsDone += 1;
          shard = undefined;
          report();
          next();
        },
        stopped: ({ exit, message }) => {
          inHand.clear();
          shard = undefined;
          fail(new RunError(exit, message));
          dismiss(child);
        },
      };
      shard = first;
      child.on('message', (message: FromWorker) => heard[message.kind](message as never));
      child.on('error', () => fail(new RunError('TransientFault', 'a worker process cannot be started')));
      void gone(child).then((code) => {
        clearInterval(watch);
        children.delete(child);
        if (code !== 0 && !isStopping()) blame(inHand, overdue);
        resolve(code === 0 ? undefined : shard);
      });
      send(child, { kind: 'init', init });
    });

  return {
    /** Lives of one worker after each other, until no shard waits. */
    drain: async (worker: number): Promise<void> => {
      let left: number | undefined;
      do left = await life(worker, left);
      while (!isStopping() && (left !== undefined || waiting.length > 0));
    },
    rethrow: (): void => {
      signal.removeEventListener('abort', stopAll);
      if (failure !== undefined) throw failure;
      if (signal.aborted) {
        throw new RunError('Interrupted', 'stopped by a signal; what was done is kept, run again to go on');
      }
    },
  };
}

function send(child: ChildProcess, message: ToWorker): void {
  tellWorker(child, message);
}
