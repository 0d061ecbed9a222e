/** A real S3 server over a folder of its own, for the tests of one file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { skipWithout, toolProgram } from '../../../scripts/tools/build.ts';

export interface S3Server {
  readonly endpoint: string;
  /** Makes an empty bucket. */
  makeBucket(name: string): void;
  stop(): Promise<void>;
}

/** Credentials of the server's owner, as the SDK's default chain finds them in an environment. */
export const s3Credentials = {
  AWS_ACCESS_KEY_ID: 'test-access',
  AWS_SECRET_ACCESS_KEY: 'test-secret',
} as const;

/** Why the tests cannot run here, as `skip` takes it. */
export const skipS3 = skipWithout(['versitygw']);

/** A port on loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/**
 * Starts the server and lets the SDK's default chain find its credentials in the environment of this process.
 * `address` is one of this machine's; by default only the machine itself reaches the server. With `versions` its buckets
 * can keep versions; each is told to by `PutBucketVersioning`. Its folder is made below `below`. The kernel kills it when this process dies.
 */
export async function startS3Server({
  address = '127.0.0.1',
  versions = false,
  below = tmpdir(),
} = {}): Promise<S3Server> {
  const root = mkdtempSync(join(below, 'deid-s3-'));
  const [objects, versionsFolder] = [join(root, 'objects'), join(root, 'versions')];
  for (const folder of [objects, versionsFolder]) mkdirSync(folder);
  const port = await freePort();
  const child = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', toolProgram('versitygw', 'versitygw')],
      // Stores keep connections open; this one does where it is told to.
      ...['--port', `${address}:${port}`, '--quiet', '--keep-alive', 'posix'],
      ...(versions ? ['--versioning-dir', versionsFolder] : []),
      objects,
    ],
    {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        ROOT_ACCESS_KEY: s3Credentials.AWS_ACCESS_KEY_ID,
        ROOT_SECRET_KEY: s3Credentials.AWS_SECRET_ACCESS_KEY,
      },
    },
  );
  Object.assign(process.env, s3Credentials);
  const endpoint = `http://${address}:${port}`;
  await answering(endpoint, child);
  return {
    endpoint,
    makeBucket: (name) => mkdirSync(join(objects, name)),
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Resolves once the server answers; throws where it has ended, or after some time. */
export async function answering(endpoint: string, child: ChildProcess): Promise<void> {
  for (let trial = 0; trial < 200; trial += 1) {
    if (child.exitCode !== null) throw new Error('the S3 server has ended');
    try {
      await (await fetch(endpoint)).arrayBuffer();
      return;
    } catch {
      await pause(100);
    }
  }
  throw new Error('the S3 server does not answer');
}
