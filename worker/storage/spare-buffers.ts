/**
 * Buffers that are used again: memory outside of the heap that is given up with every object makes the garbage collector
 * run far more often than what lies in the heap would.
 */

export interface SpareBuffers {
  /** Exactly that many bytes, with anything in them. */
  take(size: number): Buffer<ArrayBuffer>;
  /** Takes back what {@link take} gave and nobody reads any more. */
  giveBack(bytes: Buffer<ArrayBuffer>): void;
}

const granule = 1024 * 1024;

/** Keeps buffers of at most `mostBytes` in all. */
export function createSpareBuffers(mostBytes: number): SpareBuffers {
  const spares: ArrayBuffer[] = [];
  let kept = 0;
  return {
    take: (size) => {
      const index = spares.findIndex(({ byteLength }) => byteLength >= size);
      const [spare] = index === -1 ? [] : spares.splice(index, 1);
      if (spare === undefined) {
        return Buffer.allocUnsafeSlow(Math.ceil(size / granule) * granule).subarray(0, size);
      }
      kept -= spare.byteLength;
      return Buffer.from(spare, 0, size);
    },
    giveBack: ({ buffer }) => {
      if (kept + buffer.byteLength > mostBytes) return;
      kept += buffer.byteLength;
      spares.push(buffer);
    },
  };
}
