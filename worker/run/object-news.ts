/**
 * What a worker tells its parent of objects. The end of one travels with the beginning of the next, since a message costs
 * both processes more than what it says; where no other begins soon, it goes alone.
 */

import { addTallies, type Tally } from './tally.ts';
import type { FromWorker } from './worker-messages.ts';

type ObjectsMessage = Extract<FromWorker, { kind: 'objects' }>;

export interface ObjectNews {
  /** An object is about to be touched: told at once, so that the parent knows what a worker dies on. */
  started(ordinal: number, size: number): void;
  ended(ordinal: number, tally: Tally): void;
  /** Tells what has not been told. */
  flush(): void;
}

/** Milliseconds that an end waits for a beginning. */
const patienceMs = 20;

export function createObjectNews(shard: number, tell: (message: ObjectsMessage) => void): ObjectNews {
  let ended: number[] = [];
  let tally: Tally | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const send = (started?: ObjectsMessage['started']): void => {
    clearTimeout(waiting);
    waiting = undefined;
    tell({
      kind: 'objects',
      shard,
      ...(tally === undefined ? {} : { ended: { ordinals: ended, tally } }),
      ...(started === undefined ? {} : { started }),
    });
    ended = [];
    tally = undefined;
  };
  return {
    started: (ordinal, size) => send({ ordinal, size }),
    ended: (ordinal, of) => {
      ended.push(ordinal);
      tally = tally === undefined ? of : addTallies(tally, of);
      waiting ??= setTimeout(send, patienceMs);
    },
    flush: () => {
      if (tally !== undefined) send();
    },
  };
}
