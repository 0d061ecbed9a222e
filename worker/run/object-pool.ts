/**
 * Takes single objects through in worker processes, as many as memory allows. A worker that dies costs the objects that
 * it had in hand another try, and nothing else: an object on which workers die twice fails, as does one on which a worker
 * hangs. Which worker does what has no influence on any output.
 */
import type { ChildProcess } from 'node:child_process';
import type { Log } from '../log/log.ts';
import type { ReasonCode } from '../reason-codes.ts';
import type { FromObjectWorker, ObjectItem, ToObjectWorker } from './object-messages.ts';
import type { ObjectRecord } from './object-record.ts';
import { wholeObjectBytes } from './process-object.ts';
import { RunError } from './run-error.ts';
import { objectTimeLimitMs } from './time-limit.ts';
import type { WorkerInit } from './worker-messages.ts';
import { dismiss, gone, startWorker, tellWorker, type WorkerProcessOptions } from './worker-process.ts';

export interface ObjectPoolOptions extends WorkerProcessOptions {
  readonly init: WorkerInit;
  readonly shard: number;
  readonly workers: number;
  /** Objects that a worker has in hand at once. */
  readonly lanes: number;
  /** Memory that objects in hand may take, all workers together, in bytes. */
  readonly inFlightBytes: number;
  readonly log: Log;
  /** Once aborted, objects in hand get {@link drainMs} to end; then all are given up. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Default 2,000. */
  readonly drainMs?: number;
  /** Milliseconds over an object's own limit before its worker is killed. Default 10,000. */
  readonly overdueMs?: number;
}

export interface ObjectPool {
  /** Gives the object's record. Throws the `RunError` that ended the pool. */
  take(item: ObjectItem): Promise<ObjectRecord>;
  /** Ends the workers. Objects that are still in hand are given up. */
  close(): Promise<void>;
}

/** Deaths on one object after which it is not tried again. */
const triesOfAnObject = 2;
/** Deaths in a row without an object in hand after which the machine, not an object, is at fault. */
const triesOfAWorker = 3;
const watchIntervalMs = 500;
/** Milliseconds that workers get to end by themselves. */
const partingMs = 2000;

interface Task {
  readonly item: ObjectItem;
  readonly resolve: (record: ObjectRecord) => void;
  readonly reject: (error: unknown) => void;
  deaths: number;
  /** True once a worker died with it in hand: the next one has nothing else, so that it is known which object it was. */
  isAlone: boolean;
}

interface Worker {
  readonly child: ChildProcess;
  /** Resolves once it has ended. */
  readonly ended: Promise<unknown>;
  readonly inHand: Map<number, { readonly task: Task; readonly deadline: number }>;
  isReady: boolean;
  isOverdue: boolean;
}

/** Memory that an object in hand takes, about, in bytes: its own, its output's, and what is made of both. */
export function costOf({ size }: Pick<ObjectItem, 'size'>): number {
  return 3 * Math.min(size, wholeObjectBytes) + 2 * 1024 * 1024;
}

function failed({ ordinal, size }: ObjectItem, reason: ReasonCode): ObjectRecord {
  return { ordinal, outcome: 'failed', reason, input: { size } };
}

export function createObjectPool(options: ObjectPoolOptions): ObjectPool {
  const { init, shard, log, signal, now, lanes, inFlightBytes } = options;
  const waiting: Task[] = [];
  const workers = new Set<Worker>();
  let inFlight = 0;
  let idleDeaths = 0;
  let ended: RunError | undefined;

  const end = (error: RunError): void => {
    if (ended !== undefined) return;
    ended = error;
    const left = [
      ...waiting.splice(0),
      ...[...workers].flatMap(({ inHand }) => [...inHand.values()].map(({ task }) => task)),
    ];
    for (const task of left) task.reject(error);
    for (const { child } of workers) dismiss(child);
  };
  const interrupt = (): void => {
    const error = new RunError(
      'Interrupted',
      'stopped by a signal; what was done is kept, run again to go on',
    );
    for (const task of waiting.splice(0)) task.reject(error);
    setTimeout(() => end(error), options.drainMs ?? 2000).unref();
  };

  /** A worker that has room for the task; one that is to be alone has a worker of its own. */
  const workerFor = (task: Task): Worker | undefined => {
    const free = [...workers].filter(
      ({ isReady, inHand }) =>
        isReady &&
        inHand.size < (task.isAlone ? 1 : lanes) &&
        ![...inHand.values()].some((other) => other.task.isAlone),
    );
    return free.reduce<Worker | undefined>(
      (least, worker) => (least === undefined || worker.inHand.size < least.inHand.size ? worker : least),
      undefined,
    );
  };
  const dispatch = (): void => {
    for (let task = waiting[0]; task !== undefined; task = waiting[0]) {
      const cost = costOf(task.item);
      const worker = workerFor(task);
      if (worker === undefined || (inFlight > 0 && inFlight + cost > inFlightBytes)) return;
      waiting.shift();
      inFlight += cost;
      const { item } = task;
      const limitMs = init.timeLimitMs ?? objectTimeLimitMs(item.size);
      worker.inHand.set(item.ordinal, { task, deadline: now() + limitMs + (options.overdueMs ?? 10_000) });
      send(worker.child, { kind: 'object', item });
    }
  };
  const settle = (worker: Worker, record: ObjectRecord): void => {
    const held = worker.inHand.get(record.ordinal);
    if (held === undefined) return;
    idleDeaths = 0;
    release(worker, held.task);
    held.task.resolve(record);
    dispatch();
  };
  const release = (worker: Worker, { item }: Task): void => {
    worker.inHand.delete(item.ordinal);
    inFlight -= costOf(item);
  };

  /** Of several objects in hand none is blamed: each is tried alone. */
  const blame = (worker: Worker): void => {
    const tasks = [...worker.inHand.values()].map(({ task }) => task);
    idleDeaths = tasks.length === 0 ? idleDeaths + 1 : 0;
    if (tasks.length > 1) log.warn('worker died on one of several objects', { objects: tasks.length });
    for (const task of tasks.toReversed()) {
      release(worker, task);
      task.isAlone = true;
      if (tasks.length === 1) task.deaths += 1;
      const reason = worker.isOverdue ? 'TimeLimit' : 'EngineFault';
      if (tasks.length === 1)
        log.warn('worker died on an object', { ordinal: task.item.ordinal, attempt: task.deaths, reason });
      const isTried = tasks.length === 1 && (worker.isOverdue || task.deaths >= triesOfAnObject);
      if (isTried) task.resolve(failed(task.item, reason));
      else if (ended === undefined && !signal.aborted) waiting.unshift(task);
      else task.reject(ended ?? new RunError('Interrupted', 'stopped by a signal; run again to go on'));
    }
    if (idleDeaths < triesOfAWorker) return;
    end(
      new RunError(
        'TransientFault',
        'workers die before they touch an object; look at the memory of the machine',
      ),
    );
  };

  const start = (): void => {
    const child = startWorker('object-main.ts', options);
    const worker: Worker = {
      child,
      ended: gone(child),
      inHand: new Map(),
      isReady: false,
      isOverdue: false,
    };
    workers.add(worker);
    const heard: {
      [K in FromObjectWorker['kind']]: (message: Extract<FromObjectWorker, { kind: K }>) => void;
    } = {
      ready: () => {
        worker.isReady = true;
        dispatch();
      },
      record: ({ record }) => settle(worker, record),
      stopped: ({ exit, message }) => end(new RunError(exit, message)),
    };
    child.on('message', (message: FromObjectWorker) => heard[message.kind](message as never));
    child.on('error', () => end(new RunError('TransientFault', 'a worker process cannot be started')));
    void worker.ended.then(() => {
      workers.delete(worker);
      if (ended !== undefined) return;
      blame(worker);
      if (ended === undefined && !signal.aborted && waiting.length > 0) start();
      dispatch();
    });
    send(child, { kind: 'init', init, shard });
  };
  const watch = setInterval(() => {
    for (const worker of workers) {
      const isLate = worker.inHand.values().some(({ deadline }) => now() > deadline);
      if (!isLate || worker.isOverdue) continue;
      worker.isOverdue = true;
      worker.child.kill('SIGKILL');
    }
  }, watchIntervalMs);
  signal.addEventListener('abort', interrupt, { once: true });
  return {
    take: (item) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        waiting.push({ item, resolve, reject, deaths: 0, isAlone: false });
        // Workers come as there is work for them: a shard that is done needs none.
        if (workers.size < options.workers) start();
        dispatch();
      }),
    close: async () => {
      clearInterval(watch);
      signal.removeEventListener('abort', interrupt);
      end(new RunError('Interrupted', 'the pool of workers is closed'));
      const left = [...workers];
      const parting = setTimeout(() => {
        for (const { child } of left) child.kill('SIGKILL');
      }, partingMs);
      await Promise.all(left.map((worker) => worker.ended));
      clearTimeout(parting);
    },
  };
}

function send(child: ChildProcess, message: ToObjectWorker): void {
  tellWorker(child, message);
}
