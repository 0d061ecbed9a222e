/** The cgroups of a node's pods: one of the test's own at the top of each hierarchy (cgroup v1). */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const hierarchies = '/sys/fs/cgroup';

/** Name of the cgroup below which all pods are. */
export const rootCgroup = 'deid-test-cluster';

/** Whether this machine has cgroup v1, with the controllers that a kubelet needs. */
export function hasCgroups(): boolean {
  return ['cpu', 'cpuset', 'memory', 'pids'].every((name) => existsSync(join(hierarchies, name, 'tasks')));
}

/** Whether a cluster, or what is left of one, has cgroups. */
export function hasRootCgroup(): boolean {
  return existsSync(join(hierarchies, 'memory', rootCgroup));
}

/** The hierarchies, each once: `cpu,cpuacct` and the links to it are one. */
async function hierarchyFolders(): Promise<readonly string[]> {
  const entries = await readdir(hierarchies, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'unified')
    .map(({ name }) => join(hierarchies, name));
}

export async function makeRootCgroups(): Promise<void> {
  for (const hierarchy of await hierarchyFolders()) {
    const group = join(hierarchy, rootCgroup);
    await mkdir(group, { recursive: true });
    // A cgroup of cpuset takes no process before it has processors and memory nodes.
    for (const name of ['cpuset.cpus', 'cpuset.mems']) {
      if (!existsSync(join(group, name))) continue;
      await writeFile(join(group, name), await readFile(join(hierarchy, name), 'utf8'));
    }
  }
}

/** A cgroup whose last process has just died refuses to go for a moment. */
async function removeGroup(group: string): Promise<void> {
  const entries = await readdir(group, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await removeGroup(join(group, entry.name));
  for (let trial = 0; ; trial += 1) {
    try {
      return await rmdir(group);
    } catch (error) {
      if (trial === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

export async function removeRootCgroups(): Promise<void> {
  for (const hierarchy of await hierarchyFolders()) {
    const group = join(hierarchy, rootCgroup);
    if (existsSync(group)) await removeGroup(group);
  }
}

async function groupOf(container: string, controller: string): Promise<string | undefined> {
  const top = join(hierarchies, controller, rootCgroup);
  const all = await readdir(top, { recursive: true, withFileTypes: true });
  const group = all.find((entry) => entry.isDirectory() && entry.name === container);
  return group === undefined ? undefined : join(group.parentPath, group.name);
}

/** The processes of a container, by their ids on the host. `container` is its id without `containerd://`. */
export async function processesOf(container: string): Promise<readonly number[]> {
  const group = await groupOf(container, 'pids');
  if (group === undefined) return [];
  const lines = await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '');
  return lines.split('\n').filter(Boolean).map(Number);
}

/** Leaves a container no more memory than it has just now, until the kernel kills it for want of more. */
export async function starveOfMemory(container: string): Promise<void> {
  const group = await groupOf(container, 'memory');
  if (group === undefined) throw new Error('the container has no cgroup');
  for (let trial = 0; trial < 1000 && (await processesOf(container)).length > 0; trial += 1) {
    const usage = await readFile(join(group, 'memory.usage_in_bytes'), 'utf8').catch(() => undefined);
    // The kernel refuses a limit that it cannot reach by giving up caches.
    if (usage !== undefined) {
      await writeFile(join(group, 'memory.limit_in_bytes'), usage.trim()).catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
