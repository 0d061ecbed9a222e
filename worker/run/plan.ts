/**
 * Plans a run: takes the objects of the source once, as a stream, and cuts it into cells and shards. A planning attempt writes under a
 * name of its own and becomes the plan by being sealed, so that an attempt that dies, or one that runs at the same
 * time, leaves nothing that another could take for its own.
 */
import { createHash, type Hash } from 'node:crypto';
import type { PlanSummary } from '../../crds/records/plan-summary.ts';
import type { PlanCipher } from '../deid/identity/plan-cipher.ts';
import type { ObjectStat, Storage } from '../storage/storage.ts';
import { createText } from '../storage/whole-object.ts';
import { cellLimit, itemWeight, type ShardWish, shardStarts } from './cut.ts';
import { workLayout } from './layout.ts';
import type { PlanItem } from './plan-item.ts';
import { blaming, RunError } from './run-error.ts';
import { type PlanIndex, readSealedPlan, type SealedPlan } from './sealed-plan.ts';

export interface PlanOptions {
  /** What is planned, in order. It is asked for once, where the run has not been planned. */
  readonly objects: () => AsyncIterable<ObjectStat>;
  readonly work: Storage;
  readonly run: string;
  /** `sha256:…` of the run spec. */
  readonly runSpecDigest: string;
  readonly engineVersion: string;
  readonly keyFingerprint: string;
  /** See {@link SealedPlan.binding}. */
  readonly binding: string;
  readonly cipher: PlanCipher;
  /** Whether the job wants the object of that key. */
  readonly isSelected: (key: string) => boolean;
  readonly shards: ShardWish;
  /** A new name for this attempt. */
  readonly attempt: string;
  readonly signal?: AbortSignal;
}

/** Plans the run, or gives back the plan that was sealed before. */
export async function planRun(options: PlanOptions): Promise<SealedPlan> {
  return blaming('workArea', () => sealedOrNew(options));
}

async function sealedOrNew(options: PlanOptions): Promise<SealedPlan> {
  const sealed = await readSealedPlan(options.work, options.run);
  if (sealed !== undefined) return checkedPlan(sealed, options);
  const summary = await writePlan(options);
  const { attempt, keyFingerprint, binding } = options;
  const plan: SealedPlan = { attempt, keyFingerprint, binding, summary };
  await createText(options.work, workLayout(options.run).sealedPlan, `${JSON.stringify(plan)}\n`);
  const winner = await readSealedPlan(options.work, options.run);
  if (winner === undefined)
    throw new RunError('TransientFault', 'spec.workArea: the sealed plan is not there');
  await removeOtherAttempts(options.work, options.run, winner.attempt);
  return checkedPlan(winner, options);
}

/** What a plan must have been made with to be gone on with. */
export type PlanExpectations = Pick<
  PlanOptions,
  'keyFingerprint' | 'binding' | 'runSpecDigest' | 'engineVersion'
>;

/** Refuses to go on with a plan of another key, run spec or engine. */
export function checkedPlan(plan: SealedPlan, expected: PlanExpectations): SealedPlan {
  if (plan.keyFingerprint !== expected.keyFingerprint) {
    throw new RunError(
      'KeyUnusable',
      'this run was begun with another project key; give that key, or begin a new run',
    );
  }
  if (plan.binding !== expected.binding) {
    throw new RunError(
      'RunMismatch',
      'this run was begun over other folders; bind the same, or give the job another name',
    );
  }
  if (plan.summary.runSpecDigest !== expected.runSpecDigest) {
    throw new RunError('RunMismatch', 'this run was begun with another run spec; begin a new run');
  }
  if (plan.summary.engineVersion !== expected.engineVersion) {
    throw new RunError(
      'RunMismatch',
      'this run was begun by another version of the program; go on with that version, or give the job another name',
    );
  }
  return plan;
}

async function writePlan(options: PlanOptions): Promise<PlanSummary> {
  const { work, run, attempt } = options;
  const layout = workLayout(run);
  const digest = createHash('sha256');
  const firstOrdinals: number[] = [];
  const weights: number[] = [];
  const cellBytes: number[] = [];
  let lines: string[] = [];
  let weight = 0;
  let items = 0;
  let bytes = 0;
  /** Bytes of the cells that are closed. */
  let bytesBefore = 0;

  const closeCell = async (): Promise<void> => {
    if (lines.length === 0) return;
    await createText(work, layout.planCell(attempt, weights.length), `${lines.join('\n')}\n`);
    weights.push(weight);
    cellBytes.push(bytes - bytesBefore);
    lines = [];
    weight = 0;
    bytesBefore = bytes;
  };
  for await (const object of options.objects()) {
    if (options.signal?.aborted === true)
      throw new RunError('Interrupted', 'stopped while planning; nothing was begun');
    const item = planItem(items, object, options);
    if (lines.length === 0) firstOrdinals.push(items);
    lines.push(JSON.stringify(item));
    weight += itemWeight({ kind: item.kind, size: object.size });
    addToDigest(digest, item.kind, object);
    items += 1;
    bytes += object.size;
    const limit = cellLimit(weights.length);
    if (lines.length >= limit.items || weight >= limit.weight) await closeCell();
  }
  await closeCell();

  const starts = shardStarts(weights, options.shards);
  const shardBytes = starts.map((start, shard) =>
    cellBytes.slice(start, starts[shard + 1]).reduce((sum, size) => sum + size, 0),
  );
  const index: PlanIndex = { firstOrdinals, shardStarts: starts, shardBytes, items };
  await createText(work, layout.planIndex(attempt), `${JSON.stringify(index)}\n`);
  return {
    kind: 'PlanSummary',
    version: 1,
    engineVersion: options.engineVersion,
    runSpecDigest: options.runSpecDigest,
    digest: `sha256:${digest.digest('hex')}`,
    shards: index.shardStarts.length,
    objects: items,
    bytes,
  };
}

function planItem(ordinal: number, object: ObjectStat, options: PlanOptions): PlanItem {
  const { key, size, version } = object;
  if (!options.isSelected(key)) return { kind: 'skipped', ordinal, size };
  // Keys may hold bytes that are no text, as lone surrogates: JSON escapes them.
  return {
    kind: 'object',
    ordinal,
    sealedKey: options.cipher.seal(ordinal, JSON.stringify(key)),
    size,
    version,
  };
}

/** The digest says which versions were planned in which order. Keys are left out: a digest of few could be guessed. */
function addToDigest(digest: Hash, kind: string, { size, version }: ObjectStat): void {
  digest.update(`${JSON.stringify([kind, size, version])}\n`);
}

async function removeOtherAttempts(work: Storage, run: string, attempt: string): Promise<void> {
  const { planPrefix, sealedPlan } = workLayout(run);
  let continuation: string | undefined;
  do {
    const page = await work.list(planPrefix, continuation === undefined ? {} : { continuation });
    for (const { key } of page.objects) {
      if (key !== sealedPlan && !key.startsWith(`${planPrefix}${attempt}/`)) await work.remove(key);
    }
    continuation = page.continuation;
  } while (continuation !== undefined);
}
