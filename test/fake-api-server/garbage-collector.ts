/** Removes objects whose owners are all gone, and foreground deletions whose dependents are. */
import type { KubeObject } from '../../operator/kube/object.ts';
import type { Kind } from './kinds.ts';
import { foreground, type Objects } from './objects.ts';
import type { Storage } from './storage.ts';

interface Placed {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** Collects soon after each change; the function that comes back ends it. */
export function startGarbageCollector(storage: Storage, objects: Objects): () => void {
  let due: NodeJS.Immediate | undefined;
  const collect = () => {
    due = undefined;
    const all = storage
      .kinds()
      .flatMap((kind) => storage.all(kind).map((object): Placed => ({ kind, object })));
    const present = new Set(all.map(({ object }) => object.metadata.uid));
    const dying = new Set(
      all.filter(({ object }) => waitsForDependents(object)).map(({ object }) => object.metadata.uid),
    );
    const held = new Set<string>();
    for (const { kind, object } of all) {
      const owners = object.metadata.ownerReferences ?? [];
      for (const { uid } of owners) held.add(uid);
      const isOrphan = owners.length > 0 && owners.every(({ uid }) => !present.has(uid) || dying.has(uid));
      if (isOrphan && object.metadata.deletionTimestamp === undefined)
        objects.delete(target({ kind, object }), { propagationPolicy: 'Background' });
    }
    for (const { kind, object } of all) {
      if (!dying.has(object.metadata.uid) || held.has(object.metadata.uid)) continue;
      const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== foreground);
      const patch = { metadata: { finalizers } };
      objects.mergePatch(target({ kind, object }), patch, { manager: 'garbage-collector' });
    }
  };
  const stopListening = storage.listen(() => {
    due ??= setImmediate(collect);
  });
  return () => {
    stopListening();
    clearImmediate(due);
  };
}

function waitsForDependents({ metadata: { deletionTimestamp, finalizers = [] } }: KubeObject): boolean {
  return deletionTimestamp !== undefined && finalizers.includes(foreground);
}

function target({ kind, object: { metadata } }: Placed) {
  return { kind, namespace: metadata.namespace, name: metadata.name, subresource: undefined };
}
