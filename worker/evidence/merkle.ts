/**
 * The hash tree over the records of a run (RFC 6962 section 2.1, RFC 9162 section 2.1): SHA-256 with a prefix of 00 for
 * leaves and 01 for nodes. A tree is built from left to right with a stack of as many nodes as its size has bits.
 */
import { hash as digestOf } from 'node:crypto';

/** A perfect subtree: 2^k leaves from a multiple of 2^k on. */
export interface Subtree {
  /** Number of its leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly hash: Buffer;
}

/** Hash of a leaf: SHA-256 over 00, the ledger's context (32 bytes) and the record's bytes. */
export function leafHash(context: Uint8Array, record: Uint8Array | string): Buffer {
  const bytes = typeof record === 'string' ? Buffer.from(record, 'utf8') : record;
  return sha256(leafPrefix, context, bytes);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(nodePrefix, left, right);
}

/** In one call, which costs a third of an object that hashes. */
function sha256(...parts: readonly Uint8Array[]): Buffer {
  return digestOf('sha256', Buffer.concat(parts), 'buffer');
}

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

/** Root of a tree without leaves: SHA-256 of nothing. */
export const emptyRoot = sha256();

interface StackNode extends Subtree {
  /** Index of its first leaf. */
  readonly first: number;
  readonly holdsTarget: boolean;
}

export interface MerkleTree {
  append(leaf: Buffer): void;
  /** Appends a subtree that was built elsewhere; its size must divide the index of its first leaf. */
  appendSubtree(subtree: Subtree): void;
  /** Appends the leaf whose way to the root {@link MerkleTree.path} gives. At most one. */
  appendTarget(leaf: Buffer): void;
  /** The perfect subtrees that cover the leaves, from the left. */
  subtrees(): readonly Subtree[];
  /** Root over all leaves; the first leaf must have the index 0. */
  root(): Buffer;
  /** Hashes from the target's sibling up to the root (RFC 9162 section 2.1.3.1). */
  path(): readonly Buffer[];
}

/** A tree, or the part of one that begins at leaf `first`. */
export function createMerkleTree(first = 0): MerkleTree {
  const stack: StackNode[] = [];
  const siblings: Buffer[] = [];
  let next = first;

  const joined = (left: StackNode, right: StackNode, onPath: Buffer[]): StackNode => {
    if (left.holdsTarget) onPath.push(right.hash);
    if (right.holdsTarget) onPath.push(left.hash);
    return {
      first: left.first,
      size: left.size + right.size,
      hash: nodeHash(left.hash, right.hash),
      holdsTarget: left.holdsTarget || right.holdsTarget,
    };
  };
  const push = (subtree: Subtree, holdsTarget: boolean): void => {
    if (next % subtree.size !== 0)
      throw new RangeError('a subtree is appended at a place that is not its own');
    let node: StackNode = { ...subtree, first: next, holdsTarget };
    next += subtree.size;
    for (let left = stack.at(-1); left?.size === node.size; left = stack.at(-1)) {
      if (left.first % (2 * node.size) !== 0) break;
      stack.pop();
      node = joined(left, node, siblings);
    }
    stack.push(node);
  };
  /** Joins what is left on the stack from the right, as a tree of any size is closed. */
  const closed = (onPath: Buffer[]): Buffer => {
    const [last, ...others] = stack.toReversed();
    if (last === undefined) return emptyRoot;
    return others.reduce((right, left) => joined(left, right, onPath), last).hash;
  };
  return {
    append: (hash) => push({ size: 1, hash }, false),
    appendSubtree: (subtree) => push(subtree, false),
    appendTarget: (hash) => push({ size: 1, hash }, true),
    subtrees: () => stack.map(({ size, hash }) => ({ size, hash })),
    root: () => closed([]),
    path: () => {
      const onPath = [...siblings];
      closed(onPath);
      return onPath;
    },
  };
}

/**
 * The root that a leaf at `index` of a tree of `size` leaves has under the path (RFC 9162 section 2.1.3.2); undefined
 * where no path of that length belongs to the place.
 */
export function rootOfPath(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Buffer | undefined {
  if (index < 0 || index >= size) return undefined;
  let hash: Buffer = Buffer.from(leaf);
  let place = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}
