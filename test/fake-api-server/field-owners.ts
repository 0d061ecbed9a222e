/**
 * Server-side apply, as far as tests need it: who owns which leaf of an object. Lists are leaves, unlike on a real server,
 * which merges lists of type map by their keys.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Fields, isFields } from './merge-patch.ts';
import { Refusal } from './refusal.ts';

const separator = '\u0000';

function leaves(value: unknown, path: readonly string[] = []): readonly (readonly [string, unknown])[] {
  if (!isFields(value) || (Object.keys(value).length === 0 && path.length > 0))
    return [[path.join(separator), value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

function changed(target: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return change(target);
  const present = isFields(target) ? target : {};
  const value = changed(present[name], rest, change);
  const { [name]: _, ...others } = present;
  return value === undefined ? others : { ...others, [name]: value };
}

export class FieldOwners {
  /** uid -> manager -> paths. */
  readonly #owners = new Map<string, Map<string, ReadonlySet<string>>>();

  /** The object after `manager` has applied `wanted`. Throws {@link Refusal} where others own what would change. */
  applied(uid: string, current: Fields, wanted: Fields, manager: string, force: boolean): Fields {
    const owners = this.#of(uid);
    const currentLeaves = new Map(leaves(current));
    const wantedLeaves = new Map(leaves(wanted));
    const ownedByOthers = (path: string) =>
      [...owners].some(([other, paths]) => other !== manager && paths.has(path));
    const conflicts = [...wantedLeaves].filter(
      ([path, value]) =>
        currentLeaves.has(path) && !isDeepStrictEqual(currentLeaves.get(path), value) && ownedByOthers(path),
    );
    if (conflicts.length > 0 && !force) {
      const causes = conflicts.map(([path]) => ({
        field: `.${path.replaceAll(separator, '.')}`,
        reason: 'FieldManagerConflict',
        message: 'conflict with another manager',
      }));
      throw new Refusal(409, 'Conflict', 'Apply failed with conflicts', { causes });
    }
    let next: unknown = current;
    for (const path of owners.get(manager) ?? [])
      if (!wantedLeaves.has(path) && !ownedByOthers(path))
        next = changed(next, path.split(separator), () => undefined);
    for (const [path, value] of wantedLeaves) next = changed(next, path.split(separator), () => value);
    this.#take(
      owners,
      conflicts.map(([path]) => path),
    );
    owners.set(manager, new Set(wantedLeaves.keys()));
    return next as Fields;
  }

  /** What an update or a patch has changed is owned by its manager from now on. */
  updated(uid: string, before: Fields, after: Fields, manager: string): void {
    const owners = this.#of(uid);
    const old = new Map(leaves(before));
    const paths = leaves(after).flatMap(([path, value]) =>
      old.has(path) && isDeepStrictEqual(old.get(path), value) ? [] : [path],
    );
    this.#take(owners, paths);
    owners.set(manager, new Set([...(owners.get(manager) ?? []), ...paths]));
  }

  #of(uid: string): Map<string, ReadonlySet<string>> {
    const present = this.#owners.get(uid);
    if (present !== undefined) return present;
    const owners = new Map<string, ReadonlySet<string>>();
    this.#owners.set(uid, owners);
    return owners;
  }

  #take(owners: Map<string, ReadonlySet<string>>, taken: readonly string[]): void {
    for (const [other, paths] of owners) {
      owners.set(other, new Set([...paths].filter((path) => !taken.includes(path))));
    }
  }
}
