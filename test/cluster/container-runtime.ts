/** containerd with runc and a bridge for pods, inside a node. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningProgram, startProgram, waitUntil } from './child-processes.ts';
import type { NodeNamespaces } from './node-namespaces.ts';

export interface ContainerRuntime {
  readonly program: RunningProgram;
  /** Address of the CRI, as kubelet takes it. */
  readonly endpoint: string;
  /** Unpacks an OCI archive, so that pods can run it. */
  importImage(archive: string): Promise<void>;
  /** Gives an image of the node one more name. */
  tagImage(name: string, alias: string): Promise<void>;
}

/** Addresses of the pods of the one node; a part of the cluster's pod network. */
const podAddresses = '10.244.0.0/24';

/** Where Debian puts the CNI plugins. */
export const networkPlugins = '/usr/lib/cni';

const network = {
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: podAddresses }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

/** The machine may not be allowed to lower the OOM score of a process, which sandboxes ask for. */
const configuration = (folder: string, pauseImage: string) => `
version = 2
root = "${folder}/root"
[grpc]
  address = "${folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${networkPlugins}"
    conf_dir = "${folder}/network"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`;

export async function startContainerRuntime(
  folder: string,
  namespaces: NodeNamespaces,
  pauseImage: string,
): Promise<ContainerRuntime> {
  await mkdir(join(folder, 'network'), { recursive: true });
  await writeFile(join(folder, 'network', 'pods.conflist'), JSON.stringify(network));
  await writeFile(join(folder, 'config.toml'), configuration(folder, pauseImage));
  const command = ['containerd', '--config', join(folder, 'config.toml'), '--log-level', 'warn'];
  const program = startProgram(folder, 'containerd', namespaces.inside(command));
  const socket = join(folder, 'containerd.sock');
  const ctr = (...args: string[]) => namespaces.runInside(['ctr', '-a', socket, '-n', 'k8s.io', ...args]);
  const answers = () =>
    ctr('version').then(
      () => true,
      () => false,
    );
  await waitUntil(program, answers, 30_000);
  return {
    program,
    endpoint: `unix://${socket}`,
    importImage: async (archive) => {
      await ctr('images', 'import', archive);
    },
    tagImage: async (name, alias) => {
      await ctr('images', 'tag', name, alias);
    },
  };
}
