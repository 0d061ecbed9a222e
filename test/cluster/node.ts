/** The one node of a cluster: kubelet and kube-proxy over containerd, in namespaces of their own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolProgram } from '../../scripts/tools/build.ts';
import { makeRootCgroups, removeRootCgroups, rootCgroup } from './cgroups.ts';
import { startProgram } from './child-processes.ts';
import { type ContainerRuntime, startContainerRuntime } from './container-runtime.ts';
import { type ControlPlane, podNetwork } from './control-plane.ts';
import { makeNodeNamespaces, type NodeNamespaces, nodeAddress } from './node-namespaces.ts';

export interface Node {
  readonly runtime: ContainerRuntime;
  /** Lets the node join a cluster; resolves before it is ready for pods. */
  join(plane: ControlPlane): Promise<void>;
  /** Ends all pods and programs of the node at once. */
  stop(): Promise<void>;
}

const nodeName = 'node1';

const kubeletConfiguration = (folder: string, plane: string, endpoint: string) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  containerRuntimeEndpoint: endpoint,
  cgroupDriver: 'cgroupfs',
  cgroupRoot: `/${rootCgroup}`,
  failCgroupV1: false,
  failSwapOn: false,
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: join(plane, 'ca.crt') },
  },
  authorization: { mode: 'Webhook' },
  // No name server runs; and a full disk of the machine is no reason to evict.
  resolvConf: '/dev/null',
  evictionHard: { 'nodefs.available': '0%', 'imagefs.available': '0%', 'nodefs.inodesFree': '0%' },
  imageGCHighThresholdPercent: 100,
  imageGCLowThresholdPercent: 99,
  podLogsDir: join(folder, 'pod-logs'),
  syncFrequency: '10s',
  nodeStatusUpdateFrequency: '2s',
  enableControllerAttachDetach: true,
});

const proxyConfiguration = (kubeConfigFile: string) => ({
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  clientConnection: { kubeconfig: kubeConfigFile },
  mode: 'iptables',
  clusterCIDR: podNetwork,
  hostnameOverride: nodeName,
  healthzBindAddress: '127.0.0.1:10256',
  metricsBindAddress: '127.0.0.1:10249',
  // The machine may not let its connection tracking be set.
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
});

async function joinCluster(
  folder: string,
  namespaces: NodeNamespaces,
  plane: ControlPlane,
  endpoint: string,
): Promise<void> {
  const kubelet = kubeletConfiguration(folder, plane.folder, endpoint);
  await writeFile(join(folder, 'kubelet.json'), JSON.stringify(kubelet));
  const proxy = proxyConfiguration(await plane.kubeConfigFileOf('system:kube-proxy'));
  await writeFile(join(folder, 'kube-proxy.json'), JSON.stringify(proxy));
  const kubeletCommand = [
    toolProgram('kubernetes', 'kubelet'),
    ...['--config', join(folder, 'kubelet.json'), '--root-dir', join(folder, 'kubelet')],
    ...['--kubeconfig', await plane.kubeConfigFileOf(`system:node:${nodeName}`)],
    ...['--hostname-override', nodeName, '--node-ip', nodeAddress],
  ];
  startProgram(folder, 'kubelet', namespaces.inside(kubeletCommand));
  const proxyCommand = [
    ...[toolProgram('kubernetes', 'kube-proxy'), '--config', join(folder, 'kube-proxy.json')],
  ];
  startProgram(folder, 'kube-proxy', namespaces.inside(proxyCommand));
}

export async function startNode(folder: string, pauseImage: string): Promise<Node> {
  await mkdir(folder, { recursive: true });
  await makeRootCgroups();
  const namespaces = await makeNodeNamespaces(folder);
  const stop = async () => {
    await namespaces.stop();
    await removeRootCgroups();
  };
  try {
    const runtime = await startContainerRuntime(join(folder, 'containerd'), namespaces, pauseImage);
    return {
      runtime,
      join: (plane) => joinCluster(folder, namespaces, plane, runtime.endpoint),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
