/**
 * Finds where the areas of a job lie: claims are bound to folders of this machine, buckets are where the job says. Sees
 * to it that folders lie apart on this machine too.
 */
import { mkdirSync, realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { areaNames, areaPairs, keyPrefix } from '../../crds/v1alpha1/area.ts';
import type { DeidJobSpec } from '../../crds/v1alpha1/job.ts';
import type { S3Location } from '../storage/s3-location.ts';
import { storageErrorFrom, systemCodeOf } from '../storage/storage-error.ts';
import type { AreaLocation, AreaLocations } from './area-location.ts';
import { type AreaName, areaError, RunError } from './run-error.ts';

export type AreaSpecs = Pick<DeidJobSpec, AreaName>;

/** Folders by the names of claims. */
export type Volumes = ReadonlyMap<string, string>;

/** Real and absolute folders of those areas that are folders. */
type Folders = Readonly<Partial<Record<AreaName, string>>>;

/** Where the areas lie. Folders that are written to are made. Throws `RunError`. */
export function bindAreas(spec: AreaSpecs, volumes: Volumes): AreaLocations {
  const folders = boundFolders(spec, volumes);
  refuseOverlap(mapFolders(folders, (_, folder) => realFolder(folder)));
  mapFolders(folders, (area, folder) => {
    if (area !== 'source') makeFolder(area, folder);
  });
  const real = mapFolders(folders, existingFolder);
  refuseOverlap(real);
  return locations(spec, real, volumes);
}

/** The same without making any folder: where one is missing, where it would be. The source may have to be there. */
export function locateAreas(
  spec: AreaSpecs,
  volumes: Volumes,
  { needsSource = true }: { readonly needsSource?: boolean } = {},
): AreaLocations {
  const folders = mapFolders(boundFolders(spec, volumes), (_, folder) => realFolder(folder));
  if (needsSource && folders.source !== undefined) existingFolder('source', folders.source);
  refuseOverlap(folders);
  return locations(spec, folders, volumes);
}

function locations(spec: AreaSpecs, folders: Folders, volumes: Volumes): AreaLocations {
  const location = (area: AreaName): AreaLocation => {
    const path = folders[area];
    return path === undefined ? { kind: 's3', location: bucketOf(area, spec) } : { kind: 'folder', path };
  };
  return {
    source: location('source'),
    destination: location('destination'),
    quarantine: location('quarantine'),
    workArea: location('workArea'),
    ...manifestLocation(spec, volumes),
  };
}

/** The bucket or claim of the source as a whole, or the place that the list has of its own. */
function manifestLocation({ source }: AreaSpecs, volumes: Volumes): Pick<AreaLocations, 'manifest'> {
  const { manifest, s3, volume } = source;
  if (manifest === undefined) return {};
  if (manifest.s3 !== undefined) {
    const prefix = keyPrefix(manifest.s3.prefix);
    return { manifest: { kind: 's3', location: { ...manifest.s3, prefix } } };
  }
  if (s3 !== undefined) return { manifest: { kind: 's3', location: { ...s3, prefix: '' } } };
  if (volume === undefined) return {};
  const path = resolve(boundFolder('source', volume.claimName, volumes));
  return { manifest: { kind: 'folder', path: existingFolder('source', path) } };
}

function bucketOf(area: AreaName, spec: AreaSpecs): S3Location {
  const { s3 } = spec[area];
  if (s3 === undefined) throw new RunError('BadConfiguration', `spec.${area}: lies nowhere`);
  const encryption = area === 'source' ? undefined : spec[area].encryption;
  return {
    requesterPays: false,
    ...s3,
    prefix: keyPrefix(s3.prefix),
    ...(encryption === undefined ? {} : { kmsKeyId: encryption.kmsKeyId }),
  };
}

function boundFolders(spec: AreaSpecs, volumes: Volumes): Folders {
  const folders: Partial<Record<AreaName, string>> = {};
  for (const area of areaNames) {
    const { volume } = spec[area];
    if (volume !== undefined)
      folders[area] = resolve(boundFolder(area, volume.claimName, volumes), volume.path);
  }
  return folders;
}

function mapFolders<T>(
  folders: Folders,
  map: (area: AreaName, folder: string) => T,
): Readonly<Partial<Record<AreaName, T>>> {
  const mapped: Partial<Record<AreaName, T>> = {};
  for (const area of areaNames) {
    const folder = folders[area];
    if (folder !== undefined) mapped[area] = map(area, folder);
  }
  return mapped;
}

function boundFolder(area: AreaName, claimName: string, volumes: Volumes): string {
  const folder = volumes.get(claimName);
  if (folder !== undefined) return folder;
  throw new RunError(
    'BadConfiguration',
    `spec.${area}.volume.claimName: the claim is bound to no folder; give --volume ${claimName}=DIR`,
  );
}

/** The folder with all links resolved, as far as it exists. */
function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    const parent = resolve(folder, '..');
    return parent === folder ? folder : join(realFolder(parent), folder.slice(parent.length));
  }
}

function existingFolder(area: AreaName, folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch (error) {
    throw areaError(area, storageErrorFrom(error));
  }
}

function makeFolder(area: AreaName, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (['EEXIST', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) {
      throw new RunError('BadConfiguration', `spec.${area}: a file stands in the place of the folder`);
    }
    throw areaError(area, storageErrorFrom(error));
  }
}

function refuseOverlap(folders: Folders): void {
  const isWithin = (inner: string, outer: string) =>
    `${inner}${sep}`.startsWith(`${outer.replace(/\/$/, '')}${sep}`);
  for (const [first, second] of areaPairs) {
    const [a, b] = [folders[first], folders[second]];
    if (a === undefined || b === undefined || (!isWithin(a, b) && !isWithin(b, a))) continue;
    throw new RunError(
      'OverlappingAreas',
      `spec.${first} and spec.${second} lie in the same folder or one within the other; give each its own`,
    );
  }
}
