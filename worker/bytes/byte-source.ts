/**
 * Pinned random access to the bytes of one object, wherever they lie.
 * It must never know what the bytes mean.
 */

/** The bytes of one version of one object. Reads of the same range always give the same bytes or fail. */
export interface ByteSource {
  /** Length of the object in bytes. */
  readonly size: number;
  /**
   * Reads exactly `length` bytes at `offset`.
   * The returned view is owned by the caller unless {@link resident} is set, in which case it is borrowed and
   * must not be written to.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Fills `target` with the bytes from `offset` on: {@link read} into memory that the caller uses again. */
  readInto?(offset: number, target: Uint8Array): Promise<void>;
  /** The whole object, where it is in memory already (borrowed: read only). */
  readonly resident?: Uint8Array;
}

/** A byte source over bytes that are in memory. */
export function residentSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    resident: bytes,
    read: async (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > bytes.length) {
        throw new RangeError('read outside the object');
      }
      return bytes.subarray(offset, offset + length);
    },
  };
}
