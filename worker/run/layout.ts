/** Where everything of a run lies. No key below holds a word from the source: run ids, numbers and digests only. */

/** Keys in the work area, relative to it. */
export function workLayout(run: string) {
  return {
    runSpec: `${run}/run.json`,
    planPrefix: `${run}/plan/`,
    /** Sealing makes one planning attempt the plan. */
    sealedPlan: `${run}/plan/sealed.json`,
    planIndex: (attempt: string) => `${run}/plan/${attempt}/index.json`,
    planCell: (attempt: string, cell: number) => `${run}/plan/${attempt}/cell-${padded(cell, 8)}.jsonl`,
    journalPrefix: (shard: number) => `${run}/shards/${shard}/journal/`,
    shardResult: (shard: number) => `${run}/shards/${shard}/result.json`,
    shardInstances: (shard: number, piece: number) => `${run}/shards/${shard}/instances/${padded(piece, 6)}`,
    summary: `${run}/finish/summary.json`,
    report: `${run}/finish/report.html`,
    conformanceStatement: `${run}/finish/conformance-statement.md`,
    duplicates: (piece: number) => `${run}/finish/duplicates-${padded(piece, 6)}.jsonl`,
  } as const;
}

export type WorkLayout = ReturnType<typeof workLayout>;

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
