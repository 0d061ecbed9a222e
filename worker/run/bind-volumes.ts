/** Binds the claims that a job names to folders of this machine, and sees to it that the areas lie apart there too. */
import { mkdirSync, realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { areaNames, areaPairs } from '../../crds/v1alpha1/area.ts';
import type { DeidJobSpec } from '../../crds/v1alpha1/job.ts';
import { storageErrorFrom, systemCodeOf } from '../storage/storage-error.ts';
import type { AreaLocations } from './area-location.ts';
import { type AreaName, areaError, RunError } from './run-error.ts';

export type AreaSpecs = Pick<DeidJobSpec, AreaName>;

/** Folders of the areas, each real and absolute. Those that are written to are made. Throws `RunError`. */
export function bindVolumes(
  spec: AreaSpecs,
  volumes: ReadonlyMap<string, string>,
): Readonly<Record<AreaName, string>> {
  const folders = mapAreas((area) => resolve(boundFolder(area, spec, volumes)));
  refuseOverlap(mapAreas((area) => realFolder(folders[area])));
  for (const area of areaNames) {
    if (area !== 'source') makeFolder(area, folders[area]);
  }
  const real = mapAreas((area) => existingFolder(area, folders[area]));
  refuseOverlap(real);
  return real;
}

/** The same without making any folder: where one is missing, where it would be. */
export function locateVolumes(
  spec: AreaSpecs,
  volumes: ReadonlyMap<string, string>,
): Readonly<Record<AreaName, string>> {
  const folders = mapAreas((area) => realFolder(resolve(boundFolder(area, spec, volumes))));
  existingFolder('source', folders.source);
  refuseOverlap(folders);
  return folders;
}

export function folderLocations(folders: Readonly<Record<AreaName, string>>): AreaLocations {
  return mapAreas((area) => ({ kind: 'folder', path: folders[area] }) as const);
}

function mapAreas<T>(make: (area: AreaName) => T): Readonly<Record<AreaName, T>> {
  return {
    source: make('source'),
    destination: make('destination'),
    quarantine: make('quarantine'),
    workArea: make('workArea'),
  };
}

function boundFolder(area: AreaName, spec: AreaSpecs, volumes: ReadonlyMap<string, string>): string {
  const { claimName, path } = spec[area].volume;
  const folder = volumes.get(claimName);
  if (folder !== undefined) return join(folder, path);
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

function refuseOverlap(folders: Readonly<Record<AreaName, string>>): void {
  const isWithin = (inner: string, outer: string) =>
    `${inner}${sep}`.startsWith(`${outer.replace(/\/$/, '')}${sep}`);
  for (const [first, second] of areaPairs) {
    const [a, b] = [folders[first], folders[second]];
    if (!isWithin(a, b) && !isWithin(b, a)) continue;
    throw new RunError(
      'OverlappingAreas',
      `spec.${first} and spec.${second} lie in the same folder or one within the other; give each its own`,
    );
  }
}
