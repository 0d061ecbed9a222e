/** Where everything of a run lies. No key below holds a word from the source: run ids, numbers and digests only. */

/** Keys of a run in the work area, relative to it, that all its attempts share. */
export function workLayout(run: string) {
  return {
    runSpec: `${run}/run.json`,
    planPrefix: `${run}/plan/`,
    /** Sealing makes one planning attempt the plan. */
    sealedPlan: `${run}/plan/sealed.json`,
    planIndex: (attempt: string) => `${run}/plan/${attempt}/index.json`,
    planCell: (attempt: string, cell: number) => `${run}/plan/${attempt}/cell-${padded(cell, 8)}.jsonl`,
    timingPrefix: `${run}/timing/`,
    timing: (id: string) => `${run}/timing/${id}.json`,
    /** Starts the keys of all summaries, and of nothing else. */
    summaryPrefix: `${run}/finish/summary`,
  } as const;
}

/** The attempt whose summary lies at a key; undefined where none does. */
export function attemptOfSummary(key: string): number | undefined {
  const [, digits] = /\/finish\/summary(?:-(\d{4}))?\.json$/.exec(key) ?? ['', 'none'];
  return digits === 'none' ? undefined : Number(digits ?? 0);
}

/** Folder of what an attempt does to shards, and of its ledger; that of the first is the run's own. */
export function attemptFolder(run: string, attempt: number): string {
  return attempt === 0 ? run : `${run}/attempt-${padded(attempt, 4)}`;
}

/** Keys of one attempt of a run in the work area, relative to it. */
export function attemptLayout(run: string, attempt: number) {
  const folder = attemptFolder(run, attempt);
  const suffix = attempt === 0 ? '' : `-${padded(attempt, 4)}`;
  return {
    /** Starts the keys of all shards of the attempt. */
    shardsPrefix: `${folder}/shards/`,
    journalPrefix: (shard: number) => `${folder}/shards/${shard}/journal/`,
    shardResult: (shard: number) => `${folder}/shards/${shard}/result.json`,
    shardInstances: (shard: number, piece: number) =>
      `${folder}/shards/${shard}/instances/${padded(piece, 6)}`,
    summary: `${run}/finish/summary${suffix}.json`,
    /** The shards that a next attempt takes. */
    leftBehind: `${run}/finish/left-behind${suffix}.json`,
    report: `${run}/finish/report${suffix}.html`,
    conformanceStatement: `${run}/finish/conformance-statement${suffix}.md`,
    duplicates: (piece: number) => `${run}/finish/duplicates${suffix}-${padded(piece, 6)}.jsonl`,
  } as const;
}

export type AttemptLayout = ReturnType<typeof attemptLayout>;

/** Keys in quarantine. Ordinals are padded so that listings are in order. */
export function quarantineLayout(run: string) {
  return {
    reviewRecord: (ordinal: number) => `${run}/review/${padded(ordinal, 10)}.json`,
    reviewCandidate: (ordinal: number, sha256: string, extension: string) =>
      `${run}/review/${padded(ordinal, 10)}-${sha256.slice(0, 12)}.${extension}`,
    rejectedRecord: (ordinal: number) => `${run}/rejected/${padded(ordinal, 10)}.json`,
  } as const;
}

/** Name of the writer of a shard in stores that keep unfinished objects by writer. */
export function shardWriter(run: string, shard: number): string {
  return `${run}.${shard}`;
}

function padded(number: number, width: number): string {
  return String(number).padStart(width, '0');
}
