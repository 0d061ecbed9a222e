/** The store of the S3 scenario: a real server on loopback that holds the data, for as long as the scenario runs. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startS3Server } from '../../test/storage/support/s3-server.ts';

export const sourceBucket = 'source';
export const targetBucket = 'target';
/** Where the contenders find the endpoint. */
export const endpointVariable = 'DEID_BENCH_S3_ENDPOINT';

/** Starts the server and puts the files of a folder into its source bucket. Resolves to what stops it. */
export async function startStore(folder: string): Promise<() => Promise<void>> {
  const server = await startS3Server();
  for (const bucket of [sourceBucket, targetBucket]) server.makeBucket(bucket);
  const client = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', forcePathStyle: true });
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (statSync(join(folder, file)).isDirectory()) continue;
    await client.send(
      new PutObjectCommand({ Bucket: sourceBucket, Key: file, Body: readFileSync(join(folder, file)) }),
    );
  }
  client.destroy();
  process.env[endpointVariable] = server.endpoint;
  return server.stop;
}
