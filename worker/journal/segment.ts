/** One segment of a journal: a header line, then one line of JSON for each entry. */
import type { Storage } from '../storage/storage.ts';
import { readWhole } from '../storage/whole-object.ts';
import { JournalError } from './journal-error.ts';

/** What a journal holds: an object of JSON. */
export type JournalEntry = Readonly<Record<string, unknown>>;

export interface SegmentHeader {
  /** Who wrote the segment. */
  readonly writer: string;
  /** Its number, from 0. */
  readonly segment: number;
  /** True in the last one: the journal is at its end, and nobody writes to it any more. */
  readonly closed?: true;
  /** True in the last one of a writer that stopped of its own will. */
  readonly released?: true;
}

export interface Segment {
  readonly entries: readonly JournalEntry[];
  readonly isClosed: boolean;
  readonly isReleased: boolean;
}

const format = 'deid-journal/1';

/** Keys sort as numbers do, up to 10^8 segments. */
export function segmentKey(prefix: string, number: number): string {
  return `${prefix}${String(number).padStart(8, '0')}.jsonl`;
}

export function encodeSegment(header: SegmentHeader, lines: readonly string[]): Uint8Array {
  return Buffer.from(`${[JSON.stringify({ format, ...header }), ...lines].join('\n')}\n`, 'utf8');
}

/** A segment; undefined where there is none. Throws `JournalError` `Corrupt`. */
export async function readSegment(storage: Storage, key: string): Promise<Segment | undefined> {
  const bytes = await readWhole(storage, key);
  return bytes === undefined ? undefined : decodeSegment(Buffer.from(bytes).toString('utf8'));
}

function decodeSegment(text: string): Segment {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new JournalError('Corrupt');
  const [header, ...entries] = lines.map(decodeLine);
  if (header?.format !== format) throw new JournalError('Corrupt');
  return { entries, isClosed: header.closed === true, isReleased: header.released === true };
}

function decodeLine(line: string): JournalEntry {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as JournalEntry;
  } catch {
    // Below: the parser's own words would quote the line.
  }
  throw new JournalError('Corrupt');
}
