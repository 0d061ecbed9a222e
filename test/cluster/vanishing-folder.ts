/** A temporary folder that goes with the process that made it, even where that is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface VanishingFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Waits until the other end of its input is gone, leaves time to those who die with it, and removes the folder. */
const removal = 'cat; sleep 1; rm -rf "$0"';

export async function makeVanishingFolder(prefix: string): Promise<VanishingFolder> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  // In a session of its own: who kills the test's whole process group does not reach it.
  const remover = spawn('sh', ['-c', removal, path], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  remover.unref();
  if (remover.stdin instanceof Socket) remover.stdin.unref();
  await once(remover, 'spawn');
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      remover.kill();
    },
  };
}
