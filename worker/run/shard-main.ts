/** A worker process: takes shards from its parent one at a time until the parent is gone. */
import { randomUUID } from 'node:crypto';
import { keyFingerprint } from '../deid/identity/project-key.ts';
import { createLog, type Log } from '../log/log.ts';
import { engineVersion } from './engine-version.ts';
import { shardWriter } from './layout.ts';
import { ledgerKeys } from './ledger-keys.ts';
import { createObjectNews } from './object-news.ts';
import { checkedPlan } from './plan.ts';
import { localTaker } from './process-object.ts';
import { processShard } from './process-shard.ts';
import { RunError } from './run-error.ts';
import { readSealedPlan, type SealedPlan } from './sealed-plan.ts';
import { tallyOf } from './tally.ts';
import type { FromWorker, ShardOrder, ToWorker, WorkerInit } from './worker-messages.ts';
import { liveWithParent, preparedWorker, stoppedBy, tellParent } from './worker-side.ts';

const stopping = new AbortController();
let log: Log = createLog({ level: 'error' });
let work: ((order: ShardOrder) => Promise<void>) | undefined;

function tell(message: FromWorker): void {
  tellParent(message);
}

async function preparedWork(init: WorkerInit): Promise<(order: ShardOrder) => Promise<void>> {
  const { key, opener, objects } = await preparedWorker(init);
  let plan: SealedPlan | undefined;

  return async ({ shard, attempts, lanes, suspects }) => {
    const areas = await opener.openAll(init.locations, shardWriter(init.run, shard));
    plan ??= await readSealedPlan(areas.workArea, init.run);
    if (plan === undefined) throw new RunError('NoSuchRun', 'the run has not been planned');
    checkedPlan(plan, {
      keyFingerprint: keyFingerprint(key),
      binding: init.binding,
      runSpecDigest: init.runSpec.digest,
      engineVersion,
    });
    const news = createObjectNews(shard, tell);
    const ofShard = log.with({ run: init.run, shard });
    const result = await processShard({
      run: init.run,
      areas,
      plan,
      shard,
      attempts,
      ledger: ledgerKeys({ ...init, plan, key }),
      lanes,
      newTaker: () => localTaker({ ...objects, areas, log: ofShard }),
      log: ofShard,
      writer: randomUUID(),
      now: () => performance.now(),
      signal: stopping.signal,
      suspects: new Map(suspects),
      cautiousMs: 0,
      onResume: (tally) => tell({ kind: 'resumed', shard, tally }),
      onStart: news.started,
      onRecord: (record) => news.ended(record.ordinal, tallyOf(record)),
    }).finally(news.flush);
    tell({ kind: 'done', shard, tally: result });
  };
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'init':
      log = createLog({ level: message.init.logLevel });
      work = await preparedWork(message.init);
      return tell({ kind: 'ready' });
    case 'shard':
      return work?.(message.order);
    case 'stop':
      return stopping.abort();
    default:
      return message satisfies never;
  }
}

process.on('message', (message: ToWorker) => {
  handle(message).catch((error: unknown) => tell(stoppedBy(error, log)));
});
liveWithParent(
  () => stopping.abort(),
  () => log,
);
