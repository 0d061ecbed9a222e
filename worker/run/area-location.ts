/** Where the areas of a run lie as seen from this machine, and opening them as stores. */
import { setTimeout as pause } from 'node:timers/promises';
import { createDiscardStorage } from '../storage/discard-storage.ts';
import { openFileStorage } from '../storage/file-storage.ts';
import type { S3Location } from '../storage/s3-location.ts';
import type { Storage } from '../storage/storage.ts';
import { StorageError } from '../storage/storage-error.ts';
import type { Areas } from './probe.ts';
import { type AreaName, areaError } from './run-error.ts';

/**
 * A folder, a part of a bucket; or nowhere, for what a dry run would write. It crosses to worker processes as it is and
 * holds no credentials.
 */
export type AreaLocation =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 's3'; readonly location: S3Location }
  | { readonly kind: 'discard' };

export type AreaLocations = Readonly<Record<AreaName, AreaLocation>> & {
  /** Where the list of the objects to take lies, where the job has one. */
  readonly manifest?: AreaLocation;
};

/** The path of each area within its machine or bucket; of one that lies nowhere, none. */
export function areaPaths(locations: AreaLocations): Readonly<Record<AreaName, string>> {
  const pathOf = (location: AreaLocation): string => {
    switch (location.kind) {
      case 'folder':
        return location.path;
      case 's3':
        return location.location.prefix;
      case 'discard':
        return '';
      default:
        return location satisfies never;
    }
  };
  return {
    source: pathOf(locations.source),
    destination: pathOf(locations.destination),
    quarantine: pathOf(locations.quarantine),
    workArea: pathOf(locations.workArea),
  };
}

/** Opens areas for a writer of that name; see `Storage.discardUnfinished`. A process has one and keeps it. */
export interface AreaOpener {
  /** Throws `RunError`. */
  open(area: AreaName, location: AreaLocation, writer: string): Promise<Storage>;
  /** Throws `RunError`. */
  openAll(locations: AreaLocations, writer: string): Promise<Areas>;
}

type S3Opener = (location: S3Location, writer: string, pinsVersions: boolean) => Storage;

/** Loads the SDK, which takes longer than the rest of a small run: only a process that has an area in a store does. */
async function loadS3(): Promise<S3Opener> {
  const { createS3Connections } = await import('../storage/s3-connections.ts');
  const { openS3Storage } = await import('../storage/s3-storage.ts');
  const connect = createS3Connections({ random: Math.random, pause: async (ms) => pause(ms) });
  return (location, writer, pinsVersions) =>
    openS3Storage({ ...connect(location), location, writer, pinsVersions });
}

export function createAreaOpener(): AreaOpener {
  let s3: Promise<S3Opener> | undefined;

  const open = async (area: AreaName, location: AreaLocation, writer: string): Promise<Storage> => {
    switch (location.kind) {
      case 'discard':
        return createDiscardStorage();
      case 's3':
        s3 ??= loadS3();
        return (await s3)(location.location, writer, area === 'source');
      case 'folder':
        try {
          return openFileStorage({ root: location.path, writer });
        } catch (error) {
          throw error instanceof StorageError ? areaError(area, error) : error;
        }
      default:
        return location satisfies never;
    }
  };
  return {
    open,
    openAll: async (locations, writer) => ({
      source: await open('source', locations.source, writer),
      destination: await open('destination', locations.destination, writer),
      quarantine: await open('quarantine', locations.quarantine, writer),
      workArea: await open('workArea', locations.workArea, writer),
    }),
  };
}
