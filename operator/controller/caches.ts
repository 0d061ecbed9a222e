/** What the operator watches, over one or all namespaces: jobs, profiles, and the child Jobs that it has made. */
import { group, version } from '../../crds/v1alpha1/group.ts';
import { jobUidLabel, managedByLabels } from '../build/names.ts';
import { objectOf } from '../facts/json.ts';
import type { Clock } from '../kube/clock.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Change } from '../kube/object-store.ts';
import { Reflector, type RestartReason } from '../kube/reflector.ts';
import type { Resource } from '../kube/resource.ts';
import type { Transport } from '../kube/transport.ts';

export const resources = {
  deidjobs: { group, version, plural: 'deidjobs' },
  deidprofiles: { group, version, plural: 'deidprofiles' },
  jobs: { group: 'batch', version: 'v1', plural: 'jobs' },
  configmaps: { group: '', version: 'v1', plural: 'configmaps' },
  pods: { group: '', version: 'v1', plural: 'pods' },
} as const satisfies Readonly<Record<string, Resource>>;

/** The kinds that are kept in memory. */
export const watched = ['deidjobs', 'deidprofiles', 'jobs'] as const;
export type Watched = (typeof watched)[number];

export interface CacheOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Empty for all namespaces. */
  readonly namespaces: readonly string[];
  readonly onChange: (kind: Watched, change: Change) => void;
  readonly onRestart: (kind: Watched, reason: RestartReason) => void;
  readonly onHandlerError: (error: unknown) => void;
}

/** The uid of the job that a child is labelled with. */
function ownerIndex(object: KubeObject): readonly string[] {
  const uid = object.metadata.labels?.[jobUidLabel];
  return uid === undefined ? [] : [uid];
}

const selector = Object.entries(managedByLabels)
  .map(([name, value]) => `${name}=${value}`)
  .join(',');

/** A child Job without its pods' template, which is most of it: who made it asks for nothing in there. */
function withoutTemplate(job: KubeObject): KubeObject {
  const { template: _, ...spec } = objectOf(job.spec);
  return { ...job, spec };
}

export class Caches {
  readonly #reflectors: Readonly<Record<Watched, ReadonlyMap<string, Reflector>>>;
  readonly #isClusterWide: boolean;

  constructor(options: CacheOptions) {
    const { transport, clock, random, namespaces, onHandlerError } = options;
    this.#isClusterWide = namespaces.length === 0;
    const places = this.#isClusterWide ? [undefined] : namespaces;
    const reflector = (kind: Watched, namespace: string | undefined) =>
      new Reflector({
        ...{ transport, clock, random, namespace, onHandlerError },
        resource: resources[kind],
        onChange: (change) => options.onChange(kind, change),
        onRestart: (reason) => options.onRestart(kind, reason),
        ...(kind === 'jobs' ? { labelSelector: selector, index: ownerIndex, reduce: withoutTemplate } : {}),
      });
    const perNamespace = (kind: Watched) =>
      new Map(places.map((namespace) => [namespace ?? '', reflector(kind, namespace)]));
    this.#reflectors = {
      deidjobs: perNamespace('deidjobs'),
      deidprofiles: perNamespace('deidprofiles'),
      jobs: perNamespace('jobs'),
    };
  }

  start(): void {
    for (const reflector of this.#all()) reflector.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all().map((reflector) => reflector.stop()));
  }

  /** Whether everything has been listed once. */
  get isSynced(): boolean {
    return this.#all().every(({ isSynced }) => isSynced);
  }

  /** Resolves once everything has been listed. */
  async whenSynced(): Promise<void> {
    await Promise.all(this.#all().map(({ whenSynced }) => whenSynced));
  }

  /** Of the watches of a kind, the one that has been silent longest: when it was last heard of, monotonic milliseconds. */
  lastHeardMs(kind: Watched): number {
    return Math.min(...[...this.#reflectors[kind].values()].map(({ lastHeardMs }) => lastHeardMs));
  }

  isKindSynced(kind: Watched): boolean {
    return [...this.#reflectors[kind].values()].every(({ isSynced }) => isSynced);
  }

  /** The object of that key, `namespace/name`. */
  get(kind: Watched, key: string): KubeObject | undefined {
    const namespace = this.#isClusterWide ? '' : (key.split('/')[0] ?? '');
    return this.#reflectors[kind].get(namespace)?.store.get(key);
  }

  all(kind: Watched): readonly KubeObject[] {
    return [...this.#reflectors[kind].values()].flatMap(({ store }) => store.all());
  }

  #all(): readonly Reflector[] {
    return watched.flatMap((kind) => [...this.#reflectors[kind].values()]);
  }
}
