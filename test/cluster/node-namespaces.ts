/**
 * The Linux namespaces that a node lives in: processes, mounts and network of its own. Their first process dies with the
 * test, however that ends, and the kernel then removes all that is in them: pods, mounts, devices.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type RunningProgram, startProgram, waitUntil } from './child-processes.ts';

const run = promisify(execFile);

/** The two ends of the one cable of the node. Servers of a test listen on the host's end, where pods reach them. */
export const hostAddress = '10.77.0.1';
export const nodeAddress = '10.77.0.2';
const prefixLength = 24;
const device = 'deid-test-node';

/** An init that reaps orphans and sleeps; statically linked, so that it is the pause image as well. */
export const initProgram = '/usr/bin/catatonit';

/** Folders into which programs of a node write whatever they are told; the node has empty ones of its own. */
const ownFolders = ['/run', '/var/log', '/var/lib/cni'] as const;

export interface NodeNamespaces {
  /** The command line that runs a command inside. */
  inside(command: readonly string[]): readonly string[];
  /** Runs a command inside to its end, and returns what it printed. */
  runInside(command: readonly string[]): Promise<string>;
  /** Kills everything inside; resolves when nothing is left of it. */
  stop(): Promise<void>;
}

async function onlyChildOf(processId: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${processId}/task/${processId}/children`, 'utf8');
  const first = Number(children.trim());
  return first > 0 ? first : undefined;
}

async function ip(...args: string[]): Promise<void> {
  await run('ip', args);
}

export async function makeNodeNamespaces(folder: string): Promise<NodeNamespaces> {
  const program = startProgram(folder, 'init', [
    ...['unshare', '--pid', '--mount', '--net', '--propagation', 'private', '--mount-proc'],
    ...['--fork', '--kill-child', initProgram, '-P'],
  ]);
  let init = 0;
  const isUp = async () => {
    init = (await onlyChildOf(program.processId)) ?? 0;
    return init > 0 && (await readFile(`/proc/${init}/comm`, 'utf8')).startsWith('catatonit');
  };
  await waitUntil(program, isUp, 10_000);
  const inside = (command: readonly string[]) => [
    ...['nsenter', '--target', String(init), '--pid', '--mount', '--net', '--', ...command],
  ];
  const runInside = async (command: readonly string[]) => {
    const [name = '', ...args] = inside(command);
    return (await run(name, args, { maxBuffer: 1 << 26 })).stdout;
  };
  const stop = () => stopAll(program, init);
  try {
    await connect(init);
    for (const own of ownFolders) await mkdir(own, { recursive: true });
    for (const own of ownFolders) await runInside(['mount', '-t', 'tmpfs', 'tmpfs', own]);
    await runInside(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
  } catch (error) {
    await stop();
    throw error;
  }
  return { inside, runInside, stop };
}

/** Lays the cable, and gives the node a loopback and a way out to the host's end and no further. */
async function connect(init: number): Promise<void> {
  await ip('link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(init));
  await ip('address', 'add', `${hostAddress}/${prefixLength}`, 'dev', device);
  await ip('link', 'set', device, 'up');
  const insideNet = (...args: string[]) =>
    run('nsenter', ['--target', String(init), '--net', '--', 'ip', ...args]);
  await insideNet('link', 'set', 'lo', 'up');
  await insideNet('address', 'add', `${nodeAddress}/${prefixLength}`, 'dev', 'eth0');
  await insideNet('link', 'set', 'eth0', 'up');
  await insideNet('route', 'add', 'default', 'via', hostAddress);
}

async function stopAll(program: RunningProgram, init: number): Promise<void> {
  program.signal('SIGKILL');
  await program.stop();
  while (existsSync(`/proc/${init}`)) await new Promise((resolve) => setTimeout(resolve, 20));
  await removeCable();
  // It was made as a place to mount on; where the machine has a use for it, it is not empty and stays.
  await rmdir('/var/lib/cni').catch(() => undefined);
}

/** Removes the host's end of the cable, which the kernel otherwise removes in its own time. */
export async function removeCable(): Promise<void> {
  await ip('link', 'delete', device).catch(() => undefined);
}
