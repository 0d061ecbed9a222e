/**
 * The attempts of a run. The first takes every shard of the plan; each later one those that the attempt before, once it
 * was sealed, left behind: undone, or with failed objects. What an attempt does lies in a folder of its own, so that
 * what was sealed stays as it was.
 */
import type { Storage } from '../storage/storage.ts';
import { createText, readText } from '../storage/whole-object.ts';
import { jsonObject } from './json-object.ts';
import { attemptLayout, attemptOfSummary, workLayout } from './layout.ts';
import { RunError } from './run-error.ts';

/** An attempt, and what came before it. */
export interface AttemptHistory {
  readonly attempt: number;
  /** The sealed attempts before it, in order. */
  readonly before: readonly number[];
  /** The shards that it takes, in order. */
  readonly shards: readonly number[];
  /**
   * The attempts up to this one that took the shard, in order; never empty. Of each object the record of the last of
   * them that has one holds. The last one has the shard's result and ledger.
   */
  attemptsOf(shard: number): readonly number[];
}

/** The attempts that finish has sealed, in order. */
export async function sealedAttempts(work: Storage, run: string): Promise<readonly number[]> {
  const attempts: number[] = [];
  let continuation: string | undefined;
  do {
    const page = await work.list(
      workLayout(run).summaryPrefix,
      continuation === undefined ? {} : { continuation },
    );
    for (const { key } of page.objects) {
      const attempt = attemptOfSummary(key);
      if (attempt !== undefined) attempts.push(attempt);
    }
    continuation = page.continuation;
  } while (continuation !== undefined);
  return attempts.sort((a, b) => a - b);
}

/** The history of an attempt over a plan of so many shards; `sealed` are the attempts that are sealed. */
export async function readHistory(
  work: Storage,
  run: string,
  { attempt, shards, sealed }: AttemptPlace,
): Promise<AttemptHistory> {
  const before = sealed.filter((other) => other < attempt);
  const all = Array.from({ length: shards }, (_, shard) => shard);
  const taken: { readonly attempt: number; readonly shards: ReadonlySet<number> }[] = [];
  let left: readonly number[] = all;
  for (const one of [...before, attempt]) {
    taken.push({ attempt: one, shards: new Set(left) });
    if (one !== attempt) left = await readLeftBehind(work, run, one, shards);
  }
  return {
    attempt,
    before,
    shards: left,
    attemptsOf: (shard) => taken.flatMap((one) => (one.shards.has(shard) ? [one.attempt] : [])),
  };
}

export interface AttemptPlace {
  readonly attempt: number;
  /** Number of shards of the plan. */
  readonly shards: number;
  readonly sealed: readonly number[];
}

/** The list of shards that an attempt left behind, as text. */
export function leftBehindText(shards: readonly number[]): string {
  return `${JSON.stringify({ kind: 'LeftBehind', version: 1, shards })}\n`;
}

/** Writes the list; where it is there already, it must be the same. */
export async function writeLeftBehind(
  work: Storage,
  run: string,
  attempt: number,
  shards: readonly number[],
): Promise<void> {
  const key = attemptLayout(run, attempt).leftBehind;
  const text = leftBehindText(shards);
  if ((await createText(work, key, text)) === 'created' || (await readText(work, key)) === text) return;
  throw new RunError(
    'RunMismatch',
    'the list of shards in the work area is another one than the results give',
  );
}

/** The shards that a sealed attempt left behind, in order, of a plan of `count`. Throws `RunError` `RunMismatch`. */
export async function readLeftBehind(
  work: Storage,
  run: string,
  attempt: number,
  count: number,
): Promise<readonly number[]> {
  const text = await readText(work, attemptLayout(run, attempt).leftBehind);
  const { kind, version, shards } = jsonObject(text ?? '') ?? {};
  const isList =
    kind === 'LeftBehind' &&
    version === 1 &&
    Array.isArray(shards) &&
    shards.every(
      (shard, place) => Number.isSafeInteger(shard) && shard < count && shard > (shards[place - 1] ?? -1),
    );
  if (!isList) throw new RunError('RunMismatch', 'the list of shards that an attempt left behind is damaged');
  return shards as readonly number[];
}
