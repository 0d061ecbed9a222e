/** Places in the server of a test: as the storage room knows them, as a job names them, and opened to look at. */
import { setTimeout as pause } from 'node:timers/promises';
import { openFileStorage } from '../../../worker/storage/file-storage.ts';
import { createS3Connections } from '../../../worker/storage/s3-connections.ts';
import type { S3Location } from '../../../worker/storage/s3-location.ts';
import { openS3Storage } from '../../../worker/storage/s3-storage.ts';
import type { Storage } from '../../../worker/storage/storage.ts';
import type { S3Server } from './s3-server.ts';

const region = 'us-east-1';

/** A part of a bucket; `prefix` is empty or ends in a slash. */
export function locationIn({ endpoint }: S3Server, bucket: string, prefix: string): S3Location {
  return { bucket, prefix, region, endpoint, forcePathStyle: true, requesterPays: false };
}

/** An area as a job names it. */
export function areaIn({ endpoint }: S3Server, bucket: string, prefix: string) {
  return { s3: { bucket, prefix, region, endpoint, forcePathStyle: true } };
}

const connect = createS3Connections({ random: Math.random, pause: async (ms) => pause(ms) });

/** A part of a bucket, opened. */
export function storageIn(server: S3Server, bucket: string, prefix: string): Storage {
  const location = locationIn(server, bucket, prefix);
  return openS3Storage({ ...connect(location), location, writer: 'reader' });
}

/** A folder, opened. */
export function storageOfFolder(path: string): Storage {
  return openFileStorage({ root: path });
}
