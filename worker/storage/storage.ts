/**
 * The small set of verbs that every store of objects offers. Nothing appends, renames or locks.
 * Keys are relative to the area that the storage was opened for, with `/` between segments, never starting with one.
 */
import type { ByteSource } from '../bytes/byte-source.ts';

/** One stored object, as a listing or a stat reports it. */
export interface ObjectStat {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** What pins the bytes: a version id or an ETag in S3, inode, size and times in a folder. Opaque. */
  readonly version: string;
}

/** A page of a listing in ascending order of the keys' UTF-8 bytes. */
export interface ListPage {
  readonly objects: readonly ObjectStat[];
  /** Give it back to get the next page; undefined on the last one. */
  readonly continuation?: string;
}

/** Compares the bytes of an object with what its store keeps to tell them by. */
export interface ContentCheck {
  /** The next bytes, from the first on and without a gap. */
  update(bytes: Uint8Array): void;
  /** Throws a retryable `Fault` where the bytes were others. */
  end(): Promise<void>;
}

/** An open object: a byte source pinned to one version. Reads throw `SourceChanged` once the object is another. */
export interface OpenObject extends ByteSource {
  readonly version: string;
  /** Fills `target` with the bytes from `offset` on: {@link ByteSource.read} into memory that the caller uses again. */
  readInto(offset: number, target: Uint8Array): Promise<void>;
  /**
   * Begins to check what is read by pieces; undefined where the store keeps nothing to tell it by. What is read whole at
   * once has been checked.
   */
  contentCheck?(): Promise<ContentCheck | undefined>;
  close(): Promise<void>;
}

/** Bytes to store: chunks in order, of `size` bytes in all. */
export interface Body {
  readonly size: number;
  /** SHA-256 of the bytes, lower-case hex, where the caller knows it: a store that checks it need not compute it. */
  readonly sha256?: string;
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** A finished part of a multipart upload; `tag` is the store's own word for it. */
export interface UploadedPart {
  readonly partNumber: number;
  readonly size: number;
  readonly tag: string;
}

/** What a store can do beyond the verbs, declared and not probed. */
export interface Capabilities {
  /** True where `uploadPartCopy` moves no bytes through this process. */
  readonly serverSideCopy: boolean;
  /** Smallest size of a part but the last, in bytes. */
  readonly minimumPartSize: number;
  readonly maximumParts: number;
}

export interface Storage {
  readonly capabilities: Capabilities;
  /** Lists keys that start with `prefix`, at most `limit` a page. */
  list(
    prefix: string,
    options?: { readonly continuation?: string; readonly limit?: number },
  ): Promise<ListPage>;
  /** Undefined where there is no such object. */
  stat(key: string): Promise<ObjectStat | undefined>;
  /** The same of one version, by the store's own id of it; missing where a store keeps no versions. */
  statVersion?(key: string, versionId: string): Promise<ObjectStat | undefined>;
  /**
   * Opens the given version; throws `StorageError` `NotFound` or `SourceChanged`. Where the size is given too, as a
   * listing says it, a store may leave both to the first read, and so spares itself a request.
   */
  open(key: string, version?: string, size?: number): Promise<OpenObject>;
  /** Creates the object whole or not at all. `exists` where the key is taken; the object there is not touched. */
  create(key: string, body: Body): Promise<'created' | 'exists'>;
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>;
  /**
   * Removes what is left of objects that writers began and never finished: the writer of that name, and those whose
   * name starts with it and a dot. Only for writers that are known to be gone. A store that keeps nothing unfinished
   * does nothing.
   */
  discardUnfinished(writer: string): Promise<void>;

  createMultipartUpload(key: string): Promise<string>;
  uploadPart(key: string, uploadId: string, partNumber: number, body: Body): Promise<UploadedPart>;
  /** A part that is a range of an object in the same kind of store. */
  uploadPartCopy(
    key: string,
    uploadId: string,
    partNumber: number,
    source: {
      readonly storage: Storage;
      readonly key: string;
      readonly version?: string;
      readonly start: number;
      readonly end: number;
    },
  ): Promise<UploadedPart>;
  listParts(key: string, uploadId: string): Promise<readonly UploadedPart[]>;
  /** Makes the object of the parts in order of number; create-only, like {@link create}. */
  completeMultipartUpload(
    key: string,
    uploadId: string,
    parts: readonly UploadedPart[],
  ): Promise<'created' | 'exists'>;
  abortMultipartUpload(key: string, uploadId: string): Promise<void>;
}

/** The verbs that make one object of several uploads. */
export type MultipartVerb =
  | 'createMultipartUpload'
  | 'uploadPart'
  | 'uploadPartCopy'
  | 'listParts'
  | 'completeMultipartUpload'
  | 'abortMultipartUpload';
