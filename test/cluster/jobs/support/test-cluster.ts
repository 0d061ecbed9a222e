/** The one cluster, and the one S3 server, that all tests of this folder share. */
import { type S3Server, startS3Server } from '../../../storage/support/s3-server.ts';
import { type Cluster, startCluster } from '../../cluster.ts';
import { hostAddress } from '../../node-namespaces.ts';

export interface TestCluster extends Cluster {
  /** Reached by tests and pods alike. */
  readonly s3: S3Server;
}

let running: TestCluster | undefined;

export async function startTestCluster(): Promise<void> {
  const cluster = await startCluster();
  try {
    running = { ...cluster, s3: await startS3Server({ address: hostAddress }) };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

export async function stopTestCluster(): Promise<void> {
  await running?.s3.stop();
  await running?.stop();
  running = undefined;
}

export function testCluster(): TestCluster {
  if (running === undefined) throw new Error('the cluster is not started');
  return running;
}
