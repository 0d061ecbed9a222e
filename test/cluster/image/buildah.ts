/** Images built by buildah in a store of the tests' own, outside the checkout, whose layers later builds take again. */
import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where images and their layers are kept. */
export const imageCache: string = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'deid-operator',
  'images',
);

async function buildah(...args: string[]): Promise<string> {
  const store = ['--root', join(imageCache, 'store'), '--runroot', join(imageCache, 'run')];
  const all = [...store, '--storage-driver', 'overlay', ...args];
  const env = { ...process.env, BUILDAH_ISOLATION: 'chroot' };
  return (await run('buildah', all, { env, maxBuffer: 1 << 26 })).stdout;
}

export async function hasImage(name: string): Promise<boolean> {
  return buildah('inspect', '--type', 'image', name).then(
    () => true,
    () => false,
  );
}

/** Builds the Dockerfile of a folder, from images of the store alone. A layer whose inputs are the same is taken again. */
export async function buildImage(name: string, folder: string, ...options: string[]): Promise<void> {
  await buildah('bud', '--layers', '--pull-never', '--quiet', ...options, '--tag', name, folder);
}

export async function tagImage(name: string, alias: string): Promise<void> {
  await buildah('tag', name, alias);
}

/** Writes an image of the store as an OCI archive; the file appears whole or not at all. */
export async function writeArchive(name: string, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  await rm(partial, { force: true });
  await buildah('push', '--quiet', name, `oci-archive:${partial}:${name}`);
  await rename(partial, file);
}
