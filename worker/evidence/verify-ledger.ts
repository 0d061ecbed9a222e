/**
 * Checks a run's ledger against itself, against the journals that it was made from, and against what else the work area
 * says of the run. Needs no project key: the key of an input's mark stands beside its record.
 */
import { canonicalJson, digestOf } from '../../crds/records/canonical-json.ts';
import { JournalError } from '../journal/journal-error.ts';
import { readSummary } from '../run/finish.ts';
import type { KnownRun } from '../run/list-runs.ts';
import type { ObjectRecord } from '../run/object-record.ts';
import { RunError } from '../run/run-error.ts';
import { readPlanIndex, readSealedPlan, type SealedPlan, shardRange } from '../run/sealed-plan.ts';
import type { Storage } from '../storage/storage.ts';
import { readText } from '../storage/whole-object.ts';
import { checkedEntries } from './checked-entries.ts';
import { EvidenceError, type Finding } from './finding.ts';
import { journalInOrder } from './journal-order.ts';
import { contextHash } from './ledger-context.ts';
import { ledgerLayout } from './ledger-layout.ts';
import { type LedgerEntry, ledgerRecord } from './ledger-record.ts';
import { type LedgerRoot, readLedgerRoot } from './ledger-root.ts';
import { createMerkleTree, type Subtree } from './merkle.ts';
import { readShardEnd, shardEndText } from './shard-ledger.ts';
import { gatherStatistics } from './statistics.ts';

export interface LedgerVerdict {
  /** Undefined where it cannot be read. */
  readonly statement: LedgerRoot | undefined;
  /** Number of the run's shards. */
  readonly shards: number;
  /** Of each shard the first difference. None: the ledger is what was sealed, as far as its root is. */
  readonly findings: readonly Finding[];
}

/** Throws `RunError` `NoSuchRun` where the run is not finished. */
export async function verifyLedger(work: Storage, known: KnownRun): Promise<LedgerVerdict> {
  const plan = await readSealedPlan(work, known.run);
  const statement = await readLedgerRoot(work, known.run);
  const isFinished = (await readText(work, ledgerLayout(known.run).root)) !== undefined;
  const summaryState = await checkSummary(work, known.run, statement);
  if (plan === undefined || (!isFinished && summaryState === 'none')) {
    throw new RunError('NoSuchRun', 'the run is not finished; it has no sealed ledger yet');
  }
  const { shards } = plan.summary;
  const verdict = (findings: readonly Finding[]): LedgerVerdict => ({ statement, shards, findings });
  if (statement === undefined) return verdict([{ kind: 'RootUnreadable' }]);
  const ofContext = await checkContext(work, known, plan, statement);
  if (ofContext.length > 0) return verdict(ofContext);
  const ofShards = await checkShards(work, plan, statement);
  if (ofShards.length > 0) return verdict(ofShards);
  const added = await checkFiles(work, known.run, shards);
  return verdict(summaryState === 'agrees' ? added : [...added, { kind: 'SummaryAltered' }]);
}

async function checkSummary(
  work: Storage,
  run: string,
  statement: LedgerRoot | undefined,
): Promise<'none' | 'agrees' | 'differs'> {
  try {
    const summary = await readSummary(work, run);
    if (summary === undefined) return 'none';
    const { root, entries } = summary.ledger;
    return root === statement?.root && entries === statement.entries ? 'agrees' : 'differs';
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return 'differs';
    throw error;
  }
}

/** Whether the root's context is the run's. The digest of the program has the shards' word alone. */
async function checkContext(
  work: Storage,
  { run, runSpec }: KnownRun,
  plan: SealedPlan,
  { context, entries }: LedgerRoot,
): Promise<readonly Finding[]> {
  const expected = {
    kind: 'LedgerContext',
    version: 1,
    run,
    runSpec: runSpec.digest,
    profile: digestOf(runSpec.profile.spec),
    plan: plan.summary.digest,
    engine: { version: plan.summary.engineVersion, digest: context.engine?.digest },
    key: plan.keyFingerprint,
  };
  if (canonicalJson(expected) !== canonicalJson(context)) return [{ kind: 'ContextAltered' }];
  if (entries !== plan.summary.objects) return [{ kind: 'RootAltered' }];
  const hash = contextHash(context).toString('hex');
  let others = 0;
  for (let shard = 0; shard < plan.summary.shards; shard += 1) {
    if ((await readShardEnd(work, run, shard))?.context !== hash) others += 1;
  }
  return others > 0 && others === plan.summary.shards ? [{ kind: 'ContextAltered' }] : [];
}

async function checkShards(
  work: Storage,
  plan: SealedPlan,
  statement: LedgerRoot,
): Promise<readonly Finding[]> {
  const index = await readPlanIndex(work, statement.context.run, plan.attempt);
  const tree = createMerkleTree();
  const broken: Finding[] = [];
  const journals: Finding[] = [];
  for (let shard = 0; shard < plan.summary.shards; shard += 1) {
    const verdict = await checkShard(work, statement, shard, shardRange(index, shard));
    if (verdict.broken !== undefined) broken.push(verdict.broken);
    if (verdict.journal !== undefined) journals.push(verdict.journal);
    if (broken.length > 0) continue;
    for (const subtree of verdict.subtrees) tree.appendSubtree(subtree);
  }
  if (broken.length > 0) return broken;
  if (`sha256:${tree.root().toString('hex')}` === statement.root) return journals;
  // Lines that hang together and agree with the journal, under another root: then the root is what was altered.
  const altered = journals.filter(({ kind }) => kind === 'JournalAltered');
  return altered.length > 0
    ? altered.map((finding) => ({ ...finding, kind: 'RecordAltered' }) as const)
    : [{ kind: 'RootAltered' }, ...journals];
}

interface ShardVerdict {
  /** The first difference of the ledger in itself. */
  readonly broken?: Finding;
  /** The first place where the journal says something else. */
  readonly journal?: Finding;
  readonly subtrees: readonly Subtree[];
}

async function checkShard(
  work: Storage,
  { context }: LedgerRoot,
  shard: number,
  range: { readonly first: number; readonly end: number },
): Promise<ShardVerdict> {
  const tree = createMerkleTree(range.first);
  const statistics = gatherStatistics();
  const hash = contextHash(context);
  const journal = journalComparison(work, context.run, shard, range.first);
  let head: Buffer = hash;
  try {
    for await (const { entry, leaf } of checkedEntries(work, context, shard, range)) {
      tree.append(leaf);
      head = Buffer.from(entry.chain, 'hex');
      // What the journal bears out has the form of a record; the rest is not looked into.
      if (await journal.agrees(entry)) statistics.add(entry.record);
    }
  } catch (error) {
    if (error instanceof EvidenceError) return { broken: error.finding, subtrees: [] };
    throw error;
  }
  const subtrees = tree.subtrees();
  const difference = await journal.difference(range.end);
  if (difference !== undefined) return { journal: difference, subtrees };
  const entries = range.end - range.first;
  const end = shardEndText({ context: hash, shard, first: range.first, entries, head, tree, statistics });
  const isSame = (await readText(work, ledgerLayout(context.run).shardEnd(shard))) === end;
  return isSame ? { subtrees } : { broken: { kind: 'ShardEndAltered', shard }, subtrees };
}

/** Holds entries, in order, against what the journal gives; after the first difference it looks no further. */
function journalComparison(work: Storage, run: string, shard: number, first: number) {
  const records = journalInOrder(work, run, shard, first);
  let found: Finding | undefined;
  const next = async (): Promise<ObjectRecord | undefined> => {
    try {
      const { done, value } = await records.next();
      return done === true ? undefined : value;
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      found = { kind: 'SegmentAltered', shard };
      return undefined;
    }
  };
  return {
    agrees: async (entry: LedgerEntry): Promise<boolean> => {
      if (found !== undefined) return false;
      const record = await next();
      if (record !== undefined && isMadeOf(entry, record)) return true;
      found ??= { kind: 'JournalAltered', ordinal: entry.record.ordinal, shard };
      return false;
    },
    difference: async (end: number): Promise<Finding | undefined> => {
      if (found === undefined && (await next()) !== undefined) {
        found = { kind: 'JournalAltered', ordinal: end, shard };
      }
      return found;
    },
  };
}

const hex256 = /^[0-9a-f]{64}$/;

function isMadeOf({ record, source }: LedgerEntry, object: ObjectRecord): boolean {
  if (source !== undefined && !hex256.test(String(source.markKey))) return false;
  const markKey = Buffer.from(source?.markKey ?? '', 'hex');
  return canonicalJson(ledgerRecord(object, () => markKey)) === canonicalJson({ record, source });
}

/** Files of shards that the plan does not have, and pieces behind a gap. */
async function checkFiles(work: Storage, run: string, shards: number): Promise<readonly Finding[]> {
  const layout = ledgerLayout(run);
  const inShard = /\/shard-(\d{6})\/(?:(\d{6})\.jsonl|end\.json)$/;
  const pieces = new Map<number, number>();
  const findings: Finding[] = [];
  let continuation: string | undefined;
  do {
    const page = await work.list(
      `${layout.prefix}shard-`,
      continuation === undefined ? {} : { continuation },
    );
    for (const { key } of page.objects) {
      const [, shardText, pieceText] = inShard.exec(key) ?? [];
      const shard = Number(shardText);
      const piece = pieces.get(shard) ?? 0;
      const isKnown = shardText !== undefined && shard < shards;
      if (!isKnown || (pieceText !== undefined && Number(pieceText) !== piece)) {
        findings.push({ kind: 'ShardAdded', ...(shardText === undefined ? {} : { shard }) });
      }
      if (pieceText !== undefined) pieces.set(shard, piece + 1);
    }
    continuation = page.continuation;
  } while (continuation !== undefined);
  return findings.slice(0, 1);
}
