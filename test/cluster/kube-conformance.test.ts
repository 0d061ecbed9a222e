import { KubeConfig } from '@kubernetes/client-node';
import { systemClock } from '../../operator/kube/clock.ts';
import { type ClusterAccess, kubeConfigAccess } from '../../operator/kube/cluster-access.ts';
import type { KubeObject } from '../../operator/kube/object.ts';
import { Reflector } from '../../operator/kube/reflector.ts';
import { resourcePath } from '../../operator/kube/resource.ts';
import type { Transport } from '../../operator/kube/transport.ts';
import { skipWithout } from '../../scripts/tools/build.ts';
import { pods } from '../fake-api-server/kinds.ts';
import { eventually, testTransport, things } from '../kube/api-server-under-test.ts';
import { kubeConformance } from '../kube/conformance.ts';
import type { PodEnds } from '../kube/job-conformance.ts';
import { startControlPlane } from './control-plane.ts';

const definitions = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' };

/** Makes the server know {@link things}. */
async function defineThings(transport: Transport): Promise<void> {
  const { group, version, plural, kind } = things;
  const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, kind },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: free, status: free } } },
        },
      ],
    },
  };
  await transport.call(resourcePath(definitions), { method: 'POST', body });
  const isServed = async () =>
    transport.call(resourcePath(things), { maxTries: 1 }).then(
      () => true,
      () => false,
    );
  await eventually('the definition is served', isServed);
}

/**
 * Stands in for kubelets: no node takes the pods, and their status says that they have ended.
 */
async function endPods(access: ClusterAccess, namespace: string, ends: ReadonlyMap<string, PodEnds>) {
  const transport = testTransport(access);
  const tries = new Map<string, number>();
  const end = async ({ metadata }: KubeObject) => {
    const job = metadata.labels?.['batch.kubernetes.io/job-name'] ?? '';
    const index = Number(metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? 0);
    const failures = tries.get(`${job} ${index}`) ?? 0;
    tries.set(`${job} ${index}`, failures + 1);
    const outcome = ends.get(job)?.(index, failures);
    if (outcome === undefined) return;
    const { exitCode, disrupted = false } = outcome;
    const state = { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' } };
    const container = { name: 'worker', image: 'none', imageID: '', ready: false, restartCount: 0, state };
    const status = {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [container],
      ...(disrupted ? { conditions: [{ type: 'DisruptionTarget', status: 'True' }] } : {}),
    };
    const path = resourcePath(pods, { namespace, name: metadata.name, subresource: 'status' });
    await transport.call(path, { method: 'PATCH', body: { status } });
  };
  const ending: Promise<void>[] = [];
  const reflector = new Reflector({
    transport,
    clock: systemClock,
    random: Math.random,
    resource: pods,
    namespace,
    onChange: ({ kind, object }) => {
      if (kind === 'added') ending.push(end(object));
    },
  });
  reflector.start();
  await reflector.whenSynced;
  const account = resourcePath(
    { group: '', version: 'v1', plural: 'serviceaccounts' },
    { namespace, name: 'default' },
  );
  await eventually('pods may be made', () =>
    transport.call(account).then(
      () => true,
      () => false,
    ),
  );
  return async () => {
    await reflector.stop();
    await Promise.all(ending);
    await transport.close();
  };
}

let access: ClusterAccess;

kubeConformance(
  'a real API server',
  async () => {
    const plane = await startControlPlane({ controllers: true });
    const config = new KubeConfig();
    config.loadFromFile(plane.kubeConfigFile);
    access = await kubeConfigAccess(config);
    const transport = testTransport(access);
    await defineThings(transport);
    await transport.close();
    return {
      access,
      forget: async () => {
        await plane.compactHistory();
        await plane.restartApiServer();
      },
      stop: () => plane.stop(),
    };
  },
  (namespace, ends) => endPods(access, namespace, ends),
  skipWithout(['etcd', 'kubernetes']),
);
