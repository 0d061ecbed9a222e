/**
 * The one cluster, and the one S3 server, that all tests of this folder share. While `npm run cluster` runs, tests take its cluster
 * instead of starting their own where `DEID_CLUSTER` names the file that it wrote.
 */
import { readFile } from 'node:fs/promises';
import { type S3Server, startS3Server } from '../../../storage/support/s3-server.ts';
import { type Cluster, startCluster } from '../../cluster.ts';
import { type Kubectl, kubectlOf } from '../../kubectl.ts';
import { hostAddress } from '../../node-namespaces.ts';

/** What of a cluster can be written down. */
export interface ClusterDescription {
  readonly kubeConfigFile: string;
  /** Name of the project's image, which the node has. */
  readonly image: string;
  /** A folder that the node sees under the same path. */
  readonly scratch: string;
  /** Address of an S3 server that tests and pods reach. */
  readonly s3Endpoint: string;
}

export interface TestCluster extends ClusterDescription {
  readonly kubectl: Kubectl;
  /** Undefined where the cluster is another process's, which alone can do things to it. */
  readonly own: Cluster | undefined;
}

let running: TestCluster | undefined;
let s3: S3Server | undefined;

/** Starts the cluster, without the product. */
export async function startTestCluster(): Promise<void> {
  const file = process.env.DEID_CLUSTER;
  if (file !== undefined) {
    const description = JSON.parse(await readFile(file, 'utf8')) as ClusterDescription;
    running = { ...description, kubectl: kubectlOf(description.kubeConfigFile), own: undefined };
    return;
  }
  const own = await startCluster();
  try {
    s3 = await startS3Server({ address: hostAddress, below: own.scratch });
    running = { ...describeCluster(own, s3), kubectl: own.kubectl, own };
  } catch (error) {
    await own.stop();
    throw error;
  }
}

export function describeCluster(cluster: Cluster, s3: S3Server): ClusterDescription {
  const { plane, image, scratch } = cluster;
  return { kubeConfigFile: plane.kubeConfigFile, image, scratch, s3Endpoint: s3.endpoint };
}

/** Ends what was started; again, it does nothing. */
export async function stopTestCluster(): Promise<void> {
  await s3?.stop();
  s3 = undefined;
  await running?.own?.stop();
  running = undefined;
}

export function testCluster(): TestCluster {
  if (running === undefined) throw new Error('the cluster is not started');
  return running;
}
