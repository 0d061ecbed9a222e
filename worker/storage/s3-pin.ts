/**
 * What pins an object in a bucket: its ETag, and the id of its version where the bucket keeps versions. The ETag is asked
 * for even of a version: nobody has to trust a store that its versions never change.
 */
import { StorageError } from './storage-error.ts';

export interface S3Pin {
  readonly etag: string;
  readonly versionId?: string;
}

/** What a store that keeps no versions, or did not when the object was written, says in place of an id. */
const noVersion = 'null';

/** The pin of an answer or of an entry of a listing. Throws `Unsupported` where the store gives no ETag. */
export function pinOf(said: {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
}): S3Pin {
  const { ETag: etag, VersionId: versionId } = said;
  if (etag === undefined || etag === '') throw new StorageError('Unsupported');
  return versionId === undefined || versionId === noVersion ? { etag } : { etag, versionId };
}

/** As `ObjectStat.version`: the ETag, and after a space the id. Neither holds a space. */
export function pinText({ etag, versionId }: S3Pin): string {
  return versionId === undefined ? etag : `${etag} ${versionId}`;
}

export function readPin(text: string): S3Pin {
  const [etag = '', versionId] = text.split(' ');
  return versionId === undefined ? { etag } : { etag, versionId };
}

/** The fields of a request that is answered for the pinned bytes alone. */
export function pinFields({ etag, versionId }: S3Pin) {
  return { IfMatch: etag, ...(versionId === undefined ? {} : { VersionId: versionId }) };
}
