/** The section of the README about clusters, followed word for word by a shell in a copy of this checkout. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chown, cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { toolFolder } from '../../../scripts/tools/build.ts';
import { uninstallProduct } from './support/product.ts';
import { testCluster } from './support/test-cluster.ts';
import { persistentVolume, workerUser } from './support/workplace.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

/** The commands of a section, block by block, as they stand there. */
async function blocksOf(heading: string): Promise<readonly string[]> {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const [, section = ''] = readme.split(`\n## ${heading}\n`);
  const [text = ''] = section.split('\n## ');
  return [...text.matchAll(/^```\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** The checkout without what only lies about in it. */
async function copyOfCheckout(folder: string): Promise<string> {
  const leftOut = new Set(['node_modules', '.git', 'demo-output'].map((name) => join(repository, name)));
  await cp(repository, folder, { recursive: true, filter: (source) => !leftOut.has(source) });
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

export function readmeSuite(): void {
  test('what the README says of a cluster works as it stands', async () => {
    const { kubectl, scratch, kubeConfigFile } = testCluster();
    await uninstallProduct();
    for (const claim of ['archive', 'results']) {
      const path = join(scratch, 'readme', claim);
      await mkdir(path, { recursive: true });
      await chown(path, workerUser, workerUser);
      await kubectl.apply(persistentVolume('imaging', claim, path, 'ReadWriteOnce'));
    }
    const cwd = await copyOfCheckout(join(scratch, 'readme', 'checkout'));
    const folders = [toolFolder('kubernetes'), toolFolder('helm'), process.env.PATH];
    const env = { ...process.env, KUBECONFIG: kubeConfigFile, PATH: folders.join(delimiter) };
    const blocks = await blocksOf('In a cluster');
    assert.ok(blocks.length > 0);
    let said = '';
    for (const block of blocks) {
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', block], { cwd, env });
      said += stdout;
    }
    assert.match(said, /deidjob\.deid\.imaging\/first condition met/);
    assert.match(said, /deidentified +25/);
  });
}
