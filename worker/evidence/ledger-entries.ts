/** All records of a finished run in order, each checked where it stands, and in the end the root over them. */
import { readHistory, sealedAttempts } from '../run/attempts.ts';
import type { KnownRun } from '../run/list-runs.ts';
import { RunError } from '../run/run-error.ts';
import { readPlanIndex, readSealedPlan, shardRange } from '../run/sealed-plan.ts';
import type { Storage } from '../storage/storage.ts';
import { type CheckedEntry, checkedEntries } from './checked-entries.ts';
import { EvidenceError } from './finding.ts';
import { type LedgerRoot, readLedgerRoot } from './ledger-root.ts';
import type { MerkleTree } from './merkle.ts';

export interface LedgerEntries {
  /** The attempt that was sealed last. */
  readonly attempt: number;
  readonly statement: LedgerRoot;
  /**
   * The caller appends each leaf to `tree`, which must be empty. Throws {@link EvidenceError} at the first line that is
   * not as sealed, or in the end where the root is another one.
   */
  entries(tree: MerkleTree): AsyncGenerator<CheckedEntry>;
}

/** Throws `RunError` `NoSuchRun` where the run is not finished. */
export async function openLedger(work: Storage, { run }: KnownRun): Promise<LedgerEntries> {
  const plan = await readSealedPlan(work, run);
  const sealed = await sealedAttempts(work, run);
  const attempt = sealed.at(-1) ?? 0;
  const statement = await readLedgerRoot(work, run, attempt);
  if (plan === undefined || statement === undefined)
    throw new RunError('NoSuchRun', 'the run has no sealed ledger that can be read');
  const index = await readPlanIndex(work, run, plan.attempt);
  const { attemptsOf } = await readHistory(work, run, { attempt, shards: plan.summary.shards, sealed });
  return {
    attempt,
    statement,
    entries: async function* (tree) {
      for (let shard = 0; shard < plan.summary.shards; shard += 1) {
        const of = { shard, attempt: attemptsOf(shard).at(-1) ?? 0 };
        yield* checkedEntries(work, { ...statement.context, run }, of, shardRange(index, shard));
      }
      if (`sha256:${tree.root().toString('hex')}` !== statement.root)
        throw new EvidenceError({ kind: 'RootAltered' });
    },
  };
}
