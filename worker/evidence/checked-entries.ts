/** Reads a shard's lines and sees to it that each is the one that was sealed in its place, by the chain. */
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import type { Storage } from '../storage/storage.ts';
import { EvidenceError, type FindingKind } from './finding.ts';
import { contextHash, type LedgerContext } from './ledger-context.ts';
import { chainHash, type LedgerEntry } from './ledger-record.ts';
import { leafHash } from './merkle.ts';
import { type LedgerLine, type LedgerShard, readShardLines } from './shard-ledger.ts';

export interface CheckedEntry {
  readonly entry: LedgerEntry;
  /** The record's leaf in the run's tree; its index there is the ordinal. */
  readonly leaf: Buffer;
}

/**
 * The entries of a shard, as an attempt wrote them, in order, for the ordinals `[first, end)`. Throws {@link EvidenceError} at the first line that
 * is altered, missing, added or moved. Who alters lines and links them again is found by the root, not here.
 */
export async function* checkedEntries(
  work: Storage,
  context: LedgerContext,
  { shard, attempt }: Pick<LedgerShard, 'shard' | 'attempt'>,
  { first, end }: { readonly first: number; readonly end: number },
): AsyncGenerator<CheckedEntry> {
  const hash = contextHash(context);
  const lines = readShardLines(work, { run: context.run, shard, attempt });
  const broken = (kind: FindingKind, ordinal: number) => new EvidenceError({ kind, ordinal, shard });
  let chain: Buffer = hash;
  let line = await nextLine(lines);
  for (let expected = first; expected < end; expected += 1) {
    if (line === undefined) throw broken('RecordMissing', expected);
    const following = await nextLine(lines);
    const { entry, text } = line;
    const ordinal = ordinalOf(line);
    if (entry === undefined || ordinal !== expected) {
      throw broken(await kindOfMisplaced(expected, ordinal, following, lines), expected);
    }
    const leaf = leafHash(hash, canonicalJson(entry.record));
    chain = chainHash(chain, leaf, entry.source);
    if (
      text !== canonicalJson({ chain: chain.toString('hex'), record: entry.record, source: entry.source })
    ) {
      throw broken(ordinalOf(following) === expected ? 'RecordAdded' : 'RecordAltered', expected);
    }
    yield { entry, leaf };
    line = following;
  }
  if (line !== undefined) throw broken('RecordAdded', end);
}

async function nextLine(lines: AsyncGenerator<LedgerLine>): Promise<LedgerLine | undefined> {
  const next = await lines.next();
  return next.done === true ? undefined : next.value;
}

function ordinalOf(line: LedgerLine | undefined): number | undefined {
  return line?.entry?.record.ordinal;
}

/** What has happened where a line of `ordinal`, or of none, stands in the place of `expected`. */
async function kindOfMisplaced(
  expected: number,
  ordinal: number | undefined,
  following: LedgerLine | undefined,
  rest: AsyncGenerator<LedgerLine>,
): Promise<FindingKind> {
  const isInPlace = ordinalOf(following) === expected + 1;
  if (ordinal === undefined || ordinal < expected) {
    return ordinalOf(following) === expected || (ordinal !== undefined && !isInPlace)
      ? 'RecordAdded'
      : 'RecordAltered';
  }
  for (let line = following; line !== undefined; line = await nextLine(rest)) {
    if (ordinalOf(line) === expected) return 'RecordMoved';
  }
  return isInPlace ? 'RecordAltered' : 'RecordMissing';
}
