/** The ledger of one shard: written once, from the shard's journal, in order of ordinals; the same from the same journal. */
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import { jsonObject } from '../run/json-object.ts';
import type { ObjectRecord } from '../run/object-record.ts';
import { RunError } from '../run/run-error.ts';
import type { Storage } from '../storage/storage.ts';
import { createText, holds, readText } from '../storage/whole-object.ts';
import { contextHash, type LedgerContext } from './ledger-context.ts';
import { ledgerLayout } from './ledger-layout.ts';
import { chainHash, type LedgerEntry, ledgerRecord, undoneRecord } from './ledger-record.ts';
import { createMerkleTree, leafHash, type MerkleTree } from './merkle.ts';
import { validateShardEnd } from './shard-end-form.ts';
import { gatherStatistics, type Statistics, type StatisticsGatherer } from './statistics.ts';

/** What a shard's ledger is made with besides the journal. */
export interface LedgerKeys {
  readonly context: LedgerContext;
  /** The key of an object's input mark: 32 bytes. */
  readonly markKeyOf: (ordinal: number) => Uint8Array;
}

/** A shard's ledger as one attempt wrote it. */
export interface LedgerShard {
  readonly run: string;
  readonly shard: number;
  readonly attempt: number;
}

/** Closes the lines of a shard. */
export interface ShardLedgerEnd {
  readonly kind: 'ShardLedger';
  readonly version: 1;
  /** The context's hash, lower-case hex. */
  readonly context: string;
  readonly shard: number;
  /** Ordinal of the first record. */
  readonly first: number;
  readonly entries: number;
  /** The chain's last link, lower-case hex. */
  readonly head: string;
  /** Perfect subtrees of the run's tree that cover the shard's records, from the left. */
  readonly subtrees: readonly { readonly size: number; readonly hash: string }[];
  readonly statistics: Statistics;
}

/** Characters of lines in one piece. */
const pieceLength = 1024 * 1024;

/** Creates an object of a ledger; one that is there already must have the same bytes. */
export async function createLedgerText(work: Storage, key: string, text: string): Promise<void> {
  if ((await createText(work, key, text)) === 'created') return;
  if (await holds(work, key, Buffer.from(text, 'utf8'))) return;
  throw new RunError('RunMismatch', 'the ledger in the work area is another one than the journals give');
}

/** Takes the shard's objects in order of ordinals. */
export interface ShardLedgerWriter {
  add(object: ObjectRecord): Promise<void>;
  /** An object that the attempt gave up before it had an outcome. */
  addUndone(ordinal: number): Promise<void>;
  /** Writes what is left and what closes it. */
  end(): Promise<void>;
}

export function shardLedgerWriter(
  work: Storage,
  { shard, attempt, first }: { readonly shard: number; readonly attempt: number; readonly first: number },
  { context, markKeyOf }: LedgerKeys,
): ShardLedgerWriter {
  const layout = ledgerLayout(context.run, attempt);
  const hash = contextHash(context);
  const tree = createMerkleTree(first);
  const statistics = gatherStatistics();
  let entries = 0;
  let chain: Buffer = hash;
  let pieces = 0;
  let text = '';

  const closePiece = async (): Promise<void> => {
    if (text === '') return;
    await createLedgerText(work, layout.piece(shard, pieces), text);
    pieces += 1;
    text = '';
  };
  const append = async ({ record, source }: Omit<LedgerEntry, 'chain'>): Promise<void> => {
    const recordText = canonicalJson(record);
    const leaf = leafHash(hash, recordText);
    tree.append(leaf);
    chain = chainHash(chain, leaf, source);
    statistics.add(record);
    // The members in canonical order; the record's text is made once.
    const sourceText = source === undefined ? '' : `,"source":${canonicalJson(source)}`;
    text += `{"chain":"${chain.toString('hex')}","record":${recordText}${sourceText}}\n`;
    entries += 1;
    if (text.length >= pieceLength) await closePiece();
  };
  return {
    add: (object) => append(ledgerRecord(object, markKeyOf)),
    addUndone: (ordinal) => append({ record: undoneRecord(ordinal) }),
    end: async () => {
      await closePiece();
      const end = shardEndText({ context: hash, shard, first, entries, head: chain, tree, statistics });
      await createLedgerText(work, layout.shardEnd(shard), end);
    },
  };
}

/** The bytes of what closes a shard's lines: canonical JSON and a line feed. */
export function shardEndText(of: {
  readonly context: Buffer;
  readonly shard: number;
  readonly first: number;
  readonly entries: number;
  readonly head: Buffer;
  readonly tree: MerkleTree;
  readonly statistics: StatisticsGatherer;
}): string {
  const { context, shard, first, entries, head, tree, statistics } = of;
  const end: ShardLedgerEnd = {
    kind: 'ShardLedger',
    version: 1,
    context: context.toString('hex'),
    shard,
    first,
    entries,
    head: head.toString('hex'),
    subtrees: tree.subtrees().map((subtree) => ({ ...subtree, hash: subtree.hash.toString('hex') })),
    statistics: statistics.result(),
  };
  return `${canonicalJson(end)}\n`;
}

/** What closes a shard's ledger; undefined where it is missing or cannot be read. */
export async function readShardEnd(
  work: Storage,
  { run, shard, attempt }: LedgerShard,
): Promise<ShardLedgerEnd | undefined> {
  const text = await readText(work, ledgerLayout(run, attempt).shardEnd(shard));
  if (text === undefined) return undefined;
  const validated = validateShardEnd(jsonObject(text));
  return validated.ok ? (validated.document as ShardLedgerEnd) : undefined;
}

/** A line of a ledger as it stands there, with what it says; `entry` is undefined where it is no line of a ledger. */
export interface LedgerLine {
  readonly text: string;
  readonly entry: LedgerEntry | undefined;
}

/** The lines of a shard in order, a piece in memory at a time. */
export async function* readShardLines(
  work: Storage,
  { run, shard, attempt }: LedgerShard,
): AsyncGenerator<LedgerLine> {
  const layout = ledgerLayout(run, attempt);
  for (let piece = 0; ; piece += 1) {
    const text = await readText(work, layout.piece(shard, piece));
    if (text === undefined) return;
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) {
      const entry = jsonObject(line) as LedgerEntry | undefined;
      yield { text: line, entry: typeof entry?.record === 'object' ? entry : undefined };
    }
  }
}
