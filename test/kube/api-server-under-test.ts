/** What the suites of this folder need of an API server, and the kind of object that they add to it. */
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../operator/kube/clock.ts';
import type { ClusterAccess } from '../../operator/kube/cluster-access.ts';
import { resourcePath } from '../../operator/kube/resource.ts';
import { createTransport, type Transport } from '../../operator/kube/transport.ts';
import type { Kind } from '../fake-api-server/kinds.ts';

export interface ApiServerUnderTest {
  /** Access of the administrator. It knows {@link things}. */
  readonly access: ClusterAccess;
  /** The server forgets all states but the present ones: watches break, and older versions are gone. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

/** A kind without meaning, with a status subresource and free fields in spec and status. */
export const things: Kind = {
  group: 'conformance.example',
  version: 'v1',
  plural: 'things',
  kind: 'Thing',
  namespaced: true,
  hasStatus: true,
};

export const configMaps = { group: '', version: 'v1', plural: 'configmaps' };

export function testTransport(access: ClusterAccess): Transport {
  const backoff = { baseMs: 20, maximumMs: 1000, jitter: 0.5 };
  return createTransport({
    access,
    clock: systemClock,
    random: Math.random,
    userAgent: 'conformance/1',
    backoff,
  });
}

export async function makeNamespace(transport: Transport, name: string): Promise<string> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await transport.call('/api/v1/namespaces', { method: 'POST', body });
  return name;
}

export function configMap(name: string, more: object = {}): Readonly<Record<string, unknown>> {
  const { metadata = {}, ...rest } = more as { readonly metadata?: object };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, ...rest };
}

/** The verbs on config maps of one namespace. */
export function configMapsOf(transport: Transport, namespace: string) {
  const path = (name?: string) => resourcePath(configMaps, { namespace, name });
  return {
    path,
    create: (name: string, more?: object) =>
      transport.call(path(), { method: 'POST', body: configMap(name, more) }),
    patch: (name: string, body: object) => transport.call(path(name), { method: 'PATCH', body }),
    delete: (name: string) => transport.call(path(name), { method: 'DELETE' }),
  };
}

/** Waits until `holds` does; fails after `timeoutMs`. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not in time: ${what}`);
    await pause(20);
  }
}
