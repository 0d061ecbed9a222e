/**
 * A namespace for one test: restricted, with a key, claims over folders of this machine, and the service account of
 * workers. Tests put files into the folders and look at what came.
 */
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { DeidJobInput } from '../../../../crds/v1alpha1/job.ts';
import { smallImageMaker } from '../../../../scripts/bench/images.ts';
import { filesBelow } from '../../../acceptance/local-run.ts';
import { keyBytes } from '../../../run/support/run-fixture.ts';
import type { Manifest } from '../../kubectl.ts';
import { testCluster } from './test-cluster.ts';

/** The user of worker pods, to whom folders that they write to belong. */
export const workerUser = 65_532;

/** Claims of a workplace; a folder of the same name lies below {@link Workplace.folder}. */
const claims = ['archive', 'results'] as const;

export interface Workplace {
  readonly namespace: string;
  readonly folder: string;
  /** The base64 of the project key, as a Secret's `data` holds it. */
  readonly keyEntry: string;
  /** Writes a file below `archive`. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes CT images of 20 kB, of a few patients; a job of {@link job} makes a shard of each sixteen. */
  putImages(count: number): Promise<void>;
  /** The files below `archive`, as `put` wrote them. */
  files(): Promise<readonly { readonly path: string; readonly bytes: Uint8Array }[]>;
  /** A job from `archive` to folders `out`, `held` and `work` of `results`, whose pods ask for little. */
  job(name: string, change?: Partial<DeidJobInput['spec']>): DeidJobInput;
}

/** A volume over a folder of this machine, for one claim. */
export function persistentVolume(
  namespace: string,
  name: string,
  path: string,
  accessMode: string,
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${namespace}-${name}` },
    spec: {
      accessModes: [accessMode],
      storageClassName: '',
      capacity: { storage: '1Gi' },
      hostPath: { path, type: 'Directory' },
      claimRef: { namespace, name },
      persistentVolumeReclaimPolicy: 'Retain',
    },
  };
}

function persistentVolumeClaim(namespace: string, name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
    spec: {
      accessModes: ['ReadWriteMany'],
      storageClassName: '',
      resources: { requests: { storage: '1Gi' } },
      volumeName: `${namespace}-${name}`,
    },
  };
}

const keyEntry = keyBytes.toString('base64');

const requests = { cpu: '50m', memory: '128Mi' } as const;
const limits = { memory: '1Gi' } as const;

/** Pods that get so little of the processor that each of them can be met at work. */
export const slowPods = {
  worker: { resources: { requests, limits: { ...limits, cpu: '400m' } } },
  parallelism: 2,
} as const;

const ctImage = smallImageMaker(20);

function area(path: string) {
  return { volume: { claimName: 'results', path } };
}

export async function makeWorkplace(namespace: string): Promise<Workplace> {
  const { kubectl, scratch } = testCluster();
  const folder = join(scratch, namespace);
  for (const claim of claims) await mkdir(join(folder, claim), { recursive: true });
  await chown(join(folder, 'results'), workerUser, workerUser);
  await kubectl.apply(
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deid-worker', namespace } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'project', namespace },
      data: { key: keyEntry },
    },
    ...claims.map((name) => persistentVolume(namespace, name, join(folder, name), 'ReadWriteMany')),
    ...claims.map((name) => persistentVolumeClaim(namespace, name)),
  );
  const put: Workplace['put'] = async (path, bytes) => {
    const file = join(folder, 'archive', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  };
  return {
    namespace,
    folder,
    keyEntry,
    put,
    putImages: async (count) => {
      for (let index = 0; index < count; index += 1) {
        await put(`images/${String(index).padStart(4, '0')}.dcm`, ctImage(index));
      }
    },
    files: async () => {
      const archive = join(folder, 'archive');
      const all = await filesBelow(archive);
      return await Promise.all(
        all.map(async (file) => ({ path: relative(archive, file), bytes: await readFile(file) })),
      );
    },
    job: (name, change = {}) => ({
      apiVersion: 'deid.imaging/v1alpha1',
      kind: 'DeidJob',
      metadata: { name, namespace },
      spec: {
        profileRef: { builtin: 'research' },
        source: { volume: { claimName: 'archive' } },
        destination: area('out'),
        quarantine: area('held'),
        workArea: area('work'),
        key: { secretRef: { name: 'project', key: 'key' } },
        shards: { targetBytes: '1Mi' },
        worker: { resources: { requests, limits } },
        ...change,
      },
    }),
  };
}
