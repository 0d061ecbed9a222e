/** The three steps of a run in this process, over stores in memory and the fake engine: for faults at a chosen moment. */
import { createHash } from 'node:crypto';
import { builtinProfiles } from '../../../crds/profiles/builtin.ts';
import { makeRunSpec } from '../../../crds/records/run-spec.ts';
import { createPlanCipher } from '../../../worker/deid/identity/plan-cipher.ts';
import { parseProjectKey, purposes } from '../../../worker/deid/identity/project-key.ts';
import type { Engine } from '../../../worker/engine.ts';
import type { LedgerKeys } from '../../../worker/evidence/shard-ledger.ts';
import { silentLog } from '../../../worker/log/log.ts';
import { readHistory, sealedAttempts } from '../../../worker/run/attempts.ts';
import { finishRun, type RunSummary } from '../../../worker/run/finish.ts';
import { planRun } from '../../../worker/run/plan.ts';
import type { Areas } from '../../../worker/run/probe.ts';
import { localTaker, type ObjectContext } from '../../../worker/run/process-object.ts';
import { processShard as processShardOf, type ShardContext } from '../../../worker/run/process-shard.ts';
import type { SealedPlan } from '../../../worker/run/sealed-plan.ts';
import { listedObjects } from '../../../worker/run/source-objects.ts';
import { createMemoryStorage } from '../../../worker/storage/memory-storage.ts';
import type { Storage } from '../../../worker/storage/storage.ts';
import { createText, readWhole } from '../../../worker/storage/whole-object.ts';
import { createEngine, createVerifier, secret } from './fake-engine.ts';
import { keyBytes, makeJob } from './run-fixture.ts';

export const run = '0123456789abcdef';
const key = parseProjectKey(keyBytes);
const cipher = createPlanCipher(key);
const runSpec = makeRunSpec(makeJob({ failurePolicy: { maxRejected: '100%' } }), builtinProfiles.basic);
/** What the ledgers of these runs are made with. */
export const ledger: LedgerKeys = {
  context: {
    kind: 'LedgerContext',
    version: 1,
    run,
    runSpec: `sha256:${'0'.repeat(64)}`,
    profile: `sha256:${'1'.repeat(64)}`,
    plan: `sha256:${'2'.repeat(64)}`,
    engine: { version: '1.0.0', digest: `sha256:${'3'.repeat(64)}` },
    key: '0'.repeat(16),
  },
  markKeyOf: (ordinal) => key.hmac(purposes.inputMark, run, String(ordinal)),
};

export function memoryAreas(): Areas {
  return {
    source: createMemoryStorage(),
    destination: createMemoryStorage(),
    quarantine: createMemoryStorage(),
    workArea: createMemoryStorage(),
  };
}

/** Puts one object for each verb into the source. */
export async function fillSource(source: Storage, verbs: readonly string[]): Promise<void> {
  for (const [index, verb] of verbs.entries()) {
    const key = `${secret}/scan-${String(index).padStart(5, '0')}`;
    await createText(source, key, `${verb} 1.2.${index} ${secret}\n`);
  }
}

type ShardInProcess = Omit<ShardContext, 'newTaker'> & Omit<ObjectContext, 'run' | 'areas' | 'log'>;

/** Processes a shard in this process. */
export function processShard(options: ShardInProcess): ReturnType<typeof processShardOf> {
  return processShardOf({ ...options, newTaker: () => localTaker(options) });
}

/** What tells one process from another: its name, a clock of its own, and what a test wants otherwise. */
export function processOptions(name: string): Omit<ShardInProcess, 'areas' | 'plan' | 'shard'> {
  let ms = 0;
  return {
    run,
    engine: createEngine(),
    verifier: createVerifier(),
    cipher,
    ledger,
    attempts: [0],
    log: silentLog,
    writer: name,
    lanes: 1,
    // Some entries are stored as the shard goes on, others wait for its end.
    now: () => {
      ms += 400;
      return ms;
    },
    timeLimitMs: () => 10_000,
    pause: async () => {},
    signal: new AbortController().signal,
    suspects: new Map(),
    cautiousMs: 0,
  };
}

/** Plans over three shards, where there are objects enough. */
export function planIn(areas: Areas, attempt: string): Promise<SealedPlan> {
  return planRun({
    objects: () => listedObjects(areas.source),
    work: areas.workArea,
    run,
    runSpecDigest: `sha256:${'0'.repeat(64)}`,
    engineVersion: '1.0.0',
    keyFingerprint: '0'.repeat(16),
    binding: '0'.repeat(16),
    cipher,
    isSelected: () => true,
    shards: { targetBytes: 1e9, max: 3, atLeast: 3 },
    attempt,
  });
}

export interface AttemptIn {
  readonly attempt?: number;
  readonly engine?: Engine;
  /** Seal the attempt whatever is undone. */
  readonly acceptsUndone?: boolean;
  /** Of the shards that the attempt takes, those that this process takes. Default: all. */
  readonly takes?: (shard: number) => boolean;
}

/** An attempt of a run, or what is left of it, as one process. */
export async function attemptIn(areas: Areas, name: string, options: AttemptIn = {}): Promise<RunSummary> {
  const { attempt = 0, engine = createEngine(), acceptsUndone = false, takes = () => true } = options;
  const work = areas.workArea;
  const plan = await planIn(areas, name);
  const sealed = await sealedAttempts(work, run);
  const history = await readHistory(work, run, { attempt, shards: plan.summary.shards, sealed });
  for (const shard of history.shards.filter(takes)) {
    const attempts = history.attemptsOf(shard);
    await processShard({ ...processOptions(name), engine, areas, plan, shard, attempts });
  }
  return finishIn(areas, plan, name, { attempt, acceptsUndone });
}

export function finishIn(
  areas: Areas,
  plan: SealedPlan,
  name: string,
  { attempt, acceptsUndone }: { readonly attempt: number; readonly acceptsUndone: boolean },
): Promise<RunSummary> {
  return finishRun({
    work: areas.workArea,
    run,
    runSpec,
    plan,
    ledger,
    attempt,
    acceptsUndone,
    writer: name,
    signal: new AbortController().signal,
  });
}

/** A whole run of one attempt, or what is left of it, as one process. */
export function runIn(areas: Areas, name: string, engine?: Engine): Promise<RunSummary> {
  return attemptIn(areas, name, engine === undefined ? {} : { engine });
}

/** Key and SHA-256 of every object of a store. */
export async function objectsOf(storage: Storage): Promise<readonly string[]> {
  const objects: string[] = [];
  let continuation: string | undefined;
  do {
    const page = await storage.list('', continuation === undefined ? {} : { continuation });
    for (const { key } of page.objects) {
      const bytes = (await readWhole(storage, key)) ?? new Uint8Array();
      objects.push(`${key} ${createHash('sha256').update(bytes).digest('hex')}`);
    }
    continuation = page.continuation;
  } while (continuation !== undefined);
  return objects;
}

/** All that a run leaves for its user. */
export async function leftBy(areas: Areas, summary: RunSummary) {
  return { summary, out: await objectsOf(areas.destination), held: await objectsOf(areas.quarantine) };
}
