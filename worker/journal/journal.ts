/**
 * A journal in a store that cannot append: numbered segments, each created whole and once. Every process that opens
 * the journal claims the next number first, so a process that was there before finds its own next number taken and
 * stops: two never write one journal. It must never know what its entries mean.
 */

import type { Storage } from '../storage/storage.ts';
import { holds } from '../storage/whole-object.ts';
import { JournalError } from './journal-error.ts';
import { encodeSegment, type JournalEntry, readSegment, type SegmentHeader, segmentKey } from './segment.ts';

export interface JournalOptions {
  readonly storage: Storage;
  /** Starts the keys of the segments; ends in `/`. */
  readonly prefix: string;
  /** Tells this process from every other one that opens the journal. */
  readonly writer: string;
  /** Milliseconds, from any origin. */
  readonly now: () => number;
  /** Entries wait at most this long before the next {@link Journal.flushIfDue} stores them. Default 2,000. */
  readonly flushMs?: number;
  /** Bytes of entries that are stored at once. Default 1 MiB. */
  readonly flushBytes?: number;
  /** Is told every entry that the journal holds already, in order. */
  readonly replay: (entry: JournalEntry) => void;
  /** Is told where a writer released the journal, between the entries before and after. */
  readonly onRelease?: () => void;
}

export interface Journal {
  /** True where a writer before this one ended without releasing the journal: it died, or it still lives. */
  readonly isTakenOver: boolean;
  append(entry: JournalEntry): Promise<void>;
  flush(): Promise<void>;
  /** Flushes where the oldest waiting entry has waited long enough. */
  flushIfDue(): Promise<void>;
  /** Flushes and says that this writer stops of its own will. */
  release(): Promise<void>;
}

/** Entries of a journal in order, a segment in memory at a time. `onRelease` is told where a writer released it. */
export async function* readJournal(
  storage: Storage,
  prefix: string,
  onRelease: () => void = () => {},
): AsyncGenerator<JournalEntry> {
  for (let number = 0; ; number += 1) {
    const segment = await readSegment(storage, segmentKey(prefix, number));
    if (segment === undefined) return;
    yield* segment.entries;
    if (segment.isReleased) onRelease();
  }
}

/**
 * Closes the journal for good, so that it stays as it is: who writes to it finds itself fenced, and who opens it finds
 * it closed. Closing it again does nothing.
 */
export async function closeJournal(options: {
  readonly storage: Storage;
  readonly prefix: string;
  readonly writer: string;
}): Promise<void> {
  const { storage, prefix, writer } = options;
  for (let next = 0; ; ) {
    const key = segmentKey(prefix, next);
    const segment = await readSegment(storage, key);
    if (segment?.isClosed === true) return;
    if (segment !== undefined) {
      next += 1;
      continue;
    }
    const bytes = encodeSegment({ writer, segment: next, closed: true }, []);
    if ((await storage.create(key, { size: bytes.length, chunks: [bytes] })) === 'created') return;
  }
}

/**
 * Opens the journal for writing: replays it, claims the next number, and from then on is its one writer. Throws
 * `JournalError` `Closed`.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { storage, prefix, writer, now, flushMs = 2000, flushBytes = 1024 * 1024 } = options;
  let next = 0;
  let lines: string[] = [];
  let waitingBytes = 0;
  let waitingSince = 0;
  let isTakenOver = false;

  const put = async (
    entries: readonly string[],
    more: Pick<SegmentHeader, 'released'> = {},
  ): Promise<'created' | 'exists'> => {
    const bytes = encodeSegment({ writer, segment: next, ...more }, entries);
    const key = segmentKey(prefix, next);
    if ((await storage.create(key, { size: bytes.length, chunks: [bytes] })) === 'created') return 'created';
    // A store whose answer was lost has the segment of this very writer already.
    return (await holds(storage, key, bytes)) ? 'created' : 'exists';
  };

  for (;;) {
    const segment = await readSegment(storage, segmentKey(prefix, next));
    if (segment === undefined) {
      if ((await put([])) === 'created') break;
      continue;
    }
    if (segment.isClosed) throw new JournalError('Closed');
    isTakenOver = !segment.isReleased;
    for (const entry of segment.entries) options.replay(entry);
    if (segment.isReleased) options.onRelease?.();
    next += 1;
  }
  next += 1;

  const flushNow = async (): Promise<void> => {
    if (lines.length === 0) return;
    const entries = lines;
    lines = [];
    waitingBytes = 0;
    if ((await put(entries)) === 'exists') throw new JournalError('Fenced');
    next += 1;
  };
  // One segment after the other: a later one that was stored before an earlier one would hide behind a gap.
  let flushing = Promise.resolve();
  const flush = (): Promise<void> => {
    flushing = flushing.then(flushNow);
    return flushing;
  };
  const flushIfDue = async (): Promise<void> => {
    if (lines.length > 0 && now() - waitingSince >= flushMs) await flush();
  };
  return {
    isTakenOver,
    release: async () => {
      await flush();
      if ((await put([], { released: true })) === 'exists') throw new JournalError('Fenced');
      next += 1;
    },
    append: async (entry) => {
      const line = JSON.stringify(entry);
      if (lines.length === 0) waitingSince = now();
      lines.push(line);
      waitingBytes += line.length;
      if (waitingBytes >= flushBytes) await flush();
      else await flushIfDue();
    },
    flush,
    flushIfDue,
  };
}
