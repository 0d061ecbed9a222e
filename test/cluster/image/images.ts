/** The images that pods of the tests run, as OCI archives. One that was built before is not built again. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initProgram } from '../node-namespaces.ts';
import { provideBaseImage } from './base-image.ts';
import { buildImage, imageCache, writeArchive } from './buildah.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

export interface Image {
  readonly name: string;
  readonly archive: string;
}

/** What the Dockerfile copies, as far as the build reads it. */
const inputs = [
  ...['Dockerfile', '.dockerignore', '.npmrc', 'package.json', 'package-lock.json', 'LICENSE', 'NOTICE'],
  ...['crds/**/*', 'operator/**/*', 'worker/**/*'],
];

async function digestOfInputs(): Promise<string> {
  const files: string[] = [];
  for await (const entry of glob(inputs, { cwd: repository, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  const digest = createHash('sha256');
  for (const file of files.sort()) {
    const content = createHash('sha256').update(await readFile(file));
    digest.update(`${file.slice(repository.length)} ${content.digest('hex')}\n`);
  }
  return digest.digest('hex').slice(0, 16);
}

/** Where a proxy re-signs what registries send, the build trusts what this process trusts. */
function trustOptions(): readonly string[] {
  const bundle = process.env.NODE_EXTRA_CA_CERTS;
  if (bundle === undefined) return [];
  return ['--volume', `${bundle}:/ca.pem:ro`, '--build-arg', 'NODE_EXTRA_CA_CERTS=/ca.pem'];
}

/** The image of the project's own Dockerfile. */
export async function workerImage(): Promise<Image> {
  const name = `localhost/deid-operator:${await digestOfInputs()}`;
  const archive = join(imageCache, `${name.replace(/.*\//, '').replace(':', '-')}.tar`);
  if (!existsSync(archive)) {
    await provideBaseImage();
    await buildImage(name, repository, '--network', 'host', ...trustOptions());
    for await (const old of glob('deid-operator-*.tar', { cwd: imageCache })) {
      await rm(join(imageCache, old));
    }
    await writeArchive(name, archive);
  }
  return { name, archive };
}

/** The image of the process that holds a pod's namespaces. */
export async function pauseImage(): Promise<Image> {
  const name = 'localhost/pause:1';
  const archive = join(imageCache, 'pause-1.tar');
  if (!existsSync(archive)) {
    const folder = await mkdtemp(join(tmpdir(), 'deid-pause-image-'));
    try {
      await copyFile(initProgram, join(folder, 'pause'));
      await writeFile(
        join(folder, 'Dockerfile'),
        'FROM scratch\nCOPY pause /pause\nENTRYPOINT ["/pause", "-P"]\n',
      );
      await buildImage(name, folder);
      await writeArchive(name, archive);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { name, archive };
}
