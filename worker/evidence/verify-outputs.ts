/**
 * Reads the outputs of a run again and holds them against its ledger, whose lines must have been checked before; and
 * looks for objects that no record knows. Memory: eight bytes for each object that one knows.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../crds/records/canonical-json.ts';
import { JournalError } from '../journal/journal-error.ts';
import { type AttemptHistory, readHistory, sealedAttempts } from '../run/attempts.ts';
import { quarantineLayout } from '../run/layout.ts';
import { listRuns } from '../run/list-runs.ts';
import type { ObjectRecord } from '../run/object-record.ts';
import type { Areas } from '../run/probe.ts';
import { blaming, RunError } from '../run/run-error.ts';
import { readSealedPlan } from '../run/sealed-plan.ts';
import { journalRecords } from '../run/shard-records.ts';
import type { Storage } from '../storage/storage.ts';
import { hasDigest } from '../storage/whole-object.ts';
import type { Finding } from './finding.ts';
import { createKeyedSet, type KeyedSet } from './keyed-set.ts';
import type { LedgerEntry } from './ledger-record.ts';
import { readShardLines } from './shard-ledger.ts';

export interface OutputCheck {
  readonly areas: Pick<Areas, 'workArea' | 'destination' | 'quarantine'>;
  readonly run: string;
  /** Number of the run's shards. */
  readonly shards: number;
  /** Of the attempt that was sealed last. */
  readonly history: AttemptHistory;
  /** Others than the runs of this work area write to the destination, too: what no record knows there is no finding. */
  readonly isShared: boolean;
  /** Objects that are read at once. */
  readonly lanes: number;
  /** Bytes that nobody else knows; see {@link createKeyedSet}. */
  readonly secret: Uint8Array;
  readonly signal: AbortSignal;
}

export interface OutputVerdict {
  /** Outputs that were read again, and their bytes. */
  readonly outputs: number;
  readonly bytes: number;
  /** Objects that have no outcome. What was begun of them may lie in the areas, and is no finding. */
  readonly undone: number;
  /** The first {@link mostFindings} in order of ordinals, then what no record knows. */
  readonly findings: readonly Finding[];
  /** Number of findings in all. */
  readonly found: number;
}

/** Findings that a verdict lists. */
export const mostFindings = 100;

type KnownKeys = Readonly<Record<'destination' | 'quarantine', KeyedSet>>;

/** Throws `RunError` `Interrupted`, or what ends reading of an area. */
export async function verifyOutputs(check: OutputCheck): Promise<OutputVerdict> {
  const known = {
    destination: createKeyedSet(check.secret),
    quarantine: createKeyedSet(check.secret),
  };
  const tally = { outputs: 0, bytes: 0, undone: 0 };
  const findings = gatherFindings();
  const entries = entriesOf(check);
  const lane = async (): Promise<void> => {
    for (;;) {
      if (check.signal.aborted) throw new RunError('Interrupted', 'stopped by a signal');
      const next = await entries.next();
      if (next.done === true) return;
      const { record } = next.value;
      for (const finding of await checkEntry(next.value, check, known)) findings.add(finding);
      if (record.outcome === 'undone') tally.undone += 1;
      if (record.output === undefined) continue;
      tally.outputs += 1;
      tally.bytes += record.output.size;
    }
  };
  await Promise.all(Array.from({ length: check.lanes }, lane));
  await addAttemptUnderWay(check, known);
  const listed = gatherFindings();
  if (!check.isShared) {
    await addOtherRuns(check, known.destination);
    await checkListing(check, { area: 'destination', prefix: '', begun: tally.undone }, known, listed.add);
  }
  const ofQuarantine = { area: 'quarantine', prefix: `${check.run}/`, begun: 2 * tally.undone } as const;
  await checkListing(check, ofQuarantine, known, listed.add);
  const all = [...findings.first(), ...listed.first()];
  return { ...tally, findings: all.slice(0, mostFindings), found: findings.count() + listed.count() };
}

/** Keeps the first findings by ordinal and counts the others. Lanes end out of order, by as many objects as there are lanes. */
function gatherFindings() {
  const kept: Finding[] = [];
  let count = 0;
  return {
    add: (finding: Finding): void => {
      count += 1;
      if (kept.length < 2 * mostFindings) kept.push(finding);
    },
    first: () => kept.sort((a, b) => (a.ordinal ?? 0) - (b.ordinal ?? 0)).slice(0, mostFindings),
    count: () => count,
  };
}

async function* entriesOf({ areas, run, shards, history }: OutputCheck): AsyncGenerator<LedgerEntry> {
  for (let shard = 0; shard < shards; shard += 1) {
    for await (const { entry } of readShardLines(areas.workArea, {
      run,
      shard,
      attempt: history.attemptsOf(shard).at(-1) ?? 0,
    })) {
      if (entry !== undefined) yield entry;
    }
  }
}

async function checkEntry(
  entry: LedgerEntry,
  { areas, run }: OutputCheck,
  known: KnownKeys,
): Promise<readonly Finding[]> {
  const { ordinal, output } = entry.record;
  const findings: Finding[] = [];
  if (output !== undefined) {
    const { area, key, size, sha256 } = output;
    known[area].add(key);
    const state = await blaming(area, () => stateOf(areas[area], key, size, sha256));
    if (state !== 'same') {
      findings.push({ kind: state === 'missing' ? 'OutputMissing' : 'OutputAltered', ordinal, area });
    }
  }
  const held = heldRecord(run, entry);
  if (held !== undefined) {
    known.quarantine.add(held.key);
    const bytes = Buffer.from(held.text, 'utf8');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const state = await blaming('quarantine', () =>
      stateOf(areas.quarantine, held.key, bytes.length, sha256),
    );
    if (state !== 'same') {
      const kind = state === 'missing' ? 'HeldRecordMissing' : 'HeldRecordAltered';
      findings.push({ kind, ordinal, area: 'quarantine' });
    }
  }
  return findings;
}

async function stateOf(
  storage: Storage,
  key: string,
  size: number,
  sha256: string,
): Promise<'same' | 'altered' | 'missing'> {
  if (await hasDigest(storage, key, size, sha256)) return 'same';
  return (await storage.stat(key)) === undefined ? 'missing' : 'altered';
}

/** The record that lies in quarantine for an object that was held back. */
function heldRecord(
  run: string,
  { record }: LedgerEntry,
): { readonly key: string; readonly text: string } | undefined {
  const { ordinal, outcome, reason, at, input, output, done } = record;
  if (outcome !== 'review' && outcome !== 'rejected') return undefined;
  const { area: _, ...written } = output ?? {};
  const held = {
    ordinal,
    outcome,
    reason,
    at,
    input: { size: input.size },
    output: output === undefined ? undefined : written,
    record: done,
  };
  const layout = quarantineLayout(run);
  return {
    key: outcome === 'review' ? layout.reviewRecord(ordinal) : layout.rejectedRecord(ordinal),
    text: `${canonicalJson(held)}\n`,
  };
}

/** Adds what other runs of the work area have written to the destination, by their journals. */
async function addOtherRuns({ areas, run }: OutputCheck, known: KeyedSet): Promise<void> {
  for (const other of await listRuns(areas.workArea)) {
    if (other.run === run) continue;
    for await (const { outcome, output } of journalsOf(areas.workArea, other.run, 0)) {
      if (outcome === 'deidentified' && output !== undefined) known.add(output.key);
    }
  }
}

/** Adds what an attempt that is not sealed yet has written for this run. */
async function addAttemptUnderWay({ areas, run, history }: OutputCheck, known: KnownKeys): Promise<void> {
  const layout = quarantineLayout(run);
  for await (const { ordinal, outcome, output } of journalsOf(areas.workArea, run, history.attempt + 1)) {
    if (outcome === 'review') known.quarantine.add(layout.reviewRecord(ordinal));
    if (outcome === 'rejected') known.quarantine.add(layout.rejectedRecord(ordinal));
    if (output !== undefined) known[outcome === 'review' ? 'quarantine' : 'destination'].add(output.key);
  }
}

/** The records of a run's attempts from one on, sealed or not. */
async function* journalsOf(work: Storage, run: string, from: number): AsyncGenerator<ObjectRecord> {
  const plan = await readSealedPlan(work, run);
  if (plan === undefined) return;
  const { shards } = plan.summary;
  try {
    const sealed = await sealedAttempts(work, run);
    const attempt = (sealed.at(-1) ?? -1) + 1;
    const { attemptsOf } = await readHistory(work, run, { attempt, shards, sealed });
    for (let shard = 0; shard < shards; shard += 1) {
      for (const one of attemptsOf(shard)) {
        if (one >= from) yield* readableRecords(work, run, shard, one);
      }
    }
  } catch (error) {
    if (!(error instanceof RunError && error.exit === 'RunMismatch')) throw error;
  }
}

/** What a damaged journal knows is not known here: its outputs are findings. */
async function* readableRecords(
  work: Storage,
  run: string,
  shard: number,
  attempt: number,
): AsyncGenerator<ObjectRecord> {
  try {
    yield* journalRecords(work, { run, shard }, attempt);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
  }
}

async function checkListing(
  { areas, signal }: OutputCheck,
  {
    area,
    prefix,
    begun,
  }: { readonly area: keyof KnownKeys; readonly prefix: string; readonly begun: number },
  known: KnownKeys,
  add: (finding: Finding) => void,
): Promise<void> {
  let listed = 0;
  let unknown = 0;
  let continuation: string | undefined;
  do {
    if (signal.aborted) throw new RunError('Interrupted', 'stopped by a signal');
    const from = continuation;
    const page = await blaming(area, () =>
      areas[area].list(prefix, from === undefined ? {} : { continuation: from }),
    );
    for (const { key } of page.objects) {
      listed += 1;
      if (known[area].has(key)) continue;
      unknown += 1;
      if (unknown > begun) add({ kind: 'OutputUnknown', area, listed });
    }
    continuation = page.continuation;
  } while (continuation !== undefined);
}
