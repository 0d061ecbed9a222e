/**
 * Checks a run's ledger against itself, against the journals that it was made from, and against what else the work area
 * says of the run. Needs no project key: the key of an input's mark stands beside its record.
 */
import { canonicalJson, digestOf } from '../../crds/records/canonical-json.ts';
import { JournalError } from '../journal/journal-error.ts';
import { type AttemptHistory, type AttemptPlace, readHistory, sealedAttempts } from '../run/attempts.ts';
import { readSummary } from '../run/finish.ts';
import type { KnownRun } from '../run/list-runs.ts';
import type { ObjectRecord } from '../run/object-record.ts';
import { RunError } from '../run/run-error.ts';
import { readPlanIndex, readSealedPlan, type SealedPlan, shardRange } from '../run/sealed-plan.ts';
import { type ShardJournals, shardRecords } from '../run/shard-records.ts';
import type { Storage } from '../storage/storage.ts';
import { readText } from '../storage/whole-object.ts';
import { checkedEntries } from './checked-entries.ts';
import { EvidenceError, type Finding } from './finding.ts';
import { contextHash } from './ledger-context.ts';
import { ledgerLayout } from './ledger-layout.ts';
import { type LedgerEntry, ledgerRecord, undoneRecord } from './ledger-record.ts';
import { type LedgerRoot, readLedgerRoot } from './ledger-root.ts';
import { createMerkleTree, type Subtree } from './merkle.ts';
import { readShardEnd, shardEndText } from './shard-ledger.ts';
import { gatherStatistics } from './statistics.ts';

export interface LedgerVerdict {
  /** That of the last attempt; undefined where it cannot be read. */
  readonly statement: LedgerRoot | undefined;
  /** Number of the run's shards. */
  readonly shards: number;
  /** Of the last attempt; undefined where there are findings. */
  readonly history: AttemptHistory | undefined;
  /** Of each shard the first difference. None: the ledger is what was sealed, as far as its root is. */
  readonly findings: readonly Finding[];
}

/** What the check of one attempt needs of the others. */
interface AttemptToCheck {
  readonly known: KnownRun;
  readonly plan: SealedPlan;
  readonly history: AttemptHistory;
  /** The root of the attempt before. */
  readonly previous: string | undefined;
  /** Verdicts on shards' ledgers, which several attempts have in common, by attempt and shard. */
  readonly verdicts: Map<string, ShardVerdict>;
}

/**
 * Checks the ledgers of all sealed attempts, and that each is chained to the one before. Throws `RunError` `NoSuchRun`
 * where the run is not finished.
 */
export async function verifyLedger(work: Storage, known: KnownRun): Promise<LedgerVerdict> {
  const { run } = known;
  const plan = await readSealedPlan(work, run);
  const sealed = await sealedAttempts(work, run);
  const isFinished = sealed.length > 0 || (await work.stat(ledgerLayout(run, 0).root)) !== undefined;
  if (plan === undefined || !isFinished) {
    throw new RunError('NoSuchRun', 'the run is not finished; it has no sealed ledger yet');
  }
  const { shards } = plan.summary;
  const attempts = sealed.length > 0 ? sealed : [0];
  const statement = await readLedgerRoot(work, run, attempts.at(-1) ?? 0);
  const verdicts = new Map<string, ShardVerdict>();
  let previous: string | undefined;
  let history: AttemptHistory | undefined;
  for (const attempt of attempts) {
    const place = attempt === 0 ? {} : { attempt };
    const found = (findings: readonly Finding[]): LedgerVerdict => ({
      statement,
      shards,
      history: undefined,
      findings: findings.map((finding) => ({ ...finding, ...place })),
    });
    history = await historyOf(work, run, { attempt, shards, sealed });
    if (history === undefined) return found([{ kind: 'ListAltered' }]);
    const findings = await checkAttempt(work, { known, plan, history, previous, verdicts });
    if (findings.length > 0) return found(findings);
    previous = (await readLedgerRoot(work, run, attempt))?.root;
  }
  return { statement, shards, history, findings: [] };
}

/** Undefined where a list that it is made of cannot be read. */
async function historyOf(
  work: Storage,
  run: string,
  place: AttemptPlace,
): Promise<AttemptHistory | undefined> {
  try {
    return await readHistory(work, run, place);
  } catch (error) {
    if (error instanceof RunError && error.exit === 'RunMismatch') return undefined;
    throw error;
  }
}

async function checkAttempt(work: Storage, attempt: AttemptToCheck): Promise<readonly Finding[]> {
  const { known, history } = attempt;
  const statement = await readLedgerRoot(work, known.run, history.attempt);
  if (statement === undefined) return [{ kind: 'RootUnreadable' }];
  const summaryState = await checkSummary(work, known.run, history.attempt, statement);
  const ofContext = await checkContext(work, attempt, statement);
  if (ofContext.length > 0) return ofContext;
  const ofShards = await checkShards(work, attempt, statement);
  if (ofShards.length > 0) return ofShards;
  const isChained =
    statement.previous === attempt.previous &&
    statement.attempt === (attempt.previous === undefined ? undefined : history.attempt);
  if (!isChained) return [{ kind: 'ChainBroken' }];
  const added = await checkFiles(work, known.run, history);
  return summaryState === 'agrees' ? added : [...added, { kind: 'SummaryAltered' }];
}

async function checkSummary(
  work: Storage,
  run: string,
  attempt: number,
  statement: LedgerRoot,
): Promise<'agrees' | 'differs'> {
  try {
    const summary = await readSummary(work, run, attempt);
    if (summary === undefined) return 'differs';
    const { root, entries } = summary.ledger;
    return root === statement.root && entries === statement.entries ? 'agrees' : 'differs';
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return 'differs';
    throw error;
  }
}

/** Whether the root's context is the run's. The digest of the program has the shards' word alone. */
async function checkContext(
  work: Storage,
  { known: { run, runSpec }, plan, history }: AttemptToCheck,
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
    const attempt = history.attemptsOf(shard).at(-1) ?? 0;
    if ((await readShardEnd(work, { run, shard, attempt }))?.context !== hash) others += 1;
  }
  return others > 0 && others === plan.summary.shards ? [{ kind: 'ContextAltered' }] : [];
}

async function checkShards(
  work: Storage,
  { plan, history, verdicts }: AttemptToCheck,
  statement: LedgerRoot,
): Promise<readonly Finding[]> {
  const index = await readPlanIndex(work, statement.context.run, plan.attempt);
  const tree = createMerkleTree();
  const broken: Finding[] = [];
  const journals: Finding[] = [];
  for (let shard = 0; shard < plan.summary.shards; shard += 1) {
    const attempts = history.attemptsOf(shard);
    const name = `${attempts.at(-1)} ${shard}`;
    const verdict =
      verdicts.get(name) ??
      (await checkShard(work, statement, { shard, attempts }, shardRange(index, shard)));
    verdicts.set(name, verdict);
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
  { shard, attempts }: Pick<ShardJournals, 'shard' | 'attempts'>,
  range: { readonly first: number; readonly end: number },
): Promise<ShardVerdict> {
  const tree = createMerkleTree(range.first);
  const statistics = gatherStatistics();
  const hash = contextHash(context);
  const { run } = context;
  const of = { run, shard, attempt: attempts.at(-1) ?? 0 };
  const journal = journalComparison(work, { run, shard, attempts }, range);
  let head: Buffer = hash;
  try {
    for await (const { entry, leaf } of checkedEntries(work, context, of, range)) {
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
  const isSame = (await readText(work, ledgerLayout(run, of.attempt).shardEnd(shard))) === end;
  return isSame ? { subtrees } : { broken: { kind: 'ShardEndAltered', shard }, subtrees };
}

/** Holds entries, in order, against what the journals give; after the first difference it looks no further. */
function journalComparison(
  work: Storage,
  journals: ShardJournals,
  range: Parameters<typeof shardRecords>[2],
) {
  const { shard } = journals;
  const records = shardRecords(work, journals, range);
  let found: Finding | undefined;
  const next = async (): Promise<IteratorResult<ObjectRecord | undefined>> => {
    try {
      return await records.next();
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      found = { kind: 'SegmentAltered', shard };
      return { done: true, value: undefined };
    }
  };
  return {
    agrees: async (entry: LedgerEntry): Promise<boolean> => {
      if (found !== undefined) return false;
      const { done, value } = await next();
      if (done !== true && isMadeOf(entry, value)) return true;
      found ??= { kind: 'JournalAltered', ordinal: entry.record.ordinal, shard };
      return false;
    },
    difference: async (end: number): Promise<Finding | undefined> => {
      if (found === undefined && (await next()).done !== true) {
        found = { kind: 'JournalAltered', ordinal: end, shard };
      }
      return found;
    },
  };
}

const hex256 = /^[0-9a-f]{64}$/;

function isMadeOf({ record, source }: LedgerEntry, object: ObjectRecord | undefined): boolean {
  if (object === undefined)
    return canonicalJson({ record, source }) === canonicalJson({ record: undoneRecord(record.ordinal) });
  if (source !== undefined && !hex256.test(String(source.markKey))) return false;
  const markKey = Buffer.from(source?.markKey ?? '', 'hex');
  return canonicalJson(ledgerRecord(object, () => markKey)) === canonicalJson({ record, source });
}

/** Files of shards that the attempt does not have, and pieces behind a gap. */
async function checkFiles(work: Storage, run: string, history: AttemptHistory): Promise<readonly Finding[]> {
  const layout = ledgerLayout(run, history.attempt);
  const shards = new Set(history.shards);
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
      const isKnown = shardText !== undefined && shards.has(shard);
      if (!isKnown || (pieceText !== undefined && Number(pieceText) !== piece)) {
        findings.push({ kind: 'ShardAdded', ...(shardText === undefined ? {} : { shard }) });
      }
      if (pieceText !== undefined) pieces.set(shard, piece + 1);
    }
    continuation = page.continuation;
  } while (continuation !== undefined);
  return findings.slice(0, 1);
}
