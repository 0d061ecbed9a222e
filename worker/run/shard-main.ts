/** A worker process: takes shards from its parent one at a time until the parent is gone. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineOptions } from '../deid/engine.ts';
import { createPlanCipher } from '../deid/identity/plan-cipher.ts';
import { keyFingerprint, parseProjectKey } from '../deid/identity/project-key.ts';
import type { Engine } from '../engine.ts';
import { faultPlace } from '../log/fault-place.ts';
import { createLog, type Log } from '../log/log.ts';
import type { Verifier } from '../verifier.ts';
import type { VerifierOptions } from '../verify/verifier.ts';
import { createAreaOpener } from './area-location.ts';
import { engineVersion } from './engine-version.ts';
import { shardWriter } from './layout.ts';
import { ledgerKeys } from './ledger-keys.ts';
import { createObjectNews } from './object-news.ts';
import { checkedPlan } from './plan.ts';
import { processShard } from './process-shard.ts';
import { RunError, toRunError } from './run-error.ts';
import { readSealedPlan, type SealedPlan } from './sealed-plan.ts';
import { tallyOf } from './tally.ts';
import { objectTimeLimitMs } from './time-limit.ts';
import type { FromWorker, ShardOrder, ToWorker, WorkerInit } from './worker-messages.ts';

interface EngineModule {
  createEngine(options: EngineOptions): Engine;
}

interface VerifierModule {
  createVerifier(options: VerifierOptions): Verifier;
}

const stopping = new AbortController();
let log: Log = createLog({ level: 'error' });
let work: ((order: ShardOrder) => Promise<void>) | undefined;

function tell(message: FromWorker): void {
  // A parent that is gone is told nothing; `disconnect` ends the process.
  if (process.connected) process.send?.(message, undefined, {}, () => {});
}

async function preparedWork(init: WorkerInit): Promise<(order: ShardOrder) => Promise<void>> {
  const key = parseProjectKey(init.key);
  const cipher = createPlanCipher(key);
  const { spec } = init.runSpec.job;
  const { modalities } = spec.source.select;
  const module = (await import(init.engineModule)) as EngineModule;
  const engine = module.createEngine({
    profile: init.runSpec.profile.spec,
    key,
    ...(modalities === undefined ? {} : { modalities }),
  });
  const { createVerifier } = (await import(init.verifierModule)) as VerifierModule;
  const verifier = createVerifier({ profile: init.runSpec.profile.spec, key: init.key });
  const opener = createAreaOpener();
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
    const result = await processShard({
      run: init.run,
      areas,
      engine,
      verifier,
      cipher,
      plan,
      shard,
      attempts,
      ledger: ledgerKeys({ ...init, plan, key }),
      lanes,
      log: log.with({ run: init.run, shard }),
      writer: randomUUID(),
      now: () => performance.now(),
      pause: async (ms) => pause(ms),
      timeLimitMs: init.timeLimitMs === undefined ? objectTimeLimitMs : () => init.timeLimitMs ?? 0,
      signal: stopping.signal,
      suspects: new Map(suspects),
      onResume: (tally) => tell({ kind: 'resumed', shard, tally }),
      onStart: news.started,
      onRecord: (record) => news.ended(record.ordinal, tallyOf(record)),
    }).finally(news.flush);
    tell({ kind: 'done', shard, tally: result });
  };
}

/** The parent learns in one line why the run cannot go on; what nobody foresaw is a defect, and its words stay here. */
function stopped(error: unknown): FromWorker {
  const known = toRunError(error);
  if (known !== undefined) return { kind: 'stopped', exit: known.exit, message: known.message };
  const fault = faultPlace(error);
  log.error('worker fault', fault);
  const where = fault.place === undefined ? '' : ` at ${fault.place}`;
  return { kind: 'stopped', exit: 'InternalFault', message: `a worker met a defect of the program${where}` };
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
  handle(message).catch((error: unknown) => tell(stopped(error)));
});
// The parent decides when to stop; a terminal sends its signals to the whole group.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => stopping.abort());
process.on('disconnect', () => process.exit());
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    log.error('worker died', faultPlace(error));
    process.exit(1);
  });
}
