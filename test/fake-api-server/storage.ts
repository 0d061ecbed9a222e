/** All objects of the fake server with their revisions, and what has happened to them since the last compaction. */
import { type KubeObject, objectKey } from '../../operator/kube/object.ts';
import type { Kind } from './kinds.ts';

export interface StorageEvent {
  readonly revision: number;
  readonly kind: Kind;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** The state after; of a deletion, the last one, under the revision of the deletion. */
  readonly object: KubeObject;
  readonly before: KubeObject | undefined;
}

export class Storage {
  readonly #tables = new Map<Kind, Map<string, KubeObject>>();
  readonly #listeners = new Set<(event: StorageEvent) => void>();
  #history: StorageEvent[] = [];
  #revision = 1;
  #compacted = 0;

  /** Revision of the last write. */
  get revision(): number {
    return this.#revision;
  }

  get(kind: Kind, key: string): KubeObject | undefined {
    return this.#tables.get(kind)?.get(key);
  }

  /** In order of their keys. */
  all(kind: Kind): readonly KubeObject[] {
    const entries = [...(this.#tables.get(kind) ?? [])];
    return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  kinds(): readonly Kind[] {
    return [...this.#tables.keys()];
  }

  write(kind: Kind, object: KubeObject): KubeObject {
    const table = this.#table(kind);
    const key = objectKey(object);
    const before = table.get(key);
    const revision = this.#next();
    const written = withRevision(object, revision);
    table.set(key, written);
    this.#tell({
      revision,
      kind,
      type: before === undefined ? 'ADDED' : 'MODIFIED',
      object: written,
      before,
    });
    return written;
  }

  remove(kind: Kind, object: KubeObject): KubeObject {
    const before = this.get(kind, objectKey(object));
    this.#table(kind).delete(objectKey(object));
    const revision = this.#next();
    const removed = withRevision(object, revision);
    this.#tell({ revision, kind, type: 'DELETED', object: removed, before });
    return removed;
  }

  /** What happened to a kind after the revision; undefined where that is not known any more. */
  since(kind: Kind, revision: number): readonly StorageEvent[] | undefined {
    if (revision < this.#compacted) return undefined;
    return this.#history.filter((event) => event.kind === kind && event.revision > revision);
  }

  /** Whether a position of this revision still holds. */
  isKnown(revision: number): boolean {
    return revision >= this.#compacted;
  }

  /** Forgets all history: watches and lists that were at an older revision are gone. */
  compact(): void {
    this.#next();
    this.#compacted = this.#revision;
    this.#history = [];
  }

  listen(listener: (event: StorageEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #table(kind: Kind): Map<string, KubeObject> {
    const present = this.#tables.get(kind);
    if (present !== undefined) return present;
    const table = new Map<string, KubeObject>();
    this.#tables.set(kind, table);
    return table;
  }

  #next(): number {
    this.#revision += 1;
    return this.#revision;
  }

  #tell(event: StorageEvent): void {
    this.#history.push(event);
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function withRevision(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
