/**
 * The base of the project's image, `node:24-bookworm-slim`, made where no image registry is reached: a minimal Debian by
 * debootstrap, the Node of this checkout's packages, and npm.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildImage, hasImage, tagImage } from './buildah.ts';

const run = promisify(execFile);

/** The name by which the project's Dockerfile asks for its base. */
const askedFor = 'docker.io/library/node:24-bookworm-slim';

const debian = { suite: 'bookworm', mirror: 'http://deb.debian.org/debian' } as const;
const npmVersion = '11.21.2';

const dockerfile = `FROM scratch
COPY root /
CMD ["node"]
`;

const nodePackage = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'node');

/** Nothing that a program reads at run time lies in them. */
const leftOut = [
  ...['var/cache/apt/archives', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/locale', 'usr/share/man'],
] as const;

async function makeRoot(root: string): Promise<void> {
  await run('debootstrap', ['--variant=minbase', debian.suite, root, debian.mirror], { maxBuffer: 1 << 26 });
  for (const name of leftOut) await rm(join(root, name), { recursive: true, force: true });
  const local = join(root, 'usr', 'local');
  await mkdir(join(local, 'bin'), { recursive: true });
  await copyFile(join(nodePackage, 'bin', 'node'), join(local, 'bin', 'node'));
  await run('npm', ['install', '--global', '--prefix', local, `npm@${npmVersion}`]);
}

/** Makes the base where the store lacks it, and gives it the name that the Dockerfile asks for. */
export async function provideBaseImage(): Promise<void> {
  const { version } = JSON.parse(await readFile(join(nodePackage, 'package.json'), 'utf8'));
  const recipe = JSON.stringify({ debian, npmVersion, version, dockerfile, leftOut });
  const digest = createHash('sha256').update(recipe).digest('hex').slice(0, 16);
  const name = `localhost/deid-operator-base:${digest}`;
  if (!(await hasImage(name))) {
    const folder = await mkdtemp(join(tmpdir(), 'deid-base-image-'));
    try {
      await makeRoot(join(folder, 'root'));
      await writeFile(join(folder, 'Dockerfile'), dockerfile);
      await buildImage(name, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  await tagImage(name, askedFor);
}
