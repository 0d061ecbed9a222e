import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStorage } from '../storage/memory-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { closeJournal, type Journal, openJournal, readJournal } from './journal.ts';
import type { JournalEntry } from './segment.ts';

interface Clock {
  ms: number;
}

async function opened(
  storage: Storage,
  options: { readonly clock?: Clock; readonly seen?: JournalEntry[]; readonly flushBytes?: number } = {},
): Promise<Journal> {
  const { clock = { ms: 0 }, seen = [], flushBytes = 1000 } = options;
  return openJournal({
    storage,
    prefix: 'j/',
    writer: 'w',
    now: () => clock.ms,
    flushBytes,
    replay: (entry) => seen.push(entry),
  });
}

async function held(storage: Storage): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of readJournal(storage, 'j/')) entries.push(entry);
  return entries;
}

test('entries are replayed in the order in which they were appended', async () => {
  const storage = createMemoryStorage();
  const first = await opened(storage);
  await first.append({ n: 1 });
  await first.append({ n: 2 });
  await first.flush();
  await first.append({ n: 3 });
  await first.flush();
  const seen: JournalEntry[] = [];
  await opened(storage, { seen });
  assert.deepEqual(seen, [{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('entries are stored after the flush time and after the flush size', async () => {
  const storage = createMemoryStorage();
  const clock = { ms: 0 };
  const journal = await opened(storage, { clock });
  await journal.append({ n: 1 });
  clock.ms = 1999;
  await journal.flushIfDue();
  assert.deepEqual(await held(storage), []);
  clock.ms = 2000;
  await journal.flushIfDue();
  assert.deepEqual(await held(storage), [{ n: 1 }]);
  await journal.append({ text: 'x'.repeat(1000) });
  assert.equal((await held(storage)).length, 2);
});

test('a process that opens the journal fences the one before it, which stores nothing more', async () => {
  const storage = createMemoryStorage();
  const before = await opened(storage);
  await before.append({ n: 1 });
  const after = await opened(storage);
  await assert.rejects(() => before.flush(), { code: 'Fenced' });
  await after.append({ n: 2 });
  await after.flush();
  assert.deepEqual(await held(storage), [{ n: 2 }]);
});

test('of two processes that open at once each gets a number of its own, and the later one lives', async () => {
  const storage = createMemoryStorage();
  const journals = await Promise.all([opened(storage), opened(storage), opened(storage)]);
  const results = await Promise.allSettled(
    journals.map(async (journal, n) => {
      await journal.append({ n });
      await journal.flush();
    }),
  );
  assert.equal(results.filter((result) => result.status === 'fulfilled').length, 1);
  assert.equal((await held(storage)).length, 1);
});

test('a segment that is cut, foreign or of another format is Corrupt', async () => {
  const header = '{"format":"deid-journal/1","writer":"w","segment":0}\n';
  for (const text of ['', `${header}{"n":1}`, `${header}{"n":\n`, '{"format":"other"}\n', `${header}1\n`]) {
    const storage = createMemoryStorage();
    const bytes = Buffer.from(text);
    await storage.create('j/00000000.jsonl', { size: bytes.length, chunks: [bytes] });
    await assert.rejects(() => opened(storage), { code: 'Corrupt' });
  }
});

test('a journal that was released is not taken over; one whose writer died is', async () => {
  const storage = createMemoryStorage();
  const first = await opened(storage);
  assert.equal(first.isTakenOver, false);
  await first.append({ n: 1 });
  await first.release();
  const second = await opened(storage);
  assert.equal(second.isTakenOver, false);
  const third = await opened(storage);
  assert.equal(third.isTakenOver, true, 'the second one neither wrote nor released');
  await assert.rejects(second.release(), { code: 'Fenced' });
  const told: string[] = [];
  await openJournal({
    storage,
    prefix: 'j/',
    writer: 'w',
    now: () => 0,
    replay: () => told.push('entry'),
    onRelease: () => told.push('released'),
  });
  assert.deepEqual(told, ['entry', 'released']);
});

test('a closed journal stays as it is, for those that write to it and those that come', async () => {
  const storage = createMemoryStorage();
  const journal = await opened(storage);
  await journal.append({ n: 1 });
  await journal.flush();
  await journal.append({ n: 2 });
  const closing = { storage, prefix: 'j/', writer: 'closer' };
  await closeJournal(closing);
  await assert.rejects(journal.flush(), { code: 'Fenced' });
  await assert.rejects(opened(storage), { code: 'Closed' });
  await closeJournal(closing);
  assert.deepEqual(await held(storage), [{ n: 1 }]);
  await closeJournal({ ...closing, prefix: 'empty/' });
  await assert.rejects(
    openJournal({ storage, prefix: 'empty/', writer: 'w', now: () => 0, replay: () => {} }),
    { code: 'Closed' },
  );
});
