/**
 * Remembers what was found out for places of data sets: attributes below paths of sequences. What is remembered must hang
 * on nothing but the place and on what the memory was made for, so that who forgets only works more.
 */
import type { Tag } from '../dicom/tag.ts';

export interface PlaceMemory<T> {
  /** What is remembered for `tag` below `path`, or else what `find` gives. */
  at(path: readonly Tag[], tag: Tag, find: () => T): T;
}

const mostPlaces = 20_000;

/** Makes a memory that forgets all once it holds `most` places. Paths are told apart by identity: see {@link createPaths}. */
export function createPlaceMemory<T extends object>(most: number = mostPlaces): PlaceMemory<T> {
  const byPath = new Map<readonly Tag[], Map<Tag, T>>();
  let places = 0;
  return {
    at: (path, tag, find) => {
      const known = byPath.get(path)?.get(tag);
      if (known !== undefined) return known;
      const found = find();
      if (places >= most) {
        byPath.clear();
        places = 0;
      }
      let below = byPath.get(path);
      if (below === undefined) {
        below = new Map();
        byPath.set(path, below);
      }
      below.set(tag, found);
      places += 1;
      return found;
    },
  };
}

/** Gives one array for one path of sequences, so that paths can be compared by identity. */
export interface Paths {
  /** The path of the root data set: empty. */
  readonly root: readonly Tag[];
  /** `path` with the sequence `tag` after it. */
  below(path: readonly Tag[], tag: Tag): readonly Tag[];
}

const mostPaths = 10_000;

/** Makes paths; it begins anew once it has given `most` of them, so that an equal path may then be another array. */
export function createPaths(most: number = mostPaths): Paths {
  const root: readonly Tag[] = Object.freeze([]);
  const byParent = new Map<readonly Tag[], Map<Tag, readonly Tag[]>>();
  let paths = 0;
  return {
    root,
    below: (path, tag) => {
      const known = byParent.get(path)?.get(tag);
      if (known !== undefined) return known;
      if (paths >= most) {
        byParent.clear();
        paths = 0;
      }
      const made: readonly Tag[] = Object.freeze([...path, tag]);
      let below = byParent.get(path);
      if (below === undefined) {
        below = new Map();
        byParent.set(path, below);
      }
      below.set(tag, made);
      paths += 1;
      return made;
    },
  };
}
