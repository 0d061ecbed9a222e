/** The SDK's client as this product uses it: one connection pool, no retries, log or checksums of its own. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { S3Location } from './s3-location.ts';
import { StorageError } from './storage-error.ts';

/** Connections of a process to one store: more than any number of lanes needs. */
const maxSockets = 64;
const connectionTimeoutMs = 5_000;
/** A connection on which nothing moves for so long counts as broken. */
const idleTimeoutMs = 30_000;

/** Opens a client. Credentials come from the SDK's default chain: environment, web identity, pod identity, profile. */
export function createS3Client(location: S3Location, idleMs = idleTimeoutMs): S3Client {
  const { region, endpoint, forcePathStyle } = location;
  const config: S3ClientConfig = {
    region: region ?? (() => surroundingRegion(endpoint)),
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle,
    // Retries, checksums and waiting for "100 Continue" are decided in this room.
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      socketTimeout: idleMs,
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
    },
    // The SDK would quote keys.
    logger: { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
  };
  const client = new S3Client(config);
  client.middlewareStack.add(signedByChecksum, { step: 'build', name: 'signedByChecksum', priority: 'low' });
  return client;
}

/** The region that the environment or the profile names; stores that are not AWS mostly have none. */
async function surroundingRegion(endpoint: string | undefined): Promise<string> {
  const client = new S3Client({});
  try {
    return await client.config.region();
  } catch {
    if (endpoint !== undefined) return 'us-east-1';
    throw new StorageError('Misconfigured', { systemCode: 'RegionMissing' });
  } finally {
    client.destroy();
  }
}

function ignore(): void {}

/** What the middleware below sees of a request. */
interface Build {
  readonly request: unknown;
}

/**
 * A body whose SHA-256 is sent as its checksum is signed by the same digest, which is not computed twice. Answers to
 * GET and HEAD carry the checksums that the store has; {@link verifyChecksum} compares them.
 */
function signedByChecksum<In extends Build, Out>(next: (args: In) => Promise<Out>) {
  return (args: In): Promise<Out> => {
    const { headers, method } = args.request as {
      readonly headers: Record<string, string>;
      readonly method: string;
    };
    const sha256 = headers['x-amz-checksum-sha256'];
    if (sha256 !== undefined && method === 'PUT') {
      headers['x-amz-content-sha256'] = Buffer.from(sha256, 'base64').toString('hex');
    }
    if (method === 'HEAD' || (method === 'GET' && headers.range === undefined)) {
      headers['x-amz-checksum-mode'] = 'ENABLED';
    }
    return next(args);
  };
}
