/** The product in the test's cluster, put there by the real helm from the chart of this checkout. */
import { chartFolder, helm, withValues } from '../../../chart/helm.ts';
import { s3Credentials } from '../../../storage/support/s3-server.ts';
import { region } from './bucket.ts';
import { testCluster } from './test-cluster.ts';

/** Namespace and name of the release. */
export const release = { namespace: 'deid-system', name: 'deid-operator' } as const;

/** Labels of the operator's pods. */
export const operatorPods = 'app.kubernetes.io/component=operator';

/** Values for a small node that no registry feeds. Credentials of buckets would be a service account's in earnest. */
function values(change: Readonly<Record<string, unknown>>) {
  const [repository = '', tag = ''] = testCluster().image.split(':');
  return {
    image: { repository, tag, pullPolicy: 'Never' },
    'operator.resources.requests.cpu': '10m',
    'worker.environment': { ...s3Credentials, AWS_REGION: region },
    ...change,
  };
}

/** Installs the product, or upgrades to other values; resolves when its pods are ready. */
export async function installProduct(change: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await helm(
    [
      ...['upgrade', release.name, chartFolder, '--install', '--namespace', release.namespace],
      ...['--create-namespace', '--wait', '--timeout', '300s', ...withValues(values(change))],
    ],
    { KUBECONFIG: testCluster().kubeConfigFile },
  );
}

/** All manifests of the release. */
export async function manifestOfProduct(): Promise<string> {
  const args = ['get', 'manifest', release.name, '--namespace', release.namespace];
  return await helm(args, { KUBECONFIG: testCluster().kubeConfigFile });
}

export async function uninstallProduct(): Promise<void> {
  const args = ['uninstall', release.name, '--namespace', release.namespace, '--wait'];
  await helm(args, { KUBECONFIG: testCluster().kubeConfigFile });
}
