/** Nodes whose pods only pretend to run: kwok plays their part. */
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Counters } from '../../../crds/records/counters.ts';
import { objectsPerShard } from '../../../test/builders/simulated-work.ts';
import { type RunningProgram, startProgram, waitUntil } from '../../../test/cluster/child-processes.ts';
import type { ControlPlane } from '../../../test/cluster/control-plane.ts';
import type { Kubectl } from '../../../test/cluster/kubectl.ts';
import { buildTool, toolProgram } from '../../tools/build.ts';
import { podAddress } from './stages.ts';

const nodes = Array.from({ length: 10 }, (_, index) => `node-${index}`);

const startTimeoutMs = 60_000;

/** Starts kwok by its configuration; resolves when its nodes are ready. */
export async function startNodes(
  { folder, kubeConfigFile }: ControlPlane,
  kubectl: Kubectl,
  configuration: string,
): Promise<RunningProgram> {
  await buildTool('kwok');
  const file = join(folder, 'kwok.yaml');
  await writeFile(file, configuration);
  const kwok = startProgram(folder, 'kwok', [
    toolProgram('kwok', 'kwok'),
    ...['--kubeconfig', kubeConfigFile, '--config', file, '--manage-all-nodes', '--v', 'WARN'],
  ]);
  const labels = (name: string) => ({ 'kubernetes.io/hostname': name, 'kwok.x-k8s.io/node': 'fake' });
  await kubectl.apply(
    ...nodes.map((name) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: labels(name) } })),
  );
  const areReady = () =>
    kubectl('wait', '--for=condition=Ready', 'node', '--all', '--timeout=2s').then(
      () => true,
      () => false,
    );
  await waitUntil(kwok, areReady, startTimeoutMs);
  return kwok;
}

/** Counters of a pod that is half through its shard. */
const counters: Counters = {
  ...{ kind: 'Counters', version: 1, shards: 1, shardsDone: 0, objects: objectsPerShard },
  outcomes: { deidentified: objectsPerShard / 2, review: 0, rejected: 0, skipped: 0, failed: 0 },
  ...{ bytes: 1000, bytesIn: 500, bytesOut: 500 },
};

/** Serves counters for all pods; resolves to the port, and to what ends it. */
export async function serveCounters(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const body = JSON.stringify(counters);
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, podAddress, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: address.port, stop };
}
