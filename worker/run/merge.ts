/** Merges sorted streams into one, with one entry of each in memory. */

import { inOrder, smallReads } from './in-order.ts';

interface Head<T> {
  readonly entry: T;
  readonly stream: AsyncIterator<T>;
}

/** Restores the order of a binary heap below `at`. */
function siftDown<T>(heap: Head<T>[], compare: (a: T, b: T) => number): void {
  for (let at = 0; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      const [a, b] = [heap[child], heap[least]];
      if (a !== undefined && b !== undefined && compare(a.entry, b.entry) < 0) least = child;
    }
    const [upper, lower] = [heap[at], heap[least]];
    if (least === at || upper === undefined || lower === undefined) return;
    heap[at] = lower;
    heap[least] = upper;
    at = least;
  }
}

/** Entries of all streams in order. Each stream must be in order itself. */
export async function* merged<T>(
  streams: readonly AsyncIterable<T>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T> {
  const heap: Head<T>[] = [];
  const firsts = inOrder(streams, smallReads, async (iterable) => {
    const stream = iterable[Symbol.asyncIterator]();
    return { stream, first: await stream.next() };
  });
  for await (const { stream, first } of firsts) {
    if (first.done !== true) heap.push({ entry: first.value, stream });
  }
  heap.sort((a, b) => compare(a.entry, b.entry));
  for (let head = heap[0]; head !== undefined; head = heap[0]) {
    yield head.entry;
    const next = await head.stream.next();
    if (next.done !== true) heap[0] = { entry: next.value, stream: head.stream };
    else {
      const last = heap.pop();
      if (heap.length > 0 && last !== undefined) heap[0] = last;
    }
    siftDown(heap, compare);
  }
}
