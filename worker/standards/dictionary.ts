/** The data elements of PS3.6 2026c, Tables 6-1, 7-1, 8-1 and 9-1. */
import type { Tag } from '../dicom/tag.ts';
import { isVr, type Vr } from '../dicom/vr.ts';
import data from './data/dictionary.json' with { type: 'json' };

/** What PS3.6 says of an element. */
export interface DictionaryEntry {
  readonly keyword: string;
  /** The Value Representations it may have; empty for items and delimiters. */
  readonly vrs: readonly Vr[];
  readonly vm: string;
  readonly retired: boolean;
}

/** Elements of repeating groups or element ranges, compared under a mask (PS3.5 section 7.6). */
interface MaskedEntry {
  readonly mask: number;
  readonly bits: number;
  readonly entry: DictionaryEntry;
}

function entryOf(row: string): { readonly pattern: string; readonly entry: DictionaryEntry } {
  const [pattern = '', keyword = '', vr = '', vm = '', retired] = row.split('\t');
  return { pattern, entry: { keyword, vrs: vr.split('|').filter(isVr), vm, retired: retired === 'R' } };
}

const byTag = new Map<Tag, DictionaryEntry>();
const byKeyword = new Map<string, Tag>();
const masked: MaskedEntry[] = [];

for (const row of data.rows) {
  const { pattern, entry } = entryOf(row);
  const bits = Number.parseInt(pattern.replaceAll('x', '0'), 16) >>> 0;
  if (entry.keyword !== '') byKeyword.set(entry.keyword, bits);
  if (!pattern.includes('x')) byTag.set(bits, entry);
  else {
    const mask = Number.parseInt(pattern.replace(/[0-9A-F]/g, 'F').replaceAll('x', '0'), 16) >>> 0;
    masked.push({ mask, bits, entry });
  }
}

/** The entry of a standard element; undefined for private elements and for tags that PS3.6 does not define. */
export function lookup(tag: Tag): DictionaryEntry | undefined {
  const entry = byTag.get(tag);
  if (entry !== undefined || (tag & 0x10000) !== 0) return entry;
  return masked.find(({ mask, bits }) => (tag & mask) >>> 0 === bits)?.entry;
}

/** The tag of a keyword; of a repeating group the first, such as (6000,3000) for OverlayData. */
export function tagOfKeyword(keyword: string): Tag | undefined {
  return byKeyword.get(keyword);
}

/** The first VR that PS3.6 names for a standard element. */
export function primaryVr(tag: Tag): Vr | undefined {
  return lookup(tag)?.vrs[0];
}
