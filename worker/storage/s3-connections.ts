/** Connections of a process to S3 stores: areas of one store share a client, its sockets and its budget of retries. */
import type { S3Client } from '@aws-sdk/client-s3';
import { createS3Client } from './s3-client.ts';
import type { S3Location } from './s3-location.ts';
import { createRetry, type Retry, type RetrySurroundings } from './s3-retry.ts';

export interface S3Connection {
  readonly client: S3Client;
  readonly retry: Retry;
}

/** Gives the connection to the store of a location; one is made at the first use and lives as long as the process. */
export function createS3Connections(surroundings: RetrySurroundings): (location: S3Location) => S3Connection {
  const connections = new Map<string, S3Connection>();
  return (location) => {
    const { region, endpoint, forcePathStyle } = location;
    const store = JSON.stringify([region, endpoint, forcePathStyle]);
    const known = connections.get(store);
    if (known !== undefined) return known;
    const made = { client: createS3Client(location), retry: createRetry(surroundings) };
    connections.set(store, made);
    return made;
  };
}
