/**
 * Types of attributes per IOD (PS3.3). Modules repeat the same macros at many places: equal subtrees are written once.
 * A node is a list of `tag type[ child]`; a module is a node; an IOD is a list of `module usage`.
 */
import { parseTsv } from './tsv.ts';

interface Attribute {
  readonly keyword: string;
  readonly type: string | null;
  readonly path: readonly string[];
}

interface Tree {
  readonly type: string | undefined;
  readonly children: Map<string, Tree>;
}

const types: ReadonlySet<string> = new Set(['1', '1C', '2', '2C', '3']);

function treeOf(attributes: readonly Attribute[], tags: ReadonlyMap<string, string>): Map<string, Tree> {
  const root = new Map<string, Tree>();
  const sorted = attributes.toSorted((a, b) => a.path.length - b.path.length);
  for (const { keyword, type, path } of sorted) {
    let level: Map<string, Tree> | undefined = root;
    for (const step of path) level = level?.get(tags.get(step) ?? '')?.children;
    const tag = tags.get(keyword);
    if (level === undefined || tag === undefined) continue;
    const known = level.get(tag);
    const ownType = type !== null && types.has(type) ? type : undefined;
    level.set(tag, { type: ownType ?? known?.type, children: known?.children ?? new Map() });
  }
  return root;
}

export function attributeTypesData(source: {
  readonly dictionary: string;
  readonly attributes: string;
  readonly modules: string;
  readonly sopClasses: string;
}): unknown {
  const tags = new Map(
    parseTsv(source.dictionary).map(({ keyword = '', tag = '' }) => [
      keyword,
      tag.toUpperCase().replaceAll('X', '0'),
    ]),
  );
  const nodes: string[] = [];
  const numberOf = new Map<string, number>();
  const intern = (tree: ReadonlyMap<string, Tree>): number => {
    const text = [...tree]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, { type, children }]) => {
        const child = children.size === 0 ? '' : ` ${intern(children)}`;
        return `${tag} ${type ?? '-'}${child}`;
      })
      .join(',');
    const known = numberOf.get(text);
    if (known !== undefined) return known;
    nodes.push(text);
    numberOf.set(text, nodes.length - 1);
    return nodes.length - 1;
  };
  const attributes = JSON.parse(source.attributes) as Record<string, readonly Attribute[]>;
  const modules = Object.fromEntries(
    Object.entries(attributes).map(([name, list]) => [name, intern(treeOf(list, tags))]),
  );
  const iods = Object.fromEntries(
    Object.entries(JSON.parse(source.modules) as Record<string, { key: string; usage: string }[]>).map(
      ([iod, list]) => [iod, list.map(({ key, usage }) => `${modules[key] ?? ''} ${usage}`)],
    ),
  );
  return {
    source: 'PS3.3 by way of highdicom 0.28.2 (MIT) and innolitics/dicom-standard (MIT)',
    nodes,
    iods,
    sopClasses: JSON.parse(source.sopClasses) as unknown,
  };
}
