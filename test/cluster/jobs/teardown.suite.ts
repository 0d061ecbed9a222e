/** What is left of a cluster: nothing, however its test ended. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { hasRootCgroup } from '../cgroups.ts';
import { clusterFolder, removeLeftovers } from '../cluster.ts';
import { hostAddress } from '../node-namespaces.ts';
import { stopTestCluster } from './support/test-cluster.ts';

/** Command lines of processes that have to do with the cluster's folder. */
async function processes(): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(clusterFolder));
}

async function assertNothingLeft(): Promise<void> {
  assert.deepEqual(await processes(), []);
  assert.ok(!existsSync(clusterFolder));
  assert.ok(!hasRootCgroup());
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) =>
    all.map(({ address }) => address),
  );
  assert.ok(!addresses.includes(hostAddress));
  assert.doesNotMatch(await readFile('/proc/self/mounts', 'utf8'), new RegExp(clusterFolder));
}

/** Waits until the program has printed that its cluster is there. */
async function untilReady(program: ChildProcess): Promise<void> {
  if (program.stdout === null) throw new Error('no output');
  for await (const line of createInterface(program.stdout)) if (line.startsWith('# Ctrl-C')) return;
  throw new Error('the cluster did not start');
}

export function teardownSuite(): void {
  test('a cluster that is stopped leaves nothing', async () => {
    await stopTestCluster();
    await assertNothingLeft();
  });

  test('a cluster whose owner is killed leaves no process, and the next one removes its folders', async () => {
    const program = spawn(process.execPath, [join(import.meta.dirname, '..', 'main.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await untilReady(program);
    assert.ok((await processes()).length > 0);
    program.kill('SIGKILL');
    await once(program, 'exit');
    for (let trial = 0; trial < 300 && (await processes()).length > 0; trial += 1) await pause(100);
    assert.deepEqual(await processes(), []);
    await removeLeftovers();
    await assertNothingLeft();
  });
}
