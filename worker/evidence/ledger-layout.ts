/** Where the ledger of an attempt lies in the work area. */
import { attemptFolder } from '../run/layout.ts';

export function ledgerLayout(run: string, attempt: number) {
  const prefix = `${attemptFolder(run, attempt)}/ledger/`;
  const shardPrefix = (shard: number) => `${prefix}shard-${String(shard).padStart(6, '0')}/`;
  return {
    prefix,
    /** Lines of a shard, piece by piece. */
    piece: (shard: number, piece: number) => `${shardPrefix(shard)}${String(piece).padStart(6, '0')}.jsonl`,
    /** What closes a shard's lines. */
    shardEnd: (shard: number) => `${shardPrefix(shard)}end.json`,
    root: `${prefix}root.json`,
    signature: `${prefix}signature.json`,
  } as const;
}
