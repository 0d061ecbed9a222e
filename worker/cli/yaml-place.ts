/** Finds where in a YAML text a part of a document stands. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Segments } from '../../crds/schema/problem.ts';

interface Found {
  readonly offset: number;
  readonly node: Node | undefined;
}

/** One step down: for a field the offset of its name, for an item that of the item. */
function step(root: Document, parent: Node, segment: string | number): Found | undefined {
  const node = isAlias(parent) ? parent.resolve(root) : parent;
  if (isSeq<Node>(node)) {
    const item = node.items[Number(segment)];
    return item?.range ? { offset: item.range[0], node: item } : undefined;
  }
  if (!isMap<Node, Node | null>(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
  return pair?.key.range ? { offset: pair.key.range[0], node: pair.value ?? undefined } : undefined;
}

/** The offset in the text of the deepest part of the path that stands there, so that a missing field is told by its parent. */
export function offsetOf(root: Document, segments: Segments): number {
  let offset = root.contents?.range?.[0] ?? root.range?.[0] ?? 0;
  let node: Node | undefined = root.contents ?? undefined;
  for (const segment of segments) {
    const found = node === undefined ? undefined : step(root, node, segment);
    if (found === undefined) break;
    offset = found.offset;
    node = found.node;
  }
  return offset;
}
