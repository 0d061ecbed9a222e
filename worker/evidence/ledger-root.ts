/**
 * The root of an attempt's ledger: one statement over the records of all objects of the run, which a signature and the
 * job's status pin. That of a later attempt names the root before it, so that the last one pins them all.
 */
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import type { AttemptHistory } from '../run/attempts.ts';
import { inOrder, numbersTo, smallReads } from '../run/in-order.ts';
import { RunError } from '../run/run-error.ts';
import type { Storage } from '../storage/storage.ts';
import { readText } from '../storage/whole-object.ts';
import { contextHash, type LedgerContext } from './ledger-context.ts';
import { ledgerLayout } from './ledger-layout.ts';
import { createMerkleTree } from './merkle.ts';
import { createLedgerText, readShardEnd, type ShardLedgerEnd } from './shard-ledger.ts';
import { gatherStatistics, type Statistics } from './statistics.ts';

export interface LedgerRoot {
  readonly kind: 'LedgerRoot';
  readonly version: 1;
  readonly context: LedgerContext;
  /** Number of records. */
  readonly entries: number;
  /** `sha256:…`: root of the Merkle tree over all records in order of ordinals. */
  readonly root: string;
  /** The attempt, and the root of the sealed attempt before it; missing where there is none before. */
  readonly attempt?: number;
  readonly previous?: string;
}

/** Which ledger is sealed, of which parts. */
export interface LedgerToSeal {
  readonly context: LedgerContext;
  /** Number of shards of the plan. */
  readonly shards: number;
  readonly history: Pick<AttemptHistory, 'attempt' | 'before' | 'attemptsOf'>;
}

export interface SealedLedger {
  readonly statement: LedgerRoot;
  readonly statistics: Statistics;
}

/** Whether the end of a shard begins at that ordinal and its subtrees cover just its records. */
function continues({ first, entries, subtrees }: ShardLedgerEnd, ordinal: number): boolean {
  let next = ordinal;
  const isInPlace = subtrees.every(({ size }) => {
    const fits = next % size === 0;
    next += size;
    return fits;
  });
  return first === ordinal && isInPlace && next === ordinal + entries;
}

/** Joins the shards' trees and writes the root. Doing it again gives the same. Throws `RunError`. */
export async function sealLedger(
  work: Storage,
  { context, shards, history }: LedgerToSeal,
): Promise<SealedLedger> {
  const { run } = context;
  const tree = createMerkleTree();
  const statistics = gatherStatistics();
  const hash = contextHash(context).toString('hex');
  let entries = 0;
  const ends = inOrder(numbersTo(shards), smallReads, (shard) =>
    readShardEnd(work, { run, shard, attempt: history.attemptsOf(shard).at(-1) ?? 0 }),
  );
  let shard = 0;
  for await (const end of ends) {
    if (end === undefined || end.context !== hash || !continues(end, entries)) {
      throw new RunError(
        'RunMismatch',
        `the ledger of shard ${shard} is damaged, or was written by another version of the program`,
      );
    }
    for (const { size, hash } of end.subtrees) tree.appendSubtree({ size, hash: Buffer.from(hash, 'hex') });
    statistics.addAll(end.statistics);
    entries += end.entries;
    shard += 1;
  }
  const statement: LedgerRoot = {
    kind: 'LedgerRoot',
    version: 1,
    context,
    entries,
    root: `sha256:${tree.root().toString('hex')}`,
    ...(await chainedTo(work, run, history)),
  };
  await createLedgerText(work, ledgerLayout(run, history.attempt).root, rootText(statement));
  return { statement, statistics: statistics.result() };
}

/** How the root is chained to the one before. */
async function chainedTo(
  work: Storage,
  run: string,
  { attempt, before }: LedgerToSeal['history'],
): Promise<Pick<LedgerRoot, 'attempt' | 'previous'>> {
  const last = before.at(-1);
  if (last === undefined) return {};
  const previous = await readLedgerRoot(work, run, last);
  if (previous === undefined)
    throw new RunError('RunMismatch', 'the ledger of the attempt before is missing or damaged');
  return { attempt, previous: previous.root };
}

/** The bytes of the statement's file: its canonical JSON and a line feed. */
export function rootText(statement: LedgerRoot): string {
  return `${canonicalJson(statement)}\n`;
}

/** The sealed root; undefined where there is none, or none that can be read. */
export async function readLedgerRoot(
  work: Storage,
  run: string,
  attempt: number,
): Promise<LedgerRoot | undefined> {
  const text = await readText(work, ledgerLayout(run, attempt).root);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as LedgerRoot;
    return value.kind === 'LedgerRoot' && rootText(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
