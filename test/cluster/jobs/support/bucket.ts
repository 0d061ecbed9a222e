/** Buckets of the tests' S3 server. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { s3Credentials } from '../../../storage/support/s3-server.ts';
import { testCluster } from './test-cluster.ts';

/** Region that requests are signed for. */
export const region = 'us-east-1';

export interface Bucket {
  readonly name: string;
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** `key digest` of each object below the prefix, keys relative to it, in order. */
  contents(prefix: string): Promise<readonly string[]>;
  /** Keys of uploads by parts that are under way or were left. */
  uploads(): Promise<readonly string[]>;
}

function client(): S3Client {
  return new S3Client({
    endpoint: testCluster().s3Endpoint,
    region,
    forcePathStyle: true,
    credentials: {
      accessKeyId: s3Credentials.AWS_ACCESS_KEY_ID,
      secretAccessKey: s3Credentials.AWS_SECRET_ACCESS_KEY,
    },
  });
}

/** Makes an empty bucket. */
export async function makeBucket(name: string): Promise<Bucket> {
  const s3 = client();
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  const digestOf = async (key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key: key }));
    return createHash('sha256')
      .update(await buffer(Body as Readable))
      .digest('hex');
  };
  return {
    name,
    put: async (key, bytes) => {
      await s3.send(new PutObjectCommand({ Bucket: name, Key: key, Body: bytes }));
    },
    contents: async (prefix) => {
      const lines: string[] = [];
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: name, Prefix: prefix })) {
        for (const { Key = '' } of page.Contents ?? []) {
          if (!Key.endsWith('/')) lines.push(`${Key.slice(prefix.length)} ${await digestOf(Key)}`);
        }
      }
      return lines.sort();
    },
    uploads: async () => {
      const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: name }));
      return Uploads.map(({ Key = '' }) => Key);
    },
  };
}

/** An area within a bucket, as a job names it. */
export function bucketArea(bucket: string, prefix: string) {
  return { s3: { bucket, prefix, region, endpoint: testCluster().s3Endpoint, forcePathStyle: true } };
}
