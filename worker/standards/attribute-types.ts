/**
 * The Type of an attribute at its place in an IOD (PS3.3; PS3.5 section 7.4): the strongest over the modules that are
 * mandatory or in use.
 */
import type { Tag } from '../dicom/tag.ts';
import data from './data/attribute-types.json' with { type: 'json' };

export type AttributeType = '1' | '1C' | '2' | '2C' | '3';

interface Attribute {
  readonly type: AttributeType | undefined;
  readonly child: number | undefined;
}

type Node = ReadonlyMap<Tag, Attribute>;

interface Module {
  readonly node: number;
  readonly mandatory: boolean;
  /** Any of these in the root data set tells that an optional module is in use: what it requires, else all it has. */
  readonly telling: readonly Tag[];
}

/** Retired SOP classes whose IOD is that of their successor. */
const successors: Readonly<Record<string, string>> = {
  '1.2.840.10008.5.1.4.1.1.3': '1.2.840.10008.5.1.4.1.1.3.1',
  '1.2.840.10008.5.1.4.1.1.5': '1.2.840.10008.5.1.4.1.1.20',
  '1.2.840.10008.5.1.4.1.1.6': '1.2.840.10008.5.1.4.1.1.6.1',
  '1.2.840.10008.5.1.4.1.1.12.3': '1.2.840.10008.5.1.4.1.1.12.1',
};

const iods = data.iods as Readonly<Record<string, readonly string[]>>;
const sopClasses = data.sopClasses as Readonly<Record<string, string>>;

const nodes = new Map<number, Node>();
const modules = new Map<string, readonly Module[]>();

function nodeAt(index: number): Node {
  const known = nodes.get(index);
  if (known !== undefined) return known;
  const node = new Map<Tag, Attribute>();
  for (const entry of (data.nodes[index] ?? '').split(',')) {
    const [tag = '', type = '-', child] = entry.split(' ');
    if (tag === '') continue;
    node.set(Number.parseInt(tag, 16), {
      type: type === '-' ? undefined : (type as AttributeType),
      child: child === undefined ? undefined : Number(child),
    });
  }
  nodes.set(index, node);
  return node;
}

function iodOf(sopClass: string): string | undefined {
  return sopClasses[sopClass] ?? sopClasses[successors[sopClass] ?? ''];
}

function modulesOf(iod: string): readonly Module[] {
  const known = modules.get(iod);
  if (known !== undefined) return known;
  const list = (iods[iod] ?? []).map((entry) => {
    const [node = '', usage] = entry.split(' ');
    return { node: Number(node), mandatory: usage === 'M', telling: tellingTags(nodeAt(Number(node))) };
  });
  modules.set(iod, list);
  return list;
}

/** Whether the IOD of the SOP class is known. */
export function hasIod(sopClass: string): boolean {
  return iodOf(sopClass) !== undefined;
}

const strength: Readonly<Record<AttributeType, number>> = { '1': 5, '1C': 4, '2': 3, '2C': 2, '3': 1 };

/** An optional module is in use where an attribute that it requires is present; where it requires none, where any is. */
function tellingTags(node: Node): readonly Tag[] {
  const required = [...node].filter(([, { type }]) => type === '1' || type === '2');
  return (required.length > 0 ? required : [...node]).map(([tag]) => tag);
}

function typeWithin(module: number, path: readonly Tag[]): AttributeType | undefined {
  let node: number | undefined = module;
  let type: AttributeType | undefined;
  for (const tag of path) {
    if (node === undefined) return undefined;
    const attribute: Attribute | undefined = nodeAt(node).get(tag);
    if (attribute === undefined) return undefined;
    ({ type } = attribute);
    node = attribute.child;
  }
  return type;
}

/** The modules of an IOD that are in use in an object: all that the Types of its attributes hang on. */
export interface ModulesInUse {
  /** Tells them from any others. */
  readonly key: string;
  /**
   * The Type of the attribute that `path` ends in, its enclosing sequences before it; undefined where the IOD does not
   * define it there.
   */
  typeOf(path: readonly Tag[]): AttributeType | undefined;
}

/** The modules in use where `present` tells which attributes the root data set has. Without a known IOD there are none. */
export function modulesInUse(sopClass: string, present: (tag: Tag) => boolean): ModulesInUse {
  const iod = iodOf(sopClass) ?? '';
  const inUse = modulesOf(iod).filter(({ mandatory, telling }) => mandatory || telling.some(present));
  return {
    key: `${iod} ${inUse.map(({ node }) => node).join(' ')}`,
    typeOf: (path) => {
      // Content items nest in each other without end, and have the same attributes at every depth.
      const flat = path.filter((tag, index) => tag !== path[index - 1]);
      let strongest: AttributeType | undefined;
      for (const { node } of inUse) {
        const type = typeWithin(node, flat);
        if (type === undefined) continue;
        if (strongest === undefined || strength[type] > strength[strongest]) strongest = type;
      }
      return strongest;
    },
  };
}
