/** moto's S3 server on loopback. It checks little, but says of SSE-KMS what AWS says. `.ci/run` installs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { answering, freePort } from './s3-server.ts';

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const folder = join(cache, 'deid-operator', 'moto-5.2.1');

/** Why the tests cannot run here, as `skip` takes it; in CI they are not skipped. */
export const skipMoto =
  existsSync(join(folder, 'installed')) || process.env.CI === 'true'
    ? false
    : 'moto_server is not installed in its cache folder: see .ci/run';

export async function startMoto(): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const port = await freePort();
  const child: ChildProcess = spawn(
    join(folder, 'bin', 'moto_server'),
    ['-H', '127.0.0.1', '-p', String(port)],
    { stdio: 'ignore' },
  );
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  const endpoint = `http://127.0.0.1:${port}`;
  await answering(endpoint, child);
  return {
    endpoint,
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
