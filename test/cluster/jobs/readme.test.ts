/** The README's section on clusters, followed word for word on a cluster that has nothing yet. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { toolProgram } from '../../../scripts/tools/build.ts';
import { whatIsMissing } from '../cluster.ts';
import { startTestCluster, stopTestCluster, testCluster } from './support/test-cluster.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
const missing = await whatIsMissing();
const skip = missing !== undefined && process.env.CI !== 'true' ? missing : false;

/** The user of worker pods. */
const workerUser = 65_532;

/** The blocks of commands of a section, in order. */
async function commandBlocks(heading: string): Promise<readonly string[]> {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  assert.ok(section !== undefined, `the README has no section ${heading}`);
  return [...section.matchAll(/^```\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** What the README tells those who have the image under another name. */
function withImage(block: string): string {
  const { image } = testCluster();
  const [repositoryOfImage = '', tag = ''] = image.split(':');
  return block
    .replace(/^helm install .*$/m, `$& --set image.repository=${repositoryOfImage} --set image.tag=${tag}`)
    .replace(
      /^kubectl apply -f (\S+\/files\.yaml)$/m,
      `sed 's#deid-operator:0.1.0#${image}#' $1 | kubectl apply -f -`,
    );
}

/** A volume of this machine for a claim that is to come; the cluster of the test makes none by itself. */
async function provideVolume(claim: string): Promise<void> {
  const { kubectl, scratch } = testCluster();
  const path = join(scratch, `readme-${claim}`);
  await mkdir(path);
  await chown(path, workerUser, workerUser);
  await kubectl.apply({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `readme-${claim}` },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      hostPath: { path, type: 'Directory' },
      claimRef: { namespace: 'imaging', name: claim },
    },
  });
}

/** A checkout in which commands may leave files: everything in it is a link. */
async function linkedCheckout(): Promise<string> {
  const folder = join(testCluster().scratch, 'checkout');
  await mkdir(folder);
  for (const name of await readdir(repository)) await symlink(join(repository, name), join(folder, name));
  await rm(join(folder, 'demo-output'), { force: true });
  await symlink(join(repository, 'demo-output'), join(folder, 'demo-output'));
  return folder;
}

describe('the README on clusters', { skip }, () => {
  let checkout: string;

  before(async () => {
    await startTestCluster();
    for (const claim of ['archive', 'results']) await provideVolume(claim);
    checkout = await linkedCheckout();
  });
  after(stopTestCluster);

  async function follow(block: string): Promise<string> {
    const tools = [toolProgram('kubernetes', 'kubectl'), toolProgram('helm', 'helm')].map(dirname);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', withImage(block)], {
      cwd: checkout,
      env: {
        ...process.env,
        KUBECONFIG: testCluster().kubeConfigFile,
        PATH: [...tools, process.env.PATH].join(delimiter),
      },
      maxBuffer: 1 << 26,
    });
    return stdout;
  }

  test('leads from an empty cluster to a job that is complete', async () => {
    const blocks = await commandBlocks('In a cluster');
    const printed: string[] = [];
    for (const block of blocks) printed.push(await follow(block));
    const [, , run = '', look = ''] = printed;
    assert.match(run, /deidjob\.deid\.imaging\/first condition met/);
    assert.match(run, /^first +True +Complete/m);
    assert.match(look, /deidentified +\d+/);
  });
});
