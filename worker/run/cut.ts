/** How a plan is cut: items into cells as the listing streams by, and cells into shards once it has ended. Pure. */

const MiB = 1024 * 1024;

/** What an object costs besides its bytes: opening and writing it take about as long as reading so many. */
const objectWeight = 64 * 1024;
const skippedWeight = 256;

/** Work that an item is, in bytes. */
export function itemWeight(item: { readonly kind: string; readonly size: number }): number {
  return item.kind === 'skipped' ? skippedWeight : item.size + objectWeight;
}

export interface CellLimit {
  readonly items: number;
  readonly weight: number;
}

/**
 * The size of the cell of that number. The first are small, so that a small source still keeps many workers busy; they
 * grow, so that a large one has thousands and not millions.
 */
export function cellLimit(cell: number): CellLimit {
  const doublings = Math.floor(cell / 64);
  return { items: 16 * 2 ** Math.min(doublings, 8), weight: MiB * 2 ** Math.min(doublings + 2, 8) };
}

export interface ShardWish {
  /** Work in a shard, in bytes, about. */
  readonly targetBytes: number;
  /** Never more shards than this; they grow instead. */
  readonly max: number;
  /** Rather more and smaller shards than fewer than this. */
  readonly atLeast: number;
}

/** The first cell of each shard, in order. Every shard has a cell; about equal work is in each. */
export function shardStarts(weights: readonly number[], wish: ShardWish): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const wanted = Math.max(Math.ceil(total / wish.targetBytes), wish.atLeast, 1);
  const shards = Math.min(wanted, wish.max, weights.length);
  const starts: number[] = [];
  let before = 0;
  let last = -1;
  for (const [cell, weight] of weights.entries()) {
    const shard = Math.floor(((before + weight / 2) / total) * shards);
    if (shard > last) starts.push(cell);
    last = Math.max(last, shard);
    before += weight;
  }
  return starts;
}
