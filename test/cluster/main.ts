/** `npm run cluster`: starts the cluster of the tests for a person to work with, until Ctrl-C. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolFolder } from '../../scripts/tools/build.ts';
import { startS3Server } from '../storage/support/s3-server.ts';
import { startCluster, whatIsMissing } from './cluster.ts';
import { describeCluster } from './jobs/support/test-cluster.ts';
import { hostAddress } from './node-namespaces.ts';

const missing = await whatIsMissing();
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
const cluster = await startCluster();
const s3 = await startS3Server({ address: hostAddress, below: cluster.scratch });
const description = join(cluster.scratch, 'cluster.json');
await writeFile(description, JSON.stringify(describeCluster(cluster, s3)));
console.log(`export KUBECONFIG=${cluster.plane.kubeConfigFile}
export PATH=${toolFolder('kubernetes')}:${toolFolder('helm')}:$PATH
export DEID_CLUSTER=${description}
# image  ${cluster.image}
# S3     ${s3.endpoint}
# files  ${cluster.scratch}, the same folder on the node
# Ctrl-C ends it`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await s3.stop();
await cluster.stop();
process.exit(0);
