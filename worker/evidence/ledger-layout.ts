/** Where a run's ledger lies in the work area. */

export function ledgerLayout(run: string) {
  const shardPrefix = (shard: number) => `${run}/ledger/shard-${String(shard).padStart(6, '0')}/`;
  return {
    prefix: `${run}/ledger/`,
    /** Lines of a shard, piece by piece. */
    piece: (shard: number, piece: number) => `${shardPrefix(shard)}${String(piece).padStart(6, '0')}.jsonl`,
    /** What closes a shard's lines. */
    shardEnd: (shard: number) => `${shardPrefix(shard)}end.json`,
    root: `${run}/ledger/root.json`,
    signature: `${run}/ledger/signature.json`,
  } as const;
}
