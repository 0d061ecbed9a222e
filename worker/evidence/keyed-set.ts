/** A set of many texts in eight bytes each: 64 bits of a hash under a secret, so that nobody can prepare two that collide. */
import { createHash } from 'node:crypto';

export interface KeyedSet {
  add(text: string): void;
  /** True of each text that was added; of another one with a chance of one in 2^64 for each member. */
  has(text: string): boolean;
}

/** `secret`: bytes that nobody else knows. */
export function createKeyedSet(secret: Uint8Array): KeyedSet {
  let members = new BigUint64Array(1024);
  let count = 0;
  let isSorted = true;
  const hash = (text: string): bigint =>
    createHash('sha256').update(secret).update(text, 'utf8').digest().readBigUInt64LE();
  return {
    add: (text) => {
      if (count === members.length) {
        const larger = new BigUint64Array(2 * count);
        larger.set(members);
        members = larger;
      }
      members[count] = hash(text);
      count += 1;
      isSorted = false;
    },
    has: (text) => {
      const sorted = members.subarray(0, count);
      if (!isSorted) sorted.sort();
      isSorted = true;
      const wanted = hash(text);
      let [low, high] = [0, count];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((sorted[middle] ?? 0n) < wanted) low = middle + 1;
        else high = middle;
      }
      return low < count && sorted[low] === wanted;
    },
  };
}
