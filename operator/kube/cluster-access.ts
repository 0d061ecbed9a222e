/** Where the API server is, whom we trust to be it, and what we show it: from a kubeconfig or from a pod's service account. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { TokenFile } from './token-file.ts';

export interface ServerTrust {
  /** Certificate authorities, PEM; undefined for those of the platform. */
  readonly ca?: string | undefined;
  /** Client certificate and its key, PEM. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Name that the server's certificate must bear, where it is not the host of the address. */
  readonly servername?: string | undefined;
  /** False only where a kubeconfig says to skip verification. */
  readonly rejectUnauthorized?: boolean | undefined;
}

export interface ClusterAccess {
  /** Address of the API server; may have a path. */
  readonly server: string;
  readonly trust: ServerTrust;
  /** Namespace of the context or the pod. */
  readonly namespace: string | undefined;
  /** Headers that say who calls, made anew for each call. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** The server did not know us: whatever is remembered of credentials is void. */
  refused(): void;
}

/** Access with a token that never changes. */
export function tokenAccess(server: string, token: string, trust: ServerTrust = {}): ClusterAccess {
  const headers = { authorization: `Bearer ${token}` };
  return { server, trust, namespace: undefined, headers: async () => headers, refused: () => {} };
}

/** Where a pod finds its service account. */
export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Access of a pod by its service account; undefined where the environment is not that of a pod. */
export async function podAccess(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string = serviceAccountFolder,
): Promise<ClusterAccess | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = environment;
  if (host === undefined || host === '') return undefined;
  const file = (name: string) => readFile(join(folder, name), 'utf8');
  const tokenFile = new TokenFile(join(folder, 'token'));
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    trust: { ca: await file('ca.crt') },
    namespace: (await file('namespace')).trim(),
    headers: async () => ({ authorization: `Bearer ${await tokenFile.token()}` }),
    refused: () => tokenFile.refused(),
  };
}

/** Access by the current context of a kubeconfig. Throws where it has none, or asks for a proxy. */
export async function kubeConfigAccess(config: KubeConfig): Promise<ClusterAccess> {
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (cluster === null) throw new Error('the kubeconfig has no current context with a cluster');
  if (cluster.proxyUrl !== undefined) throw new Error('proxy-url of a kubeconfig is not supported');
  if (user?.impersonateUser) throw new Error('impersonation by a kubeconfig is not supported');
  const https: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
  await config.applyToHTTPSOptions(https);
  const tokenPath: unknown = user?.authProvider?.config?.tokenFile;
  const tokenFile = typeof tokenPath === 'string' ? new TokenFile(tokenPath) : undefined;
  const { HttpMethod, RequestContext } = await import('@kubernetes/client-node');
  return {
    server: cluster.server,
    trust: {
      ca: pem(https.ca),
      cert: pem(https.cert),
      key: pem(https.key),
      servername: https.servername,
      rejectUnauthorized: https.rejectUnauthorized,
    },
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    headers: async () => {
      if (tokenFile !== undefined) return { authorization: `Bearer ${await tokenFile.token()}` };
      // Its dispatcher is left aside: it would bring a connection of its own for each call.
      const context = new RequestContext(cluster.server, HttpMethod.GET);
      await config.applySecurityAuthentication(context);
      return context.getHeaders();
    },
    refused: () => tokenFile?.refused(),
  };
}

function pem(value: unknown): string | undefined {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value.toString() : undefined;
}

/**
 * Access by the kubeconfig that `KUBECONFIG` names, else by the pod's service account, else by the user's own kubeconfig.
 * The client library, which is large, is loaded for kubeconfigs alone.
 */
export async function defaultAccess(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ClusterAccess> {
  if (!environment.KUBECONFIG) {
    const pod = await podAccess(environment);
    if (pod !== undefined) return pod;
  }
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  return kubeConfigAccess(config);
}
