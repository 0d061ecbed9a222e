/**
 * A real control plane: etcd and kube-apiserver, and on request controller-manager and scheduler. It has no nodes.
 * Everything it writes lies in one folder, which goes when it is stopped.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buildTool, toolProgram } from '../../scripts/tools/build.ts';
import { makeCertificates } from './certificates.ts';
import { type RunningProgram, startProgram, waitUntil } from './child-processes.ts';
import { makeVanishingFolder, type VanishingFolder } from './vanishing-folder.ts';

export interface ControlPlane {
  /** Base address of the API server, with its certificate authority (PEM). */
  readonly server: string;
  readonly certificateAuthority: string;
  /** Bearer token of a member of `system:masters`. */
  readonly adminToken: string;
  /** A kubeconfig file of the administrator, for kubectl and helm. */
  readonly kubeConfigFile: string;
  /** Where its files are: `ca.crt`, and the output of its programs in `NAME.log`. */
  readonly folder: string;
  /** Writes a kubeconfig file of a component of a node, and returns its path. */
  kubeConfigFileOf(component: Component): Promise<string>;
  readonly etcd: RunningProgram;
  /** Makes etcd forget all versions of objects but the present ones. */
  compactHistory(): Promise<void>;
  /** Ends the API server at once and starts it anew on the same port; resolves when it is ready. */
  restartApiServer(): Promise<void>;
  /** Ends all of it and removes its folder. */
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** Starts controller-manager and scheduler, too. */
  readonly controllers?: boolean;
  /** Address that the API server listens on. Default: loopback, where no node reaches it. */
  readonly address?: string;
  /** A folder that does not exist yet. Default: one below the system's temporary folder. */
  readonly folder?: string;
}

/** Addresses of pods in a cluster that has nodes. */
export const podNetwork = '10.244.0.0/16';

const startTimeoutMs = 120_000;
const loopback = '127.0.0.1';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Who has a token, and the group that the token makes a member of. */
const components = {
  admin: 'system:masters',
  'system:kube-controller-manager': '',
  'system:kube-scheduler': '',
  'system:kube-proxy': '',
  'system:node:node1': 'system:nodes',
};
export type Component = keyof typeof components;

function kubeConfig(folder: string, server: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority': join(folder, 'ca.crt') } }],
    users: [{ name: 'user', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'user' } }],
    'current-context': 'test',
  });
}

/** Whether the address answers 200 to the bearer of the token. */
function answers(address: string, ca: string, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    const call = request(address, { ca, headers, agent: false, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once('error', () => resolve(false));
    call.once('timeout', () => call.destroy());
    call.end();
  });
}

/** Asks etcd by its JSON gateway. */
async function askEtcd(
  address: string,
  verb: string,
  body: object,
): Promise<{ readonly header?: { readonly revision: string } }> {
  const response = await fetch(`${address}/v3/${verb}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`etcd answered ${response.status} to ${verb}`);
  return (await response.json()) as { readonly header?: { readonly revision: string } };
}

/** Starts a control plane, after building its programs where they are missing. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  await buildTool('etcd');
  await buildTool('kubernetes');
  for (let tries = 1; ; tries += 1) {
    try {
      return await startInFolder(options);
    } catch (error) {
      // A port that was free a moment ago may have been taken by another program.
      if (tries === 3 || !/address already in use/.test(String(error))) throw error;
    }
  }
}

async function startInFolder(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder =
    options.folder === undefined ? await makeVanishingFolder('control-plane-') : givenFolder(options.folder);
  await mkdir(folder.path, { recursive: true });
  const programs: RunningProgram[] = [];
  const stop = async () => {
    for (const program of programs.reverse()) await program.stop();
    await folder.remove();
  };
  try {
    return await start(folder.path, programs, stop, options);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A folder that its giver looks after should this process be killed. */
function givenFolder(path: string): VanishingFolder {
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

async function start(
  folder: string,
  programs: RunningProgram[],
  stop: () => Promise<void>,
  { controllers = false, address = loopback }: ControlPlaneOptions,
): Promise<ControlPlane> {
  await makeCertificates(folder, address);
  const tokens = Object.fromEntries(
    Object.keys(components).map((name) => [name, randomBytes(16).toString('hex')]),
  ) as Record<Component, string>;
  const tokenLines = Object.entries(components).map(
    ([name, group]) => `${tokens[name as Component]},${name},${name},"${group}"`,
  );
  await writeFile(join(folder, 'tokens.csv'), tokenLines.join('\n'), { mode: 0o600 });
  const etcdAddress = `http://${loopback}:${await freePort()}`;
  const peerAddress = `http://${loopback}:${await freePort()}`;
  const etcd = startProgram(folder, 'etcd', [
    toolProgram('etcd', 'server'),
    ...['--data-dir', 'etcd', '--unsafe-no-fsync', '--log-level', 'warn'],
    ...['--listen-client-urls', etcdAddress, '--advertise-client-urls', etcdAddress],
    ...['--listen-peer-urls', peerAddress, '--initial-advertise-peer-urls', peerAddress],
    ...['--initial-cluster', `default=${peerAddress}`],
  ]);
  programs.push(etcd);
  const port = await freePort();
  const server = `https://${address}:${port}`;
  const ca = await readFile(join(folder, 'ca.crt'), 'utf8');
  const startApiServer = async () => {
    const apiServer = startProgram(folder, 'kube-apiserver', [
      toolProgram('kubernetes', 'kube-apiserver'),
      ...['--etcd-servers', etcdAddress, '--secure-port', String(port), '--bind-address', address],
      ...['--tls-cert-file', 'server.crt', '--tls-private-key-file', 'server.key'],
      ...['--token-auth-file', 'tokens.csv', '--authorization-mode', 'Node,RBAC'],
      ...['--service-account-issuer', 'https://kubernetes.default.svc', '--api-audiences', 'kubernetes'],
      ...['--service-account-signing-key-file', 'service-accounts.key'],
      ...['--service-account-key-file', 'service-accounts.key'],
      ...['--service-cluster-ip-range', '10.96.0.0/16', '--advertise-address', address],
      ...['--kubelet-client-certificate', 'kubelet-client.crt', '--kubelet-client-key', 'kubelet-client.key'],
      // No name server knows the name of a node.
      ...['--kubelet-preferred-address-types', 'InternalIP', '--allow-privileged'],
      // The reconciler of endpoints refuses loopback addresses.
      ...['--endpoint-reconciler-type', address === loopback ? 'none' : 'lease'],
      ...['--shutdown-delay-duration', '0s'],
    ]);
    await waitUntil(apiServer, () => answers(`${server}/readyz`, ca, tokens.admin), startTimeoutMs);
    return apiServer;
  };
  let apiServer = await startApiServer();
  programs.push({
    name: 'kube-apiserver',
    get processId() {
      return apiServer.processId;
    },
    alive: () => apiServer.alive(),
    signal: (name) => apiServer.signal(name),
    // It would wait for its watchers to leave.
    stop: () => {
      apiServer.signal('SIGKILL');
      return apiServer.stop();
    },
    lastLines: () => apiServer.lastLines(),
  });
  const kubeConfigFileOf = async (component: Component) => {
    const file = join(folder, `${component.replaceAll(':', '-')}.kubeconfig`);
    await writeFile(file, kubeConfig(folder, server, tokens[component]), { mode: 0o600 });
    return file;
  };
  if (controllers) programs.push(...(await startControllers(folder, kubeConfigFileOf)));
  return {
    server,
    certificateAuthority: ca,
    adminToken: tokens.admin,
    kubeConfigFile: await kubeConfigFileOf('admin'),
    folder,
    kubeConfigFileOf,
    etcd,
    compactHistory: async () => {
      const { header } = await askEtcd(etcdAddress, 'maintenance/status', {});
      await askEtcd(etcdAddress, 'kv/compaction', { revision: header?.revision, physical: true });
    },
    restartApiServer: async () => {
      apiServer.signal('SIGKILL');
      await apiServer.stop();
      apiServer = await startApiServer();
    },
    stop,
  };
}

async function startControllers(
  folder: string,
  kubeConfigFileOf: (component: Component) => Promise<string>,
): Promise<RunningProgram[]> {
  const started: RunningProgram[] = [];
  const extra: Readonly<Record<'kube-controller-manager' | 'kube-scheduler', readonly string[]>> = {
    'kube-controller-manager': [
      ...['--use-service-account-credentials', '--root-ca-file', 'ca.crt', '--cluster-cidr', podNetwork],
      ...['--service-account-private-key-file', 'service-accounts.key', '--pvclaimbinder-sync-period', '1s'],
    ],
    'kube-scheduler': [],
  };
  for (const name of ['kube-controller-manager', 'kube-scheduler'] as const) {
    const file = await kubeConfigFileOf(`system:${name}`);
    started.push(
      startProgram(folder, name, [
        toolProgram('kubernetes', name),
        ...['--kubeconfig', file, '--leader-elect=false', '--bind-address', loopback],
        // Else they would be the slowest part of any test with many objects.
        ...['--kube-api-qps', '1000', '--kube-api-burst', '1000'],
        ...['--secure-port', '0', ...extra[name]],
      ]),
    );
  }
  return started;
}
