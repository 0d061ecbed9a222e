/** Small reads of a store, some at a time, as if one came after the other: over a network each takes long, and many are quick. */

/** Reads of small objects that are under way at a time. */
export const smallReads = 16;

/**
 * Does something with each item, `lanes` of them at a time, and yields what comes of it in the order of the items. The first
 * failure, in that order, is thrown. What is under way when the loop is left is waited for.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  lanes: number,
  act: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting: Promise<Result>[] = [];
  try {
    for (const item of items) {
      const result = act(item);
      // Whoever waits for it hears of its failure, even where others fail before.
      result.catch(() => {});
      waiting.push(result);
      const [first] = waiting;
      if (first === undefined || waiting.length < lanes) continue;
      yield await first;
      waiting.shift();
    }
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      yield await first;
      waiting.shift();
    }
  } finally {
    await Promise.allSettled(waiting);
  }
}

/** The numbers from 0 up to `count`. */
export function* numbersTo(count: number): Generator<number> {
  for (let number = 0; number < count; number += 1) yield number;
}
