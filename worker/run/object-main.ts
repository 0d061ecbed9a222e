/** A worker process of a pod: takes the objects through that its parent hands it, several at a time if need be. */
import { createLog, type Log } from '../log/log.ts';
import { shardWriter } from './layout.ts';
import type { FromObjectWorker, ToObjectWorker } from './object-messages.ts';
import { localTaker, type ObjectTaker } from './process-object.ts';
import { liveWithParent, preparedWorker, stoppedBy, tellParent } from './worker-side.ts';

let log: Log = createLog({ level: 'error' });
let newTaker: (() => ObjectTaker) | undefined;
/** Those that have no object in hand; each has memory of its own. */
const idle: ObjectTaker[] = [];

function tell(message: FromObjectWorker): void {
  tellParent(message);
}

async function handle(message: ToObjectWorker): Promise<void> {
  switch (message.kind) {
    case 'init': {
      const { init, shard } = message;
      log = createLog({ level: init.logLevel }).with({ run: init.run, shard });
      const { opener, objects } = await preparedWorker(init);
      const areas = await opener.openAll(init.locations, shardWriter(init.run, shard));
      newTaker = () => localTaker({ ...objects, areas, log });
      return tell({ kind: 'ready' });
    }
    case 'object': {
      const taker = idle.pop() ?? newTaker?.();
      if (taker === undefined) return;
      const record = await taker(message.item);
      idle.push(taker);
      return tell({ kind: 'record', record });
    }
    default:
      return message satisfies never;
  }
}

process.on('message', (message: ToObjectWorker) => {
  handle(message).catch((error: unknown) => tell(stoppedBy(error, log)));
});
liveWithParent(
  () => {},
  () => log,
);
