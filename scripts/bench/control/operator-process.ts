/**
 * The operator as a process of its own that finds what a pod's finds: an environment, and the files of a service account at
 * their place, which only it sees there. What it uses is read from its metrics and from /proc.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceAccountFolder } from '../../../operator/kube/cluster-access.ts';
import { nodeArguments } from '../../../operator/node-arguments.ts';
import { type RunningProgram, startProgram, waitUntil } from '../../../test/cluster/child-processes.ts';
import type { ControlPlane } from '../../../test/cluster/control-plane.ts';
import { freePort } from '../../../test/storage/support/s3-server.ts';
import { cpuSecondsOf, peakRssBytesOf } from '../measure.ts';
import { type Requests, requestsOf } from './requests.ts';

export interface OperatorUse {
  readonly requests: Requests;
  readonly cpuSeconds: number;
  /** The most that it held so far. */
  readonly peakRssBytes: number;
}

export interface OperatorProcess {
  readonly program: RunningProgram;
  /** What it has used since it started. */
  use(): Promise<OperatorUse>;
}

export interface OperatorOptions {
  readonly plane: ControlPlane;
  /** Token of its service account. */
  readonly token: string;
  readonly namespace: string;
  readonly leaseName: string;
  readonly workerServiceAccount: string;
  readonly progressPort: number;
  /** A folder to leave a CPU profile in (`node --cpu-prof`). */
  readonly profiles?: string | undefined;
}

const startTimeoutMs = 60_000;
const main = new URL('../../../operator/main.ts', import.meta.url).pathname;

/** Hides what lies beside the service account's folder and puts its files there, before it runs the rest of its arguments. */
const asInPod = `
set -eu
mount -t tmpfs tmpfs "$(readlink -f /var/run)"
mkdir -p "$2"
cp "$1"/* "$2"
shift 2
exec "$@"
`;

async function isReady(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** Starts it; resolves when it is ready. */
export async function startOperator(options: OperatorOptions): Promise<OperatorProcess> {
  const { plane, token, namespace, leaseName, workerServiceAccount, progressPort, profiles } = options;
  const files = join(plane.folder, 'service-account');
  await mkdir(files);
  const { certificateAuthority } = plane;
  for (const [name, text] of Object.entries({ token, namespace, 'ca.crt': certificateAuthority })) {
    await writeFile(join(files, name), text, { mode: 0o600 });
  }
  const port = await freePort();
  const { hostname, port: serverPort } = new URL(plane.server);
  const program = startProgram(
    plane.folder,
    'operator',
    [
      ...['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])],
      ...['sh', '-c', asInPod, 'sh', files, serviceAccountFolder, process.execPath],
      ...(profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]),
      ...nodeArguments,
      main,
    ],
    {
      env: {
        ...{ KUBECONFIG: '', KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: serverPort },
        ...{ POD_NAME: 'operator-0', POD_NAMESPACE: namespace, DEID_LEASE_NAME: leaseName },
        ...{
          DEID_IMAGE: 'none',
          DEID_PORT: String(port),
          DEID_WATCH_NAMESPACES: JSON.stringify([namespace]),
        },
        ...{ DEID_WORKER_SERVICE_ACCOUNT: workerServiceAccount, DEID_PROGRESS_PORT: String(progressPort) },
      },
    },
  );
  const address = `http://127.0.0.1:${port}`;
  await waitUntil(program, () => isReady(address), startTimeoutMs);
  return {
    program,
    use: async () => ({
      requests: requestsOf(await (await fetch(`${address}/metrics`)).text()),
      cpuSeconds: cpuSecondsOf(program.processId),
      peakRssBytes: peakRssBytesOf(program.processId),
    }),
  };
}
