import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createMerkleTree, emptyRoot, leafHash, nodeHash, rootOfPath } from './merkle.ts';

const context = Buffer.alloc(32, 7);

function leaves(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => leafHash(context, `record ${index}`));
}

/** MTH of RFC 6962 section 2.1, as it is written there. */
function definedRoot(all: readonly Buffer[]): Buffer {
  const [only] = all;
  if (only === undefined) return createHash('sha256').digest();
  if (all.length === 1) return only;
  let split = 1;
  while (split * 2 < all.length) split *= 2;
  return nodeHash(definedRoot(all.slice(0, split)), definedRoot(all.slice(split)));
}

function rootOf(all: readonly Buffer[]): Buffer {
  const tree = createMerkleTree();
  for (const leaf of all) tree.append(leaf);
  return tree.root();
}

const sizes = fc.integer({ min: 1, max: 200 });

describe('a Merkle tree', () => {
  it('has the root that RFC 6962 defines, and none of the leaves alone', () => {
    for (let size = 0; size < 70; size += 1)
      assert.deepEqual(rootOf(leaves(size)), definedRoot(leaves(size)));
    assert.deepEqual(rootOf([]), emptyRoot);
  });

  it('has the same root wherever it is cut into parts', () => {
    fc.assert(
      fc.property(sizes, fc.array(sizes, { maxLength: 6 }), (size, cuts) => {
        const all = leaves(size);
        const borders = [0, ...cuts.filter((cut) => cut < size).sort((a, b) => a - b), size];
        const whole = createMerkleTree();
        for (const [index, start] of borders.slice(0, -1).entries()) {
          const part = createMerkleTree(start);
          for (const leaf of all.slice(start, borders[index + 1])) part.append(leaf);
          for (const subtree of part.subtrees()) whole.appendSubtree(subtree);
        }
        assert.deepEqual(whole.root(), definedRoot(all));
      }),
    );
  });

  it('proves each leaf at its own place, of its own tree, and no other', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), fc.nat(), (size, at, other, bit) => {
        const all = leaves(size);
        const index = at % size;
        const tree = createMerkleTree();
        for (const [place, leaf] of all.entries()) {
          if (place === index) tree.appendTarget(leaf);
          else tree.append(leaf);
        }
        const [path, root, leaf] = [tree.path(), tree.root(), all[index] ?? Buffer.alloc(0)];
        assert.deepEqual(rootOfPath(leaf, index, size, path), root);
        const altered = Buffer.from(leaf);
        altered[bit % 32] = (altered[bit % 32] ?? 0) ^ 1;
        assert.notDeepEqual(rootOfPath(altered, index, size, path), root);
        if (other % size !== index) assert.notDeepEqual(rootOfPath(leaf, other % size, size, path), root);
        assert.notDeepEqual(rootOfPath(leaf, index, size, [...path, leaf]), root);
        if (path.length > 0) assert.notDeepEqual(rootOfPath(leaf, index, size, path.slice(1)), root);
        assert.equal(rootOfPath(leaf, size, size, path), undefined);
      }),
    );
  });

  it('refuses a subtree at a place that is not its own', () => {
    const tree = createMerkleTree(3);
    assert.throws(() => tree.appendSubtree({ size: 2, hash: emptyRoot }), RangeError);
  });
});
