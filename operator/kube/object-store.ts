/** What is known of the objects of one kind: by key, by one index, and what each piece of news changes. No input or output. */
import { isOlderVersion, type KubeObject, objectKey } from './object.ts';

/** `object` is the state that holds now; of a deletion, the last one known. */
export type Change =
  | { readonly kind: 'added'; readonly object: KubeObject }
  | { readonly kind: 'modified'; readonly object: KubeObject; readonly before: KubeObject }
  | { readonly kind: 'deleted'; readonly object: KubeObject };

/** Values that an object is to be found under, such as the uid of its owner. */
export type IndexFunction = (object: KubeObject) => readonly string[];

export interface ReadableStore {
  readonly size: number;
  /** The object with this key (`namespace/name`, or the name alone). */
  get(key: string): KubeObject | undefined;
  all(): readonly KubeObject[];
  /** Objects that the index function gave this value for. */
  byIndex(value: string): readonly KubeObject[];
}

export class ObjectStore implements ReadableStore {
  readonly #indexFunction: IndexFunction;
  readonly #objects = new Map<string, KubeObject>();
  readonly #index = new Map<string, Set<string>>();

  constructor(indexFunction: IndexFunction = () => []) {
    this.#indexFunction = indexFunction;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  all(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  byIndex(value: string): readonly KubeObject[] {
    return [...(this.#index.get(value) ?? [])].flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** News of an object. The state that is known already, or an older one, changes nothing. */
  put(object: KubeObject): readonly Change[] {
    const before = this.#objects.get(objectKey(object));
    if (
      before !== undefined &&
      isSame(before, object) &&
      isOlderVersion(object.metadata.resourceVersion, before.metadata.resourceVersion)
    )
      return [];
    return this.#set(object);
  }

  /** News of a deletion. It changes nothing where another object of the name is known by now. */
  remove(object: KubeObject): readonly Change[] {
    const before = this.#objects.get(objectKey(object));
    if (before === undefined || !isSame(before, object)) return [];
    this.#drop(before);
    return [{ kind: 'deleted', object }];
  }

  /** All objects that there are, whatever was known before: deletions come first. */
  replace(objects: readonly KubeObject[]): readonly Change[] {
    const present = new Set(objects.map(objectKey));
    const gone = this.all().filter((object) => !present.has(objectKey(object)));
    for (const object of gone) this.#drop(object);
    return [
      ...gone.map((object): Change => ({ kind: 'deleted', object })),
      ...objects.flatMap((object) => this.#set(object)),
    ];
  }

  #set(object: KubeObject): readonly Change[] {
    const key = objectKey(object);
    const before = this.#objects.get(key);
    if (before === undefined) {
      this.#add(key, object);
      return [{ kind: 'added', object }];
    }
    const same = isSame(before, object);
    if (same && before.metadata.resourceVersion === object.metadata.resourceVersion) return [];
    this.#drop(before);
    this.#add(key, object);
    if (same) return [{ kind: 'modified', object, before }];
    return [
      { kind: 'deleted', object: before },
      { kind: 'added', object },
    ];
  }

  #add(key: string, object: KubeObject): void {
    this.#objects.set(key, object);
    for (const value of this.#indexFunction(object)) {
      const keys = this.#index.get(value);
      if (keys === undefined) this.#index.set(value, new Set([key]));
      else keys.add(key);
    }
  }

  #drop(object: KubeObject): void {
    const key = objectKey(object);
    this.#objects.delete(key);
    for (const value of this.#indexFunction(object)) {
      const keys = this.#index.get(value);
      keys?.delete(key);
      if (keys?.size === 0) this.#index.delete(value);
    }
  }
}

/** Whether two states are of one object, and not of two that bore its name one after the other. */
function isSame(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.uid === b.metadata.uid;
}
