/** Where the areas of a run lie as seen from this machine, and opening them as stores. */
import { setTimeout as pause } from 'node:timers/promises';
import { createDiscardStorage } from '../storage/discard-storage.ts';
import { openFileStorage } from '../storage/file-storage.ts';
import { createS3Connections } from '../storage/s3-connections.ts';
import type { S3Location } from '../storage/s3-location.ts';
import { openS3Storage } from '../storage/s3-storage.ts';
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

export type AreaLocations = Readonly<Record<AreaName, AreaLocation>>;

/** Opens areas for a writer of that name; see `Storage.discardUnfinished`. A process has one and keeps it. */
export interface AreaOpener {
  /** Throws `RunError`. */
  open(area: AreaName, location: AreaLocation, writer: string): Storage;
  /** Throws `RunError`. */
  openAll(locations: AreaLocations, writer: string): Areas;
}

export function createAreaOpener(): AreaOpener {
  const connect = createS3Connections({ random: Math.random, pause: async (ms) => pause(ms) });

  const open = (area: AreaName, location: AreaLocation, writer: string): Storage => {
    switch (location.kind) {
      case 'discard':
        return createDiscardStorage();
      case 's3':
        return openS3Storage({ ...connect(location.location), location: location.location, writer });
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
    openAll: (locations, writer) => ({
      source: open('source', locations.source, writer),
      destination: open('destination', locations.destination, writer),
      quarantine: open('quarantine', locations.quarantine, writer),
      workArea: open('workArea', locations.workArea, writer),
    }),
  };
}
