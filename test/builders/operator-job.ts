/** Builds DeidJobs as the API server has them, and settings of an operator. */
import { withDefaults } from '../../crds/schema/defaults.ts';
import { type DeidJobInput, deidJob } from '../../crds/v1alpha1/job.ts';
import type { ChildSettings } from '../../operator/settings.ts';

export const childSettings: ChildSettings = {
  image: 'registry.example/deid:1',
  imagePullPolicy: 'IfNotPresent',
  imagePullSecrets: [],
  workerServiceAccount: 'deid-worker',
  allowedServiceAccounts: undefined,
  allowedKeySecrets: undefined,
  childTtlSeconds: 3600,
  progressPort: 9464,
  workerEnvironment: {},
};

export const jobUid = '11111111-2222-3333-4444-555555555555';

const volume = (path: string) => ({ volume: { claimName: 'scans', path } });
const bucket = (prefix: string) => ({ s3: { bucket: 'images', prefix } });

export interface JobOptions {
  readonly name?: string;
  /** Areas in a bucket instead of a claim. */
  readonly s3?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec?: Partial<DeidJobInput['spec']> & Readonly<Record<string, unknown>>;
}

/** A job over four shards' worth of anything, by the built-in basic profile, with its defaults filled in. */
export function rawJob({ name = 'j', s3 = false, labels = {}, metadata = {}, spec = {} }: JobOptions = {}) {
  const place = s3 ? bucket : volume;
  const raw = {
    apiVersion: 'deid.imaging/v1alpha1',
    kind: 'DeidJob',
    metadata: {
      name,
      namespace: 'ns',
      uid: jobUid,
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels,
      ...metadata,
    },
    spec: {
      profileRef: { builtin: 'basic' },
      source: place('in'),
      destination: place('out'),
      quarantine: place('held'),
      workArea: place('work'),
      key: { secretRef: { name: 'key', key: 'current' } },
      ...spec,
    },
  };
  return withDefaults(deidJob.node, raw) as Readonly<Record<string, unknown>>;
}
