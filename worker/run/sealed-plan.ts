/** A plan as it lies in the work area: the sealed summary, the index of its cells, and the cells. */
import { type PlanSummary, validatePlanSummary } from '../../crds/records/plan-summary.ts';
import type { Storage } from '../storage/storage.ts';
import { readText } from '../storage/whole-object.ts';
import { jsonObject } from './json-object.ts';
import { workLayout } from './layout.ts';
import type { PlanItem } from './plan-item.ts';
import { RunError } from './run-error.ts';

export interface SealedPlan {
  /** Names the planning attempt whose cells make the plan. */
  readonly attempt: string;
  /** Fingerprint of the project key that the plan was made with. */
  readonly keyFingerprint: string;
  /** Tells the areas that the run was begun over from others, without naming them. */
  readonly binding: string;
  readonly summary: PlanSummary;
}

/** Where the items are: cell `i` holds ordinals from `firstOrdinals[i]`, shard `j` cells from `shardStarts[j]`. */
export interface PlanIndex {
  readonly firstOrdinals: readonly number[];
  readonly shardStarts: readonly number[];
  /** Bytes of the objects of each shard. */
  readonly shardBytes: readonly number[];
  /** Number of items in all. */
  readonly items: number;
}

/** The ordinals `[first, end)` of one shard, and its cells `[firstCell, endCell)`. */
export interface ShardRange {
  readonly first: number;
  readonly end: number;
  readonly firstCell: number;
  readonly endCell: number;
}

function damaged(): RunError {
  return new RunError('RunMismatch', 'the plan in the work area is damaged or of another version');
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  const object = jsonObject(text);
  if (object === undefined) throw damaged();
  return object;
}

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => Number.isSafeInteger(one));

/** The sealed plan of a run; undefined where none has been sealed. */
export async function readSealedPlan(work: Storage, run: string): Promise<SealedPlan | undefined> {
  const text = await readText(work, workLayout(run).sealedPlan);
  if (text === undefined) return undefined;
  const plan = parsed(text) as Partial<SealedPlan>;
  const summary = validatePlanSummary(plan.summary);
  const { attempt, keyFingerprint, binding } = plan;
  if (!summary.ok || attempt === undefined || keyFingerprint === undefined || binding === undefined)
    throw damaged();
  return { attempt, keyFingerprint, binding, summary: summary.document };
}

export async function readPlanIndex(work: Storage, run: string, attempt: string): Promise<PlanIndex> {
  const text = await readText(work, workLayout(run).planIndex(attempt));
  if (text === undefined) throw damaged();
  const index = parsed(text);
  const { firstOrdinals, shardStarts, shardBytes, items } = index;
  const isIndex = [firstOrdinals, shardStarts, shardBytes].every(isNumbers) && Number.isSafeInteger(items);
  if (!isIndex) throw damaged();
  return index as unknown as PlanIndex;
}

/** Throws `NoSuchRun` where the plan has no such shard. */
export function shardRange(index: PlanIndex, shard: number): ShardRange {
  const firstCell = index.shardStarts[shard];
  if (firstCell === undefined) throw new RunError('NoSuchRun', `the plan has no shard ${shard}`);
  const endCell = index.shardStarts[shard + 1] ?? index.firstOrdinals.length;
  return {
    firstCell,
    endCell,
    first: index.firstOrdinals[firstCell] ?? 0,
    end: index.firstOrdinals[endCell] ?? index.items,
  };
}

/** Number and bytes of the objects of a shard. Throws `NoSuchRun` where the plan has no such shard. */
export function shardInventory(
  index: PlanIndex,
  shard: number,
): { readonly objects: number; readonly bytes: number } {
  const { first, end } = shardRange(index, shard);
  return { objects: end - first, bytes: index.shardBytes[shard] ?? 0 };
}

/** The shard that holds an ordinal; undefined where the plan has none. */
export function shardOfOrdinal(index: PlanIndex, ordinal: number): number | undefined {
  if (ordinal < 0 || ordinal >= index.items) return undefined;
  return index.shardStarts.findLastIndex((cell) => (index.firstOrdinals[cell] ?? 0) <= ordinal);
}

/** The items of the cells in order, a cell in memory at a time. */
export async function* readCells(
  work: Storage,
  run: string,
  attempt: string,
  range: Pick<ShardRange, 'firstCell' | 'endCell'>,
): AsyncGenerator<PlanItem> {
  for (let cell = range.firstCell; cell < range.endCell; cell += 1) {
    const text = await readText(work, workLayout(run).planCell(attempt, cell));
    if (text === undefined) throw damaged();
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const item = parsed(line);
      if (typeof item.kind !== 'string' || !Number.isSafeInteger(item.ordinal)) throw damaged();
      yield item as unknown as PlanItem;
    }
  }
}

/** The item of an ordinal; undefined where the plan has none. */
export async function findItem(
  work: Storage,
  run: string,
  attempt: string,
  ordinal: number,
): Promise<PlanItem | undefined> {
  const index = await readPlanIndex(work, run, attempt);
  const firstCell = index.firstOrdinals.findLastIndex((first) => first <= ordinal);
  if (firstCell < 0) return undefined;
  for await (const item of readCells(work, run, attempt, { firstCell, endCell: firstCell + 1 })) {
    if (item.ordinal === ordinal) return item;
  }
  return undefined;
}
