/** Maps UIDs: the same UID under the same key and root is always the same new UID, whoever asks and wherever it stands. */
import { type ProjectKey, purposes } from './project-key.ts';

/** The root for UIDs that are derived from UUIDs (PS3.5 section B.2, ITU-T X.667). */
export const uuidRoot = '2.25';

const uuidBytes = 16;
const longestUid = 64;
const defaultCacheSize = 10_000;
/** Fewer bits than this do not keep UIDs of a large archive apart. */
const leastBits = 112;
const digestBits = 256;

export type UidRootError = 'NotAnOid' | 'TooLong';

/** Most bits whose decimal fits in `digits` digits. */
function bitsOf(digits: number): number {
  return Math.min(digestBits, Math.floor(digits * Math.log2(10)));
}

/** Tells why UIDs cannot be made under a root; undefined where they can. A root has at most 29 characters. */
export function uidRootError(root: string): UidRootError | undefined {
  if (!/^[0-2](?:\.(?:0|[1-9]\d*))+$/.test(root)) return 'NotAnOid';
  return bitsOf(longestUid - root.length - 1) < leastBits ? 'TooLong' : undefined;
}

function uuidNumber(digest: Buffer): bigint {
  const uuid = Buffer.from(digest.subarray(0, uuidBytes));
  // RFC 9562 section 5.8: version 8 is for UUIDs made in a way of one's own; the variant is 10.
  uuid.writeUInt8((uuid.readUInt8(6) & 0x0f) | 0x80, 6);
  uuid.writeUInt8((uuid.readUInt8(8) & 0x3f) | 0x80, 8);
  return BigInt(`0x${uuid.toString('hex')}`);
}

function suffixUnder(root: string): (digest: Buffer) => bigint {
  if (root === uuidRoot) return uuidNumber;
  const bits = bitsOf(longestUid - root.length - 1);
  return (digest) => BigInt(`0x${digest.toString('hex')}`) >> BigInt(digestBits - bits);
}

/** The UID as it is mapped: without the NULs and spaces around it, otherwise character for character. */
export function normaliseUid(uid: string): string {
  return uid.replace(/^[\0 ]+|[\0 ]+$/g, '');
}

/**
 * Gives the map of UIDs under a key and a root. It takes any text, so that a malformed UID is mapped as well, and
 * gives a valid UID of at most 64 characters. It remembers the last `cacheSize` UIDs; what it gives does not depend on
 * that. The root must be one that {@link uidRootError} accepts.
 */
export function createUidMap(
  key: ProjectKey,
  root: string = uuidRoot,
  cacheSize: number = defaultCacheSize,
): (uid: string) => string {
  if (uidRootError(root) !== undefined) throw new RangeError('the UID root must be checked before');
  const suffixOf = suffixUnder(root);
  const cache = new Map<string, string>();
  return (uid) => {
    const normal = normaliseUid(uid);
    const known = cache.get(normal);
    if (known !== undefined) return known;
    const mapped = `${root}.${suffixOf(key.hmac(purposes.uid, normal))}`;
    if (cache.size >= cacheSize) cache.delete(cache.keys().next().value ?? '');
    cache.set(normal, mapped);
    return mapped;
  };
}
