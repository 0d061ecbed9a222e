/** What a report consists of, as data: what is said, apart from how it looks. */
import type { Plot } from './plots.ts';

/**
 * How the cells of a column are read: `count` a number of things, `bytes` a size, `share` a part of one drawn as a bar,
 * `code` a text that is copied, such as a UID.
 */
export interface Column {
  readonly heading: string;
  readonly kind: 'text' | 'code' | 'count' | 'bytes' | 'share';
}

export type Row = readonly (string | number)[];

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  /** The first names the row. */
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Sums, as the last row. */
  readonly total?: Row;
  /** True for long tables that a page shows when it is asked to. */
  readonly folded?: boolean;
}

/** What can stand in a plain text as well. */
export type TextBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | Table;

export type Tone = 'good' | 'attention' | 'bad';

export type Block =
  | TextBlock
  | { readonly kind: 'note'; readonly tone: Tone; readonly text: string }
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }
  /** A command that a person can copy. */
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'plot'; readonly plot: Plot };

/** One number that stands out. */
export interface Figure {
  readonly label: string;
  readonly value: string;
}

export interface Section<B = Block> {
  /** Names the section within the document: letters and dashes. */
  readonly id: string;
  readonly heading: string;
  readonly blocks: readonly B[];
}

export interface ReportDocument {
  readonly title: string;
  readonly result: { readonly tone: Tone; readonly text: string };
  /** What the report is about, by names. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly sections: readonly Section[];
  readonly appendix: Statement;
}

/** A document of text alone. */
export interface Statement {
  readonly title: string;
  readonly sections: readonly Section<TextBlock>[];
}

export function paragraph(text: string): TextBlock {
  return { kind: 'paragraph', text };
}

export function list(...items: readonly string[]): TextBlock {
  return { kind: 'list', items };
}
