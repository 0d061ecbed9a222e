/** Where the areas of a run lie on this machine, and opening them as stores. */
import { createDiscardStorage } from '../storage/discard-storage.ts';
import { openFileStorage } from '../storage/file-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { StorageError } from '../storage/storage-error.ts';
import type { Areas } from './probe.ts';
import { type AreaName, areaError } from './run-error.ts';

/** A folder; or nowhere, for what a dry run would write. It crosses to worker processes as it is. */
export type AreaLocation = { readonly kind: 'folder'; readonly path: string } | { readonly kind: 'discard' };

export type AreaLocations = Readonly<Record<AreaName, AreaLocation>>;

/** Opens the areas for a writer of that name; see `Storage.discardUnfinished`. Throws `RunError`. */
export function openAreas(locations: AreaLocations, writer: string): Areas {
  return {
    source: openArea('source', locations, writer),
    destination: openArea('destination', locations, writer),
    quarantine: openArea('quarantine', locations, writer),
    workArea: openArea('workArea', locations, writer),
  };
}

function openArea(area: AreaName, locations: AreaLocations, writer: string): Storage {
  const location = locations[area];
  switch (location.kind) {
    case 'discard':
      return createDiscardStorage();
    case 'folder':
      try {
        return openFileStorage({ root: location.path, writer });
      } catch (error) {
        throw error instanceof StorageError ? areaError(area, error) : error;
      }
    default:
      return location satisfies never;
  }
}
