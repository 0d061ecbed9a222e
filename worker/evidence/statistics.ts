/** Counts and distributions of a run for its report: gathered record by record, added up over shards. No value of an image. */
import type { LedgerRecord } from './ledger-record.ts';

/** Objects and bytes of one kind. */
export interface Share {
  readonly objects: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface DecisionCount {
  /** Elements that were decided so. */
  readonly elements: number;
  /** Objects that have such elements. */
  readonly objects: number;
}

export interface ReviewEntry {
  readonly ordinal: number;
  readonly reason: string;
  readonly at?: string;
}

type Table<T> = Readonly<Record<string, T>>;

export interface Statistics {
  /** By Modality, SOP Class UID and Transfer Syntax UID; `unknown` where the record names none. */
  readonly modalities: Table<Share>;
  readonly sopClasses: Table<Share>;
  readonly transferSyntaxes: Table<Share>;
  /** Objects with an output, by the power of two that their size in bytes begins with: input, and output. */
  readonly sizesIn: readonly number[];
  readonly sizesOut: readonly number[];
  /** By decision label. */
  readonly decisions: Table<DecisionCount>;
  /** Objects by code of CID 7050, and by container clean-up. */
  readonly methods: Table<number>;
  readonly cleanups: Table<number>;
  /** Objects by outcome and reason: `review/BurnedInAnnotation`. */
  readonly reasons: Table<number>;
  /** The first {@link mostReviews} objects that wait for a person. */
  readonly reviews: readonly ReviewEntry[];
}

/** Objects for review that statistics list; the ledger lists all. */
export const mostReviews = 500;
/** Number of classes of sizes; see {@link sizeClass}. */
export const sizeClasses = 48;

/** The class of a size: 0 for no byte and for one, k for 2^k up to 2^(k+1). */
export function sizeClass(bytes: number): number {
  return bytes < 2 ? 0 : Math.min(sizeClasses - 1, Math.floor(Math.log2(bytes)));
}

const none: Share = { objects: 0, bytesIn: 0, bytesOut: 0 };

function addShare(a: Share, b: Share): Share {
  return {
    objects: a.objects + b.objects,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
  };
}

function addDecision(a: DecisionCount, b: DecisionCount): DecisionCount {
  return { elements: a.elements + b.elements, objects: a.objects + b.objects };
}

/** Tables with names in order, so that equal statistics are equal texts. */
function inOrder<T>(map: ReadonlyMap<string, T>): Table<T> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function tally<T>(zero: T, plus: (a: T, b: T) => T) {
  const map = new Map<string, T>();
  return {
    add: (name: string, value: T): void => {
      map.set(name, plus(map.get(name) ?? zero, value));
    },
    addAll: (table: Table<T>): void => {
      for (const [name, value] of Object.entries(table)) map.set(name, plus(map.get(name) ?? zero, value));
    },
    table: () => inOrder(map),
  };
}

const sum = (a: number, b: number): number => a + b;

/** Gathers statistics: of records in order of ordinals, and of shards in order. */
export function gatherStatistics() {
  const modalities = tally(none, addShare);
  const sopClasses = tally(none, addShare);
  const transferSyntaxes = tally(none, addShare);
  const decisions = tally({ elements: 0, objects: 0 }, addDecision);
  const methods = tally(0, sum);
  const cleanups = tally(0, sum);
  const reasons = tally(0, sum);
  const sizesIn = new Array<number>(sizeClasses).fill(0);
  const sizesOut = new Array<number>(sizeClasses).fill(0);
  const reviews: ReviewEntry[] = [];

  return {
    add: (record: LedgerRecord): void => {
      const { ordinal, outcome, reason, at, input, output, done } = record;
      if (reason !== undefined) reasons.add(`${outcome}/${reason}`, 1);
      if (outcome === 'review' && reason !== undefined && reviews.length < mostReviews) {
        reviews.push({ ordinal, reason, ...(at === undefined ? {} : { at }) });
      }
      if (output === undefined || done === undefined) return;
      const share = { objects: 1, bytesIn: input.size, bytesOut: output.size };
      modalities.add(done.modality ?? 'unknown', share);
      sopClasses.add(done.sopClass ?? 'unknown', share);
      transferSyntaxes.add(done.transferSyntax ?? 'unknown', share);
      const [sizeIn, sizeOut] = [sizeClass(input.size), sizeClass(output.size)];
      sizesIn[sizeIn] = (sizesIn[sizeIn] ?? 0) + 1;
      sizesOut[sizeOut] = (sizesOut[sizeOut] ?? 0) + 1;
      for (const [label, elements] of Object.entries(done.decisions))
        decisions.add(label, { elements, objects: 1 });
      for (const code of done.methods) methods.add(code, 1);
      for (const name of done.cleanups) cleanups.add(name, 1);
    },
    addAll: (other: Statistics): void => {
      modalities.addAll(other.modalities);
      sopClasses.addAll(other.sopClasses);
      transferSyntaxes.addAll(other.transferSyntaxes);
      decisions.addAll(other.decisions);
      methods.addAll(other.methods);
      cleanups.addAll(other.cleanups);
      reasons.addAll(other.reasons);
      for (const [index, count] of other.sizesIn.entries()) sizesIn[index] = (sizesIn[index] ?? 0) + count;
      for (const [index, count] of other.sizesOut.entries()) sizesOut[index] = (sizesOut[index] ?? 0) + count;
      reviews.push(...other.reviews.slice(0, mostReviews - reviews.length));
    },
    result: (): Statistics => ({
      modalities: modalities.table(),
      sopClasses: sopClasses.table(),
      transferSyntaxes: transferSyntaxes.table(),
      sizesIn,
      sizesOut,
      decisions: decisions.table(),
      methods: methods.table(),
      cleanups: cleanups.table(),
      reasons: reasons.table(),
      reviews,
    }),
  };
}

export type StatisticsGatherer = ReturnType<typeof gatherStatistics>;
