/** Checks in the manner of MIDI-B: each has a name, a place and a verdict. */
import { tokensOf } from './woven-text.ts';

export type CheckName =
  | 'tag_retained'
  | 'text_notnull'
  | 'text_retained'
  | 'text_removed'
  | 'date_shifted'
  | 'uid_consistent'
  | 'patid_consistent'
  | 'bytes_removed'
  | 'pixels_retained'
  /** The second reader finds nothing in the output. */
  | 'passes_verification';

export interface Check {
  readonly name: CheckName;
  /** The kind of object and the attribute, for the table. */
  readonly category: string;
  readonly place: string;
  readonly passed: boolean;
  /** Invented labels only; nothing of an output of real data ever comes here. */
  readonly detail?: string;
}

const fold = (text: string): string => text.toLowerCase();

/** True where every token of `retained` is in `value`, in its order. */
export function holdsTokens(value: string, retained: readonly string[]): boolean {
  const own = tokensOf(value).map(fold);
  let at = 0;
  for (const token of retained.map(fold)) {
    const found = own.findIndex((one, index) => index >= at && one.includes(token));
    if (found < 0) return false;
    at = own[found] === token ? found + 1 : found;
  }
  return true;
}

/** True where `label` is nowhere in `value`: as a word where it is short, anywhere where it is long. */
export function isFreeOf(value: string, label: string): boolean {
  const longEnough = 6;
  if (label.length >= longEnough) return !fold(value).includes(fold(label));
  const escaped = fold(label).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return !new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'u').test(fold(value));
}

/** The table: checks and failures by name, and by category. */
export function tableOf(checks: readonly Check[]): string {
  const rows = (groups: Map<string, Check[]>): readonly string[] =>
    [...groups].map(([name, group]) => {
      const failed = group.filter(({ passed }) => !passed).length;
      const share = ((100 * (group.length - failed)) / group.length).toFixed(3);
      return `| ${name.padEnd(28)} | ${String(group.length).padStart(8)} | ${String(failed).padStart(6)} | ${share.padStart(8)} |`;
    });
  const head = `| ${'check'.padEnd(28)} |   checks | failed |  right % |\n| ${'-'.repeat(28)} | -------- | ------ | -------- |`;
  return [
    head,
    ...rows(Map.groupBy(checks, ({ name }) => name)),
    ...rows(Map.groupBy(checks, ({ category }) => category)),
    ...rows(Map.groupBy(checks, () => 'all')),
  ].join('\n');
}
