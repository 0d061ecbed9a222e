/** What the verbs do to objects: the rules of the API server, without HTTP. Throws {@link Refusal}. */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta } from '../../operator/kube/object.ts';
import { FieldOwners } from './field-owners.ts';
import { apiVersionOf, type Kind, namespaces } from './kinds.ts';
import { type Fields, fields, isFields, mergePatch } from './merge-patch.ts';
import { Refusal } from './refusal.ts';
import type { Storage } from './storage.ts';

/** Which object, and which part of it. */
export interface Target {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string | undefined;
}

/** Who writes, for the ownership of fields. */
export interface Writer {
  readonly manager: string;
  readonly force?: boolean;
}

/** Finalizer of objects that are to be removed after their dependents. */
export const foreground = 'foregroundDeletion';

export class Objects {
  readonly #storage: Storage;
  readonly #now: () => Date;
  readonly #owners = new FieldOwners();
  #made = 0;

  constructor(storage: Storage, now: () => Date) {
    this.#storage = storage;
    this.#now = now;
  }

  get(target: Target): KubeObject {
    const object = this.#storage.get(target.kind, keyOf(target));
    if (object !== undefined) return object;
    const { group, plural } = target.kind;
    const resource = group === '' ? plural : `${plural}.${group}`;
    throw new Refusal(404, 'NotFound', `${resource} "${target.name}" not found`);
  }

  create(kind: Kind, namespace: string | undefined, body: unknown, writer: Writer): KubeObject {
    const wanted = checked(kind, body);
    const given = fields(wanted.metadata);
    this.#made += 1;
    const suffix = this.#made.toString(36).padStart(5, '0');
    const name =
      text(given.name) ?? (given.generateName === undefined ? undefined : `${given.generateName}${suffix}`);
    if (name === undefined) throw new Refusal(422, 'Invalid', 'name or generateName is required');
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) {
      const message = `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case characters`;
      const causes = [{ field: 'metadata.name', reason: 'FieldValueInvalid', message }];
      throw new Refusal(422, 'Invalid', `${kind.kind} "${name}" is invalid: metadata.name: ${message}`, {
        causes,
      });
    }
    if (namespace !== undefined && this.#storage.get(namespaces, namespace) === undefined)
      throw new Refusal(404, 'NotFound', `namespaces "${namespace}" not found`);
    if (this.#storage.get(kind, keyOf({ namespace, name })) !== undefined)
      throw new Refusal(409, 'AlreadyExists', `${kind.plural} "${name}" already exists`);
    if (given.resourceVersion !== undefined && given.resourceVersion !== '')
      throw new Refusal(422, 'Invalid', 'resourceVersion should not be set on objects to be created');
    const metadata = {
      ...given,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: `00000000-0000-4000-8000-${this.#made.toString(16).padStart(12, '0')}`,
      resourceVersion: '',
      creationTimestamp: timestamp(this.#now()),
      ...(kind.hasStatus ? { generation: 1 } : {}),
    };
    const { status, ...rest } = wanted;
    const object = {
      ...rest,
      ...(kind.hasStatus || status === undefined ? {} : { status }),
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      metadata,
    };
    this.#owners.updated(metadata.uid, {}, owned(object), writer.manager);
    return this.#storage.write(kind, object);
  }

  replace(target: Target, body: unknown, writer: Writer): KubeObject {
    return this.#update(target, checked(target.kind, body), writer);
  }

  mergePatch(target: Target, patch: unknown, writer: Writer): KubeObject {
    if (!isFields(patch)) throw new Refusal(400, 'BadRequest', 'the patch is no object');
    const before = this.get(target);
    const { resourceVersion } = fields(patch.metadata);
    const patched = fields(mergePatch(before, patch));
    const metadata = { ...fields(patched.metadata), resourceVersion };
    return this.#update(target, { ...patched, metadata }, writer);
  }

  apply(target: Target, body: unknown, writer: Writer): KubeObject {
    const wanted = checked(target.kind, body);
    const present = this.#storage.get(target.kind, keyOf(target));
    if (present === undefined && target.subresource === undefined)
      return this.create(
        target.kind,
        target.namespace,
        { ...wanted, metadata: { ...fields(wanted.metadata), name: target.name } },
        writer,
      );
    const before = this.get(target);
    const { metadata, status, ...rest } = wanted;
    const { labels, annotations, finalizers, ownerReferences, resourceVersion } = fields(metadata);
    const meta = defined({ labels, annotations, finalizers, ownerReferences });
    const scope = target.subresource === 'status' ? defined({ status }) : { ...owned(rest), metadata: meta };
    const manager = `${writer.manager}${separatorOf(target.subresource)}`;
    const applied = this.#owners.applied(before.metadata.uid, before, scope, manager, writer.force ?? false);
    return this.#store(target, before, {
      ...applied,
      metadata: { ...fields(applied.metadata), resourceVersion },
    });
  }

  delete(target: Target, options: Fields): KubeObject {
    const before = this.get(target);
    const { uid, resourceVersion } = fields(options.preconditions);
    if (uid !== undefined && uid !== before.metadata.uid) throw conflict(target, 'the uid differs');
    if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion)
      throw conflict(target, 'the resource version differs');
    const isForeground = options.propagationPolicy === 'Foreground';
    const finalizers = [
      ...new Set([...(before.metadata.finalizers ?? []), ...(isForeground ? [foreground] : [])]),
    ];
    if (finalizers.length === 0) return this.#storage.remove(target.kind, before);
    if (before.metadata.deletionTimestamp !== undefined) return before;
    const { generation } = before.metadata;
    const metadata: ObjectMeta = {
      ...before.metadata,
      finalizers,
      deletionTimestamp: timestamp(this.#now()),
      ...(generation === undefined ? {} : { generation: generation + 1 }),
    };
    return this.#storage.write(target.kind, { ...before, metadata });
  }

  #update(target: Target, wanted: Fields, writer: Writer): KubeObject {
    const before = this.get(target);
    const after = this.#store(target, before, wanted);
    this.#owners.updated(before.metadata.uid, owned(before), owned(after), writer.manager);
    return after;
  }

  /** Writes what a writer may change of `wanted`; nothing is written where nothing changes. */
  #store(target: Target, before: KubeObject, wanted: Fields): KubeObject {
    const { kind, subresource } = target;
    const given = fields(wanted.metadata);
    const { resourceVersion: version } = given;
    if (version !== undefined && version !== '' && version !== before.metadata.resourceVersion)
      throw conflict(target, 'the object has been modified');
    if (given.uid !== undefined && given.uid !== before.metadata.uid)
      throw conflict(target, 'the uid differs');
    if (subresource === 'status')
      return this.#writeChanged(kind, before, { ...before, ...defined({ status: wanted.status }) });
    const { status: wantedStatus, ...rest } = wanted;
    const status = kind.hasStatus ? before.status : wantedStatus;
    const { name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, generation } =
      before.metadata;
    const kept = defined({
      name,
      namespace,
      uid,
      resourceVersion,
      creationTimestamp,
      deletionTimestamp,
      generation,
    });
    const metadata = { ...given, ...kept } as unknown as ObjectMeta;
    const next: KubeObject = {
      ...rest,
      ...defined({ status }),
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      metadata,
    };
    if (isFields(before) && before.immutable === true && !isDeepStrictEqual(before.data, next.data))
      throw new Refusal(422, 'Invalid', 'field is immutable when `immutable` is set');
    return this.#writeChanged(kind, before, next);
  }

  #writeChanged(kind: Kind, before: KubeObject, next: KubeObject): KubeObject {
    if (isDeepStrictEqual(before, next)) return before;
    const { deletionTimestamp, finalizers = [], generation } = next.metadata;
    if (deletionTimestamp !== undefined && finalizers.length === 0) return this.#storage.remove(kind, next);
    const isNewGeneration = generation !== undefined && !isDeepStrictEqual(desired(before), desired(next));
    const metadata = isNewGeneration ? { ...next.metadata, generation: generation + 1 } : next.metadata;
    return this.#storage.write(kind, { ...next, metadata });
  }
}

function keyOf({ namespace, name }: Pick<Target, 'namespace' | 'name'>): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function checked(kind: Kind, body: unknown): Fields {
  if (!isFields(body)) throw new Refusal(400, 'BadRequest', 'the body is no object');
  if (body.kind !== kind.kind || body.apiVersion !== apiVersionOf(kind))
    throw new Refusal(400, 'BadRequest', `the body is no ${kind.kind}`);
  return body;
}

function conflict({ kind, name }: Target, message: string): Refusal {
  return new Refusal(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${kind.plural} "${name}": ${message}`,
  );
}

function separatorOf(subresource: string | undefined): string {
  return subresource === undefined ? '' : `/${subresource}`;
}

/** What writers own of an object. */
function owned({ metadata, apiVersion: _, kind: __, ...rest }: Fields): Fields {
  const { labels, annotations, finalizers, ownerReferences } = fields(metadata);
  return { ...rest, metadata: defined({ labels, annotations, finalizers, ownerReferences }) };
}

/** What a change of makes a new generation. */
function desired({ metadata: _, status: __, ...rest }: Fields): Fields {
  return rest;
}

function defined(values: Fields): Fields {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Seconds, as the API server writes times. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
