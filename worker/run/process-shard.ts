/**
 * Processes one shard of a sealed plan: resumes by its journals, takes the items that have no outcome yet through, and
 * writes the shard's result. A later attempt takes items that failed before through again, too. Doing it again, after
 * any kind of death, gives the same outputs and the same result.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ShardResult } from '../../crds/records/shard-result.ts';
import type { LedgerKeys } from '../evidence/shard-ledger.ts';
import { type Journal, openJournal, readJournal } from '../journal/journal.ts';
import { JournalError } from '../journal/journal-error.ts';
import type { JournalEntry } from '../journal/segment.ts';
import type { Log } from '../log/log.ts';
import type { ReasonCode } from '../reason-codes.ts';
import { attemptLayout, shardWriter } from './layout.ts';
import { decodeObjectRecord, type ObjectRecord, type ObjectTouch, touchedOrdinal } from './object-record.ts';
import type { PlanItem } from './plan-item.ts';
import { type Areas, writtenAreas } from './probe.ts';
import type { ObjectTaker } from './process-object.ts';
import { blaming, RunError } from './run-error.ts';
import { readShardResult, sealShard } from './seal-shard.ts';
import { readCells, readPlanIndex, type SealedPlan, type ShardRange, shardRange } from './sealed-plan.ts';
import { addTallies, emptyTally, type Tally, tallyOf } from './tally.ts';

export interface ShardContext {
  readonly run: string;
  readonly areas: Areas;
  readonly log: Log;
  readonly plan: SealedPlan;
  readonly shard: number;
  /** The attempts that took the shard, in order; the last one is at work. */
  readonly attempts: readonly number[];
  readonly ledger: LedgerKeys;
  /** Tells this process from every other that may work on the shard. */
  readonly writer: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Objects in hand at once. */
  readonly lanes: number;
  /** Gives a lane what takes its objects through, one after another. */
  readonly newTaker: () => ObjectTaker;
  /** Objects that have brought a process down before: they fail with the reason and are not touched again. */
  readonly suspects: ReadonlyMap<number, ReasonCode>;
  /**
   * Milliseconds for which objects are taken in hand one at a time, each written down before, where a process before this
   * one has died: if this one dies too, the next knows of which object. 0 where somebody outlives this process and knows.
   */
  readonly cautiousMs: number;
  /** Is told what the shard's objects have come to before. */
  readonly onResume?: (tally: Tally) => void;
  /** Is told of each object before it is touched, and of its record. */
  readonly onStart?: (ordinal: number, size: number) => void;
  readonly onRecord?: (record: ObjectRecord) => void;
}

/** Resolves to the shard's result. Throws `RunError`: `Interrupted` once what was in hand is stored, `ShardTaken` … */
export async function processShard(context: ShardContext): Promise<ShardResult> {
  // Faults of the other areas have been named where they happened.
  return blaming('workArea', () => takeThroughShard(context));
}

async function takeThroughShard(context: ShardContext): Promise<ShardResult> {
  const { run, shard, attempts, plan, ledger } = context;
  const work = context.areas.workArea;
  const done = await readShardResult({ work, run, plan, shard, attempts });
  if (done !== undefined) return done;
  const range = shardRange(await readPlanIndex(work, run, plan.attempt), shard);

  const finished = new Uint8Array(range.end - range.first);
  let before = emptyTally;
  /** Of objects that have no record since: how many processes have died with them in hand, in this attempt or before. */
  const touches = new Map<number, number>();
  const replay = (entry: JournalEntry, isOver: (record: ObjectRecord) => boolean): void => {
    const touched = touchedOrdinal(entry);
    if (touched !== undefined) {
      touches.set(touched, (touches.get(touched) ?? 0) + 1);
      return;
    }
    const record = recordOf(entry);
    touches.delete(record.ordinal);
    if (!isOver(record)) return;
    finished[record.ordinal - range.first] = 1;
    before = addTallies(before, tallyOf(record));
  };
  // Who stopped of its own will had it in hand, and no object to blame.
  const onRelease = () => touches.clear();
  const prefixOf = (attempt: number) => attemptLayout(run, attempt).journalPrefix(shard);
  for (const attempt of attempts.slice(0, -1)) {
    for await (const entry of readJournal(work, prefixOf(attempt), onRelease)) {
      replay(entry, ({ outcome }) => outcome !== 'failed');
    }
  }
  const journal = await openJournal({
    storage: work,
    prefix: prefixOf(attempts.at(-1) ?? 0),
    writer: context.writer,
    now: context.now,
    replay: (entry) => replay(entry, () => true),
    onRelease,
  });
  context.onResume?.(before);
  // The journal is this process's now: whoever wrote for the shard before is gone, or will find itself fenced.
  const writer = shardWriter(run, shard);
  for (const area of writtenAreas) await blaming(area, () => context.areas[area].discardUnfinished(writer));
  const guilty = [...touches].flatMap(([ordinal, times]) =>
    times < triesOfAnObject ? [] : [[ordinal, 'EngineFault'] as const],
  );
  const suspects = new Map<number, ReasonCode>([...context.suspects, ...guilty]);
  const isWarned = journal.isTakenOver || touches.size > 0;
  await runLanes({ ...context, suspects, isWarned }, range, finished, journal);
  return sealShard({ work, run, shard, attempts, plan, ledger, range });
}

function recordOf(entry: JournalEntry): ObjectRecord {
  const record = decodeObjectRecord(entry);
  if (record === undefined) throw new JournalError('Corrupt');
  return record;
}

/** Deaths of whole processes on one object after which it is not tried again. */
const triesOfAnObject = 2;

/** The items of the shard that have no outcome yet, taken through by a few lanes that draw from one list. */
async function runLanes(
  context: ShardContext & { readonly isWarned: boolean },
  range: ShardRange,
  finished: Uint8Array,
  journal: Journal,
): Promise<void> {
  const items = readCells(context.areas.workArea, context.run, context.plan.attempt, range);
  let stop: { readonly error: unknown } | undefined;

  const lane = async (cautiousUntil?: number): Promise<void> => {
    const taker = context.newTaker();
    const isOver = () => cautiousUntil !== undefined && context.now() >= cautiousUntil;
    while (stop === undefined && !context.signal.aborted && !isOver()) {
      const next = await items.next();
      if (next.done === true) return;
      const { ordinal } = next.value;
      if (finished[ordinal - range.first] === 1) continue;
      if (cautiousUntil !== undefined && !context.suspects.has(ordinal)) {
        await journal.append({ touched: ordinal } satisfies ObjectTouch);
        await journal.flush();
      }
      const record = await takeThrough(next.value, context, taker);
      await journal.append({ ...record });
      context.onRecord?.(record);
      // Folders answer at once: without this the process would hear no signal and send no word until it is done.
      await nextTurn();
    }
  };
  const stopping = (error: unknown): void => {
    stop ??= { error };
  };
  const isCautious = context.cautiousMs > 0 && context.isWarned;
  if (isCautious) await lane(context.now() + context.cautiousMs).catch(stopping);
  await Promise.all(Array.from({ length: context.lanes }, () => lane().catch(stopping)));
  // What is done is kept even where the run cannot go on, unless the journal itself is what failed.
  await (context.cautiousMs > 0 ? journal.release() : journal.flush()).catch(stopping);
  if (stop !== undefined) throw stop.error;
  if (context.signal.aborted) {
    throw new RunError('Interrupted', 'stopped by a signal; what was done is kept, run again to go on');
  }
}

async function takeThrough(item: PlanItem, context: ShardContext, taker: ObjectTaker): Promise<ObjectRecord> {
  const { ordinal } = item;
  switch (item.kind) {
    case 'skipped':
      return { ordinal, outcome: 'skipped', reason: 'NotSelected', input: { size: item.size } };
    case 'object': {
      const reason = context.suspects.get(ordinal);
      if (reason !== undefined) return { ordinal, outcome: 'failed', reason, input: { size: item.size } };
      context.onStart?.(ordinal, item.size);
      const record = await taker(item);
      context.log.debug('object done', { ordinal, outcome: record.outcome, ...reasonOf(record) });
      return record;
    }
    case 'objectGroup':
    case 'range':
      throw new RunError('RunMismatch', 'the plan holds items of a later version of the program');
    default:
      return item satisfies never;
  }
}

function reasonOf(record: ObjectRecord): { readonly reason?: string } {
  return record.reason === undefined ? {} : { reason: record.reason };
}
