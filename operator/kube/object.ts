/** Objects of the API as they come over the wire: raw JSON, so that fields which this code does not know stay what they are. */

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** The part of ObjectMeta that controllers read. Times are RFC 3339. */
export interface ObjectMeta {
  readonly name: string;
  /** Absent where the object is one of the whole cluster. */
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** Whether a value of the wire has what every stored object has: name, uid and resource version. */
export function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return false;
  const { metadata } = value;
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { name, uid, resourceVersion } = metadata as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && typeof uid === 'string' && typeof resourceVersion === 'string';
}

/** `namespace/name`, or the name alone: what an object is called among its kind. */
export function objectKey({
  metadata,
}: {
  readonly metadata: Pick<ObjectMeta, 'name' | 'namespace'>;
}): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** The object without `managedFields`: a third of its size, which nobody here reads. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  if (!('managedFields' in object.metadata)) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/**
 * Whether resource version `a` is older than `b`: they are compared as decimal numbers (Kubernetes API concepts, resource
 * versions). False where one is no number.
 */
export function isOlderVersion(a: string, b: string): boolean {
  if (!/^[1-9]\d*$/.test(a) || !/^[1-9]\d*$/.test(b)) return false;
  return a.length === b.length ? a < b : a.length < b.length;
}
