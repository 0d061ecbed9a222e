/**
 * A real control plane on loopback: etcd and kube-apiserver, and on request controller-manager and scheduler. It has no
 * nodes. Everything it writes lies in one folder below the system's temporary folder, which goes when it is stopped.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildTool, toolProgram } from '../../scripts/tools/build.ts';
import { type RunningProgram, startProgram, waitUntil } from './child-processes.ts';

export interface ControlPlane {
  /** Base address of the API server, with its certificate authority (PEM). */
  readonly server: string;
  readonly certificateAuthority: string;
  /** Bearer token of a member of `system:masters`. */
  readonly adminToken: string;
  /** A kubeconfig file of the administrator, for kubectl and helm. */
  readonly kubeConfigFile: string;
  readonly etcd: RunningProgram;
  /** Ends the API server at once and starts it anew on the same port; resolves when it is ready. */
  restartApiServer(): Promise<void>;
  /** Ends all of it and removes its folder. */
  stop(): Promise<void>;
}

const startTimeoutMs = 120_000;
const run = promisify(execFile);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A certificate authority, the API server's certificate for loopback, and the key pair of service accounts. */
async function makeKeys(folder: string): Promise<void> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '2',
    '-subj',
    '/CN=ca',
  );
  await openssl(
    ...['req', '-x509', ...newKey, '-keyout', 'server.key', '-out', 'server.crt', '-days', '2'],
    ...['-CA', 'ca.crt', '-CAkey', 'ca.key', '-subj', '/CN=kube-apiserver'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1,IP:10.96.0.1,DNS:kubernetes.default.svc'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
  );
  await openssl('genrsa', '-out', 'service-accounts.key', '2048');
}

const components = {
  admin: 'system:masters',
  'system:kube-controller-manager': '',
  'system:kube-scheduler': '',
};
type Component = keyof typeof components;

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

/** Starts a control plane, after building its programs where they are missing. */
export async function startControlPlane(
  options: { readonly controllers?: boolean } = {},
): Promise<ControlPlane> {
  await buildTool('etcd');
  await buildTool('kubernetes');
  const folder = await mkdtemp(join(tmpdir(), 'control-plane-'));
  const programs: RunningProgram[] = [];
  const stop = async () => {
    for (const program of programs.reverse()) await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return await start(folder, programs, stop, options.controllers ?? false);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  folder: string,
  programs: RunningProgram[],
  stop: () => Promise<void>,
  controllers: boolean,
): Promise<ControlPlane> {
  await makeKeys(folder);
  const tokens = Object.fromEntries(
    Object.keys(components).map((name) => [name, randomBytes(16).toString('hex')]),
  ) as Record<Component, string>;
  const tokenLines = Object.entries(components).map(
    ([name, group]) => `${tokens[name as Component]},${name},${name},"${group}"`,
  );
  await writeFile(join(folder, 'tokens.csv'), tokenLines.join('\n'), { mode: 0o600 });
  const etcdAddress = `http://127.0.0.1:${await freePort()}`;
  const peerAddress = `http://127.0.0.1:${await freePort()}`;
  const etcd = startProgram(folder, 'etcd', [
    toolProgram('etcd', 'server'),
    ...['--data-dir', 'etcd', '--unsafe-no-fsync', '--log-level', 'warn'],
    ...['--listen-client-urls', etcdAddress, '--advertise-client-urls', etcdAddress],
    ...['--listen-peer-urls', peerAddress, '--initial-advertise-peer-urls', peerAddress],
    ...['--initial-cluster', `default=${peerAddress}`],
  ]);
  programs.push(etcd);
  const port = await freePort();
  const server = `https://127.0.0.1:${port}`;
  const ca = await readFile(join(folder, 'ca.crt'), 'utf8');
  const startApiServer = async () => {
    const apiServer = startProgram(folder, 'kube-apiserver', [
      toolProgram('kubernetes', 'kube-apiserver'),
      ...['--etcd-servers', etcdAddress, '--secure-port', String(port), '--bind-address', '127.0.0.1'],
      ...['--tls-cert-file', 'server.crt', '--tls-private-key-file', 'server.key'],
      ...['--token-auth-file', 'tokens.csv', '--authorization-mode', 'Node,RBAC'],
      ...['--service-account-issuer', 'https://kubernetes.default.svc', '--api-audiences', 'kubernetes'],
      ...['--service-account-signing-key-file', 'service-accounts.key'],
      ...['--service-account-key-file', 'service-accounts.key'],
      ...['--service-cluster-ip-range', '10.96.0.0/16', '--advertise-address', '127.0.0.1'],
      // The reconciler of endpoints refuses loopback addresses.
      ...['--endpoint-reconciler-type', 'none', '--shutdown-delay-duration', '0s'],
    ]);
    await waitUntil(apiServer, () => answers(`${server}/readyz`, ca, tokens.admin), startTimeoutMs);
    return apiServer;
  };
  let apiServer = await startApiServer();
  programs.push({
    name: 'kube-apiserver',
    alive: () => apiServer.alive(),
    signal: (name) => apiServer.signal(name),
    stop: () => apiServer.stop(),
    lastLines: () => apiServer.lastLines(),
  });
  if (controllers) programs.push(...(await startControllers(folder, server, tokens)));
  const kubeConfigFile = join(folder, 'admin.kubeconfig');
  await writeFile(kubeConfigFile, kubeConfig(folder, server, tokens.admin), { mode: 0o600 });
  return {
    server,
    certificateAuthority: ca,
    adminToken: tokens.admin,
    kubeConfigFile,
    etcd,
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
  server: string,
  tokens: Readonly<Record<Component, string>>,
): Promise<RunningProgram[]> {
  const started: RunningProgram[] = [];
  const extra: Readonly<Record<'kube-controller-manager' | 'kube-scheduler', readonly string[]>> = {
    'kube-controller-manager': [
      ...['--use-service-account-credentials', '--root-ca-file', 'ca.crt'],
      ...['--service-account-private-key-file', 'service-accounts.key'],
    ],
    'kube-scheduler': [],
  };
  for (const name of ['kube-controller-manager', 'kube-scheduler'] as const) {
    const file = join(folder, `${name}.kubeconfig`);
    await writeFile(file, kubeConfig(folder, server, tokens[`system:${name}`]), { mode: 0o600 });
    started.push(
      startProgram(folder, name, [
        toolProgram('kubernetes', name),
        ...['--kubeconfig', file, '--leader-elect=false', '--bind-address', '127.0.0.1'],
        ...['--secure-port', '0', ...extra[name]],
      ]),
    );
  }
  return started;
}
