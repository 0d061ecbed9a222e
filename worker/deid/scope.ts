/**
 * What is known at one data set of an object, the root or an item: its character set, its private blocks, its patient.
 * Items inherit what they do not state themselves (PS3.5 section 6.1.2.3, PS3.3 section C.12.1.1.2).
 */
import { type CharacterSet, characterSetOf } from '../dicom/character-set/character-set.ts';
import type { DataSet, Element, Item, ResidentBytes } from '../dicom/element.ts';
import { elementOf, formatTag, groupOf, isPrivateCreator, type Tag, tagOf } from '../dicom/tag.ts';
import type { Paths } from '../profile/place-memory.ts';
import { latin1, trimPadding } from './element-value.ts';

/** A private block: 256 elements reserved by a Private Creator (PS3.5 section 7.8.1). */
export interface PrivateBlock {
  readonly group: number;
  /** The block number, 0x10 to 0xFF. */
  readonly block: number;
  /** The creator as written, trimmed of padding. */
  readonly creator: string;
}

export interface Scope {
  readonly dataSet: DataSet;
  /** Tags of the enclosing sequences, from the root; one of {@link paths}. */
  readonly path: readonly Tag[];
  readonly paths: Paths;
  readonly characterSet: CharacterSet;
  /** The private block that an element belongs to; undefined where nobody reserved it, or two creators did. */
  blockOf(tag: Tag): PrivateBlock | undefined;
  readonly parent: Scope | undefined;
  /** Position of the item in its sequence, from 0; undefined at the root. */
  readonly itemIndex: number | undefined;
}

const specificCharacterSet: Tag = 0x00080005;

function privateBlocks(
  dataSet: DataSet,
  body: ResidentBytes,
): ReadonlyMap<number, PrivateBlock | 'ambiguous'> {
  const blocks = new Map<number, PrivateBlock | 'ambiguous'>();
  for (const element of dataSet.elements) {
    if (!isPrivateCreator(element.tag)) continue;
    const key = tagOf(groupOf(element.tag), elementOf(element.tag));
    const creator = trimPadding(latin1(body.view(element.valueStart, element.valueEnd)));
    if (creator === '' || blocks.has(key)) blocks.set(key, 'ambiguous');
    else blocks.set(key, { group: groupOf(element.tag), block: elementOf(element.tag), creator });
  }
  return blocks;
}

function declaredCharacterSet(dataSet: DataSet, body: ResidentBytes): CharacterSet | undefined {
  const element = dataSet.elements.find(({ tag }) => tag === specificCharacterSet);
  if (element === undefined) return undefined;
  const terms = latin1(body.view(element.valueStart, element.valueEnd)).split('\\').map(trimPadding);
  return characterSetOf(terms);
}

/** The scope of the root data set. */
export function rootScope(dataSet: DataSet, body: ResidentBytes, paths: Paths): Scope {
  return scopeOf(dataSet, body, { path: paths.root, paths, parent: undefined, itemIndex: undefined });
}

/** The scope of the item at `itemIndex` of a sequence that stands in `parent`. */
export function itemScope(
  parent: Scope,
  sequence: Tag,
  item: Item,
  itemIndex: number,
  body: ResidentBytes,
): Scope {
  const { paths } = parent;
  const path = paths.below(parent.path, sequence);
  return scopeOf(item.dataSet, body, { path, paths, parent, itemIndex });
}

function scopeOf(
  dataSet: DataSet,
  body: ResidentBytes,
  place: Pick<Scope, 'path' | 'paths' | 'parent' | 'itemIndex'>,
): Scope {
  let blocks: ReadonlyMap<number, PrivateBlock | 'ambiguous'> | undefined;
  return {
    ...place,
    dataSet,
    characterSet: declaredCharacterSet(dataSet, body) ?? place.parent?.characterSet ?? characterSetOf([]),
    blockOf: (tag) => {
      blocks ??= privateBlocks(dataSet, body);
      const block = blocks.get(tagOf(groupOf(tag), elementOf(tag) >>> 8));
      return block === undefined || block === 'ambiguous' ? undefined : block;
    },
  };
}

/** The first element of `tag` in the data set itself, not in its sequences. */
export function elementIn(dataSet: DataSet, tag: Tag): Element | undefined {
  return dataSet.elements.find((element) => element.tag === tag);
}

/** A place such as `(0040,A730)[2]/(0040,A160)`: tags and item numbers from 1, never a value. */
export function placeOf(scope: Scope, tag: Tag): string {
  const steps = [formatTag(tag)];
  for (let at: Scope | undefined = scope; at?.itemIndex !== undefined; at = at.parent) {
    steps.unshift(`${formatTag(at.path.at(-1) ?? 0)}[${at.itemIndex + 1}]`);
  }
  return steps.join('/');
}
