/**
 * Lists a bucket page by page: its objects, or, where versions are to be pinned, the latest version of each. A store that
 * keeps no versions, does not list them or lets nobody read them is listed by its objects.
 */
import { HeadObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { bucketFields } from './s3-location.ts';
import { uploadsFolder } from './s3-multipart.ts';
import type { S3Access } from './s3-object.ts';
import { pinOf, pinText, readPin } from './s3-pin.ts';
import type { ListPage, ObjectStat } from './storage.ts';
import { StorageError, type StorageErrorCode } from './storage-error.ts';

export interface PageRequest {
  /** Starts the full keys. */
  readonly fullPrefix: string;
  /** Most entries of a page, 1 to 1,000. */
  readonly limit: number;
  readonly continuation?: string | undefined;
}

/** What both kinds of listings say of an object. */
interface Entry {
  readonly Key?: string | undefined;
  readonly Size?: number | undefined;
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
}

/** The last version of a page, behind which a listing of versions goes on. */
type LastVersion = readonly [key: string, versionId: string];

/** Ways in which a store says that it lists no versions to us. */
const refusals: ReadonlySet<StorageErrorCode> = new Set(['Denied', 'Unsupported', 'Fault']);

/** Begin the continuations of the two kinds. */
const [ofObjects, ofVersions] = ['o', 'v'];

export interface S3Listing {
  page(request: PageRequest): Promise<ListPage>;
}

/** Keys come back without the area's prefix. */
export function s3Listing({ client, location, retry }: S3Access, pinsVersions: boolean): S3Listing {
  const bucket = bucketFields(location);

  const stats = (entries: readonly Entry[], encoding: string | undefined): ObjectStat[] =>
    entries.flatMap((entry) => {
      const key = decodedKey(entry.Key ?? '', encoding).slice(location.prefix.length);
      const size = entry.Size ?? 0;
      // Consoles make empty objects that stand for folders.
      const isFolder = key === '' || (key.endsWith('/') && size === 0);
      return isFolder || key.startsWith(`${uploadsFolder}/`)
        ? []
        : [{ key, size, version: pinText(pinOf(entry)) }];
    });

  const objectsPage = async ({ fullPrefix, limit }: PageRequest, token?: string): Promise<ListPage> => {
    const page = await retry(() =>
      client.send(
        new ListObjectsV2Command({
          ...bucket,
          Prefix: fullPrefix,
          MaxKeys: limit,
          // Keys may hold characters that XML cannot.
          EncodingType: 'url',
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      ),
    );
    const next = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    const objects = stats(page.Contents ?? [], page.EncodingType);
    return next === undefined ? { objects } : { objects, continuation: `${ofObjects}${next}` };
  };

  const versionsPage = async (
    { fullPrefix, limit }: PageRequest,
    last: LastVersion | undefined,
  ): Promise<ListPage> => {
    const [lastKey, lastId] = last ?? [];
    const page = await retry(() =>
      client.send(
        new ListObjectVersionsCommand({
          ...bucket,
          Prefix: fullPrefix,
          MaxKeys: limit,
          EncodingType: 'url',
          ...(lastKey === undefined ? {} : { KeyMarker: lastKey }),
          ...(lastId === undefined || lastId === '' ? {} : { VersionIdMarker: lastId }),
        }),
      ),
    );
    const latest = (page.Versions ?? []).filter(({ IsLatest }) => IsLatest === true);
    // The latest version of a key comes first: of the key of the last page some stores only say it again.
    const lastListed = lastKey?.slice(location.prefix.length);
    const objects = stats(latest, page.EncodingType).filter(({ key }) => key !== lastListed);
    if (page.IsTruncated !== true) return { objects };
    const next: LastVersion = [
      decodedKey(page.NextKeyMarker ?? '', page.EncodingType),
      page.NextVersionIdMarker ?? '',
    ];
    // Otherwise a store that does not go on would be asked for ever.
    if (next[0] === '' || (next[0] === lastKey && next[1] === lastId)) throw new StorageError('Fault');
    return { objects, continuation: `${ofVersions}${JSON.stringify(next)}` };
  };

  /** Undefined where the store lists no versions, or lets nobody read them: that takes another permission. */
  const firstVersionsPage = async (request: PageRequest): Promise<ListPage | undefined> => {
    try {
      const page = await versionsPage(request, undefined);
      const [first] = page.objects;
      // A store that does not know the question may answer it with an empty page.
      if (first === undefined && page.continuation === undefined) return undefined;
      if (first !== undefined) await lookAtVersion(first);
      return page;
    } catch (error) {
      if (error instanceof StorageError && !error.retryable && refusals.has(error.code)) return undefined;
      throw error;
    }
  };
  const lookAtVersion = async ({ key, version }: ObjectStat): Promise<void> => {
    const { versionId } = readPin(version);
    if (versionId === undefined) return;
    const command = new HeadObjectCommand({
      ...bucket,
      Key: `${location.prefix}${key}`,
      VersionId: versionId,
    });
    try {
      await retry(() => client.send(command));
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'NotFound') throw error;
    }
  };

  return {
    page: async (request) => {
      const { continuation } = request;
      if (continuation?.startsWith(ofVersions) === true) {
        return versionsPage(request, JSON.parse(continuation.slice(1)) as LastVersion);
      }
      if (continuation !== undefined || !pinsVersions) return objectsPage(request, continuation?.slice(1));
      return (await firstVersionsPage(request)) ?? objectsPage(request);
    },
  };
}

/** A key as a listing writes it; in the encoding `url` a `+` is a space, as in forms. Not every store knows it. */
export function decodedKey(written: string, encoding: string | undefined): string {
  if (encoding !== 'url' || !/[%+]/.test(written)) return written;
  try {
    return decodeURIComponent(written.replaceAll('+', '%20'));
  } catch {
    throw new StorageError('Fault');
  }
}
