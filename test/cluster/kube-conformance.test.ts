import { KubeConfig } from '@kubernetes/client-node';
import { kubeConfigAccess } from '../../operator/kube/cluster-access.ts';
import { resourcePath } from '../../operator/kube/resource.ts';
import type { Transport } from '../../operator/kube/transport.ts';
import { skipWithout } from '../../scripts/tools/build.ts';
import { eventually, testTransport, things } from '../kube/api-server-under-test.ts';
import { kubeConformance } from '../kube/conformance.ts';
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

kubeConformance(
  'a real API server',
  async () => {
    const plane = await startControlPlane({ controllers: true });
    const config = new KubeConfig();
    config.loadFromFile(plane.kubeConfigFile);
    const access = await kubeConfigAccess(config);
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
  skipWithout(['etcd', 'kubernetes']),
);
