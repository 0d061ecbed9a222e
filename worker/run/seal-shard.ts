/**
 * Seals a shard: writes its ledger and the list of its outputs from its journals, and adds it up. Whoever does it, and
 * however often, gives the same.
 */
import { type ShardResult, validateShardResult } from '../../crds/records/shard-result.ts';
import { type LedgerKeys, shardLedgerWriter } from '../evidence/shard-ledger.ts';
import { JournalError } from '../journal/journal-error.ts';
import type { Storage } from '../storage/storage.ts';
import { createText, readText } from '../storage/whole-object.ts';
import { type InstanceEntry, writeInstances } from './instance-list.ts';
import { jsonObject } from './json-object.ts';
import { attemptLayout } from './layout.ts';
import { RunError } from './run-error.ts';
import type { SealedPlan } from './sealed-plan.ts';
import { type ShardJournals, shardRecords } from './shard-records.ts';
import { addTallies, emptyTally, type Tally, tallyOf } from './tally.ts';

export interface ShardToSeal extends ShardJournals {
  readonly work: Storage;
  readonly plan: SealedPlan;
  readonly ledger: LedgerKeys;
  /** The ordinals `[first, end)` of the shard. */
  readonly range: { readonly first: number; readonly end: number };
}

/** A shard that is sealed with objects that have no outcome. */
export interface UndoneShard {
  readonly kind: 'UndoneShard';
  readonly tally: Tally;
  readonly undone: number;
}

/** The attempt whose work on the shard is sealed: the last that took it. */
function attemptAtWork({ attempts }: Pick<ShardJournals, 'attempts'>): number {
  return attempts.at(-1) ?? 0;
}

/** Seals a shard in which every object must have its outcome. Throws `RunError` `Unaccounted`. */
export async function sealShard(shard: ShardToSeal): Promise<ShardResult> {
  const sealed = await sealRecords(shard, () => {
    throw new RunError('Unaccounted', `shard ${shard.shard}: outcomes do not add up to the plan`);
  });
  return writeResult(shard, sealed.tally);
}

/** Seals a shard as it was given up. Its journal must be closed. */
export async function sealGivenUpShard(shard: ShardToSeal): Promise<ShardResult | UndoneShard> {
  let undone = 0;
  const { tally } = await sealRecords(shard, () => {
    undone += 1;
  });
  return undone === 0 ? writeResult(shard, tally) : { kind: 'UndoneShard', tally, undone };
}

async function sealRecords(
  { work, run, shard, attempts, range, ledger: keys }: ShardToSeal,
  onUndone: () => void,
): Promise<{ readonly tally: Tally }> {
  const attempt = attemptAtWork({ attempts });
  const ledger = shardLedgerWriter(work, { shard, attempt, first: range.first }, keys);
  const instances: InstanceEntry[] = [];
  let tally = emptyTally;
  let ordinal = range.first;
  for await (const record of shardRecords(work, { run, shard, attempts }, range)) {
    if (ordinal === range.end) throw new JournalError('Corrupt');
    if (record === undefined) {
      onUndone();
      await ledger.addUndone(ordinal);
    } else {
      tally = addTallies(tally, tallyOf(record));
      await ledger.add(record);
      if (record.outcome === 'deidentified' && record.output !== undefined) {
        const { instance, sha256 } = record.output;
        instances.push({ instance, digest: sha256.slice(0, 12), ordinal });
      }
    }
    ordinal += 1;
  }
  await ledger.end();
  await writeInstances(work, attemptLayout(run, attempt), shard, instances);
  return { tally: { ...tally, duplicates: equalOutputs(instances) } };
}

/** Outputs that equal the one before them in a sorted list. */
function equalOutputs(sorted: readonly InstanceEntry[]): number {
  return sorted.filter((entry, index) => {
    const before = sorted[index - 1];
    return before?.instance === entry.instance && before.digest === entry.digest;
  }).length;
}

async function writeResult(
  { work, run, shard, attempts, plan }: ShardToSeal,
  tally: Tally,
): Promise<ShardResult> {
  const { engineVersion, digest } = plan.summary;
  const result: ShardResult = {
    kind: 'ShardResult',
    version: 1,
    engineVersion,
    planDigest: digest,
    shard,
    ...tally,
  };
  const key = attemptLayout(run, attemptAtWork({ attempts })).shardResult(shard);
  await createText(work, key, `${JSON.stringify(result)}\n`);
  return result;
}

/** The result of a shard in the last attempt that took it; undefined where it is not done. */
export async function readShardResult({
  work,
  run,
  plan,
  shard,
  attempts,
}: Pick<ShardToSeal, 'work' | 'run' | 'plan' | 'shard' | 'attempts'>): Promise<ShardResult | undefined> {
  const text = await readText(work, attemptLayout(run, attemptAtWork({ attempts })).shardResult(shard));
  if (text === undefined) return undefined;
  const result = validateShardResult(jsonObject(text));
  if (!result.ok || result.document.planDigest !== plan.summary.digest) {
    throw new RunError('RunMismatch', `the result of shard ${shard} is damaged or of another plan`);
  }
  return result.document;
}
