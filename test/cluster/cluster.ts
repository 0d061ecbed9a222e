/**
 * A real cluster of one node for tests: a control plane on the host, a node in namespaces of its own, and the project's
 * image. There is at most one on a machine; who comes later waits. What an earlier one left behind, however it
 * ended, is removed first. `docs/testing.md` says what it needs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { access, constants, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { firstUnbuilt } from '../../scripts/tools/build.ts';
import { hasCgroups, removeRootCgroups } from './cgroups.ts';
import { networkPlugins } from './container-runtime.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { pauseImage, workerImage } from './image/images.ts';
import { type Kubectl, kubectlOf } from './kubectl.ts';
import { type Node, startNode } from './node.ts';
import { hostAddress, initProgram, removeCable } from './node-namespaces.ts';

export interface Cluster {
  readonly plane: ControlPlane;
  readonly kubectl: Kubectl;
  /** Name of the project's image, which the node has. */
  readonly image: string;
  /** A folder of the host for what tests need, seen by the node under the same path; it goes with the cluster. */
  readonly scratch: string;
  stop(): Promise<void>;
}

/** All that a cluster writes lies below it. */
export const clusterFolder: string = join(tmpdir(), 'deid-test-cluster');

/** The tag under which the chart and the examples look for the image. */
const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
) as { readonly version: string };

const programs = [
  ...[
    'containerd',
    'ctr',
    'runc',
    'buildah',
    'debootstrap',
    'iptables',
    'conntrack',
    'ip',
    'nsenter',
    'unshare',
  ],
  ...['setpriv', 'openssl', 'npm'],
];

async function isOnPath(program: string): Promise<boolean> {
  for (const place of (process.env.PATH ?? '').split(delimiter)) {
    const found = await access(join(place, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}

/** What a cluster needs and this machine lacks, as one line; undefined where nothing is missing. */
export async function whatIsMissing(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it takes Linux and root';
  if (!hasCgroups()) return 'it takes cgroup v1';
  for (const program of programs) {
    if (!(await isOnPath(program))) return `${program} is not installed (docs/testing.md)`;
  }
  for (const file of [initProgram, join(networkPlugins, 'bridge')]) {
    if (!existsSync(file)) return `${file} is not installed (docs/testing.md)`;
  }
  const tool = firstUnbuilt(['etcd', 'kubernetes', 'helm', 'versitygw']);
  return tool === undefined ? undefined : `${tool} is not built: npm run tools -- ${tool}`;
}

/** Waits for the one cluster of the machine: a name that the kernel frees when its owner ends, however it ends. */
async function takeTurn(): Promise<Server> {
  for (let trial = 0; ; trial += 1) {
    const server = createServer();
    const taken = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen('\0deid-test-cluster', () => resolve(true));
    });
    if (taken) return server.unref();
    if (trial === 0) process.stderr.write('another cluster runs on this machine; waiting for its end\n');
    await pause(1000);
  }
}

/** Removes what is left of a cluster whose processes have ended. Only who has the turn may do so. */
export async function removeLeftovers(): Promise<void> {
  await removeCable();
  await removeRootCgroups();
  await rm(clusterFolder, { recursive: true, force: true });
}

export async function startCluster(): Promise<Cluster> {
  const turn = await takeTurn();
  const ends: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of ends) await end();
    await removeLeftovers();
    turn.close();
  };
  try {
    await removeLeftovers();
    return { ...(await start(ends)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(ends: (() => Promise<void>)[]): Promise<Omit<Cluster, 'stop'>> {
  const pauses = await pauseImage();
  const worker = await workerImage();
  const scratch = join(clusterFolder, 'scratch');
  await mkdir(scratch, { recursive: true });
  const node: Node = await startNode(join(clusterFolder, 'node'), pauses.name);
  ends.push(node.stop);
  const [plane] = await Promise.all([
    startControlPlane({
      controllers: true,
      address: hostAddress,
      folder: join(clusterFolder, 'control-plane'),
    }),
    node.runtime.importImage(pauses.archive),
    node.runtime.importImage(worker.archive),
  ]);
  ends.push(plane.stop);
  await node.runtime.tagImage(worker.name, `docker.io/library/deid-operator:${version}`);
  await node.join(plane);
  const kubectl = kubectlOf(plane.kubeConfigFile);
  await kubectl('wait', '--for=create', 'node/node1', '--timeout=300s');
  await kubectl('wait', '--for=condition=Ready', 'node/node1', '--timeout=300s');
  return { plane, kubectl, image: worker.name, scratch };
}
