/** The examples that people copy: judged by the product's own validators and taken by a real API server. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { validateJob } from '../../crds/validate.ts';
import { type ChildJobInput, finishJob, planJob, processJob } from '../../operator/build/child-jobs.ts';
import { queueLabels } from '../../operator/build/queue.ts';
import { skipWithout } from '../../scripts/tools/build.ts';
import { childSettings } from '../builders/operator-job.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { kubectl, refusal } from './kubectl.ts';
import { asList, at, find, type Manifest, manifestsOf, restrictedNamespace } from './manifests.ts';
import { standIns } from './stand-ins.ts';

const root = join(import.meta.dirname, '..', '..');
const skip = skipWithout(['etcd', 'kubernetes']);
let plane: ControlPlane;

/** Settings of another product, which are no manifests. */
const noManifests = ['examples/argocd/argocd-cm.yaml'];
const files = globSync('examples/**/*.yaml', { cwd: root })
  .filter((file) => !file.includes('resource_customizations') && !noManifests.includes(file))
  .sort();
const manifests = new Map(files.map((file) => [file, manifestsOf(readFileSync(join(root, file), 'utf8'))]));
const isOurs = ({ apiVersion }: Manifest) => apiVersion.startsWith('deid.imaging/');
const ours = files.filter((file) => manifests.get(file)?.some(isOurs));
const jobs = [...manifests.values()].flat().filter(({ kind }) => kind === 'DeidJob');

before(async () => {
  if (skip !== false) return;
  plane = await startControlPlane();
  await kubectl(plane, ['apply', '--server-side', '-f', join(root, 'charts', 'crds.yaml')]);
  const namespaces = ['imaging', 'argocd'].map(restrictedNamespace);
  await kubectl(plane, ['apply', '-f', '-'], asList([...namespaces, ...standIns]));
  await kubectl(plane, ['create', 'serviceaccount', 'default', '-n', 'imaging']);
  await kubectl(plane, ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
});
after(async () => {
  if (skip === false) await plane.stop();
});

describe('the examples', () => {
  it('are there', () => assert.ok(jobs.length >= 7));

  for (const file of ours) {
    it(`${file} is valid`, async () => {
      await promisify(execFile)(process.execPath, ['worker/cli/main.ts', 'validate', file], { cwd: root });
    });
  }

  for (const file of files) {
    it(`${file} is taken by the API server, no field unknown`, { skip }, async () => {
      const dryRun = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', file];
      await kubectl(plane, dryRun);
    });
  }

  it('name profiles and claims that stand beside them', () => {
    for (const [file, documents] of manifests) {
      const beside = [...manifests]
        .filter(
          ([other]) => other.split('/').slice(0, -1).join('/') === file.split('/').slice(0, -1).join('/'),
        )
        .flatMap(([, found]) => found);
      for (const job of documents.filter(({ kind }) => kind === 'DeidJob')) {
        const profile = at(job, 'spec.profileRef.name');
        if (profile !== undefined) find(beside, 'DeidProfile', String(profile));
        for (const area of ['source', 'destination', 'quarantine', 'workArea']) {
          const claim = at(job, `spec.${area}.volume.claimName`);
          if (claim !== undefined) find(beside, 'PersistentVolumeClaim', String(claim));
        }
      }
    }
  });
});

describe('the child Jobs of the examples', { skip }, () => {
  for (const job of jobs) {
    it(`of ${job.metadata.name} are taken, and their pods by a namespace that enforces the restricted standard`, async () => {
      const checked = validateJob(job);
      assert.ok(checked.ok);
      const input: ChildJobInput = {
        owner: { name: job.metadata.name, namespace: 'imaging', uid: '0-0-0-0' },
        spec: checked.document.spec,
        settings: childSettings,
        attempt: 0,
        queue: queueLabels(job.metadata.labels ?? {}),
      };
      const children = [
        planJob(input),
        processJob(input, { count: 3 }),
        finishJob(input),
      ] as unknown as Manifest[];
      const create = ['create', '--dry-run=server', '--validate=strict', '-f', '-'];
      await kubectl(plane, create, asList(children));
      const account = at(children[0] as Manifest, 'spec.template.spec.serviceAccountName');
      await refusal(plane, ['create', 'serviceaccount', String(account), '-n', 'imaging']);
      const pods = children.map((child) => ({
        ...(at(child, 'spec.template') as object),
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          ...(at(child, 'spec.template.metadata') as object),
          name: child.metadata.name,
          namespace: 'imaging',
        },
      }));
      await kubectl(plane, create, asList(pods));
    });
  }
});

describe('the nightly job', { skip }, () => {
  let folder: string;
  const documents = manifests.get('examples/nightly/nightly.yaml') ?? [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nightly-'));
    await kubectl(plane, ['apply', '-f', join(root, 'examples/nightly/nightly.yaml')]);
    const token = await kubectl(plane, ['create', 'token', 'nightly', '-n', 'imaging']);
    const data = at(find(documents, 'ConfigMap'), 'data') as Readonly<Record<string, string>>;
    const given = {
      ...data,
      token: token.trim(),
      namespace: 'imaging',
      'ca.crt': plane.certificateAuthority,
    };
    for (const [name, text] of Object.entries(given)) await writeFile(join(folder, name), text);
  });
  after(() => rm(folder, { recursive: true }));

  /** Runs the script as the CronJob's pod does. */
  const night = () =>
    promisify(execFile)(process.execPath, [join(folder, 'create.mjs')], {
      env: { ACCOUNT: folder, SERVER: plane.server, NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt') },
    });

  it('is made by the CronJob, once a night however often it is tried', async () => {
    const { stdout } = await night();
    const name = /^(nightly-\d{4}-\d\d-\d\d): 201\n$/.exec(stdout)?.[1];
    assert.ok(name !== undefined, stdout);
    const job: unknown = JSON.parse(
      await kubectl(plane, ['get', 'deidjob', name, '-n', 'imaging', '-o', 'json']),
    );
    assert.ok(validateJob(job).ok);
    assert.match((await night()).stdout, /: 409\n$/);
  });

  it('is all that its service account can make or see', async () => {
    const allowed = await kubectl(plane, [
      ...['auth', 'can-i', '--list', '-n', 'imaging', '--no-headers'],
      ...['--as', 'system:serviceaccount:imaging:nightly'],
    ]);
    const ofNamespace = allowed
      .split('\n')
      .filter((line) => /^\S+\.\S+|^(secrets|pods|configmaps)/.test(line));
    const others = ofNamespace.filter(
      (line) => !/^self\S+\.(authorization|authentication)\.k8s\.io/.test(line),
    );
    assert.deepEqual(
      others.map((line) => line.trim().split(/\s+/)),
      [['deidjobs.deid.imaging', '[]', '[]', '[create]']],
    );
  });
});

it('the policy for IAM allows exactly what the README lists', () => {
  const text = readFileSync(join(root, 'examples/s3-kms/iam-policy.json'), 'utf8');
  const policy: { readonly Statement: readonly { readonly Action: readonly string[] }[] } = JSON.parse(text);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const listed = [...readme.matchAll(/`((s3|kms):[A-Za-z]+)`/g)].map(([, action]) => action);
  const allowed = policy.Statement.flatMap(({ Action }) => Action);
  assert.deepEqual([...new Set(allowed)].sort(), [...new Set(listed)].sort());
});
