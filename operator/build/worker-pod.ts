/**
 * The pod template of worker pods: the restricted Pod Security Standard, no API token, a read-only root, scratch in
 * memory. What the job's author may add is a fixed list (`crds/v1alpha1/worker-pods.ts`).
 */
import type { DeidJobSpec } from '../../crds/v1alpha1/job.ts';
import type { ChildSettings } from '../settings.ts';
import { type Claim, claimsOf, mountPath } from './claims.ts';
import { childLabels, cleanupSpecName, jobLabel, type Owner, runSpecName, type Step } from './names.ts';
import { runSpecEntry } from './run-spec-config-map.ts';
import { traceParent } from './trace-parent.ts';
import { mountPaths, progressPortName, workerContainer } from './worker-container.ts';

type Manifest = Readonly<Record<string, unknown>>;

export interface WorkerPod {
  readonly owner: Owner;
  readonly spec: DeidJobSpec;
  readonly settings: ChildSettings;
  readonly step: Step;
  readonly attempt: number;
  /** Arguments of the command of this step, behind those that every step has. */
  readonly args: readonly string[];
}

/** The image's own user. */
const userId = 65_532;

/** Name of the file that the project key becomes. */
const keyFile = 'project.key';

/** Steps that need the project key; nothing that it is not needed for can read it. */
const needsKey: Readonly<Record<Step, boolean>> = { plan: true, process: true, finish: true, cleanup: false };

function keySecretOf({ spec, step }: WorkerPod) {
  return needsKey[step] ? spec.key.secretRef : undefined;
}

function volumes(pod: WorkerPod, claims: readonly Claim[]): readonly Manifest[] {
  const { owner, spec, step } = pod;
  const secretRef = keySecretOf(pod);
  return [
    {
      name: 'run-spec',
      configMap: { name: step === 'cleanup' ? cleanupSpecName(owner) : runSpecName(owner) },
    },
    ...(secretRef === undefined
      ? []
      : [
          {
            name: 'key',
            // The container's user is not the owner of the file, and no other container can see it.
            secret: {
              secretName: secretRef.name,
              defaultMode: 0o444,
              items: [{ key: secretRef.key, path: keyFile }],
            },
          },
        ]),
    { name: 'scratch', emptyDir: { medium: 'Memory', sizeLimit: spec.worker.scratch } },
    ...claims.map(({ name, readOnly }, index) => ({
      name: `claim-${index}`,
      persistentVolumeClaim: { claimName: name, ...(readOnly ? { readOnly } : {}) },
    })),
  ];
}

function volumeMounts(pod: WorkerPod, claims: readonly Claim[]): readonly Manifest[] {
  return [
    { name: 'run-spec', mountPath: mountPaths.runSpec, readOnly: true },
    ...(keySecretOf(pod) === undefined ? [] : [{ name: 'key', mountPath: mountPaths.key, readOnly: true }]),
    { name: 'scratch', mountPath: mountPaths.scratch },
    ...claims.map(({ name, readOnly }, index) => ({
      name: `claim-${index}`,
      mountPath: mountPath(name),
      ...(readOnly ? { readOnly } : {}),
    })),
  ];
}

function commandLine(pod: WorkerPod, claims: readonly Claim[]): readonly string[] {
  return [
    pod.step,
    `--run-spec=${mountPaths.runSpec}/${runSpecEntry}`,
    ...claims.map(({ name }) => `--volume=${name}=${mountPath(name)}`),
    ...(needsKey[pod.step] ? [`--key-file=${mountPaths.key}/${keyFile}`] : []),
    '--termination-message=/dev/termination-log',
    '--log-level=info',
    ...pod.args,
  ];
}

/** What the operator is set up to give, and the trace of the job, which its pods' spans join. */
function environment({ owner, settings }: WorkerPod): readonly Manifest[] {
  const variables = { ...settings.workerEnvironment, TRACEPARENT: traceParent(owner.uid) };
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}

function container(pod: WorkerPod, claims: readonly Claim[]): Manifest {
  const { settings, spec, step } = pod;
  return {
    name: workerContainer,
    image: settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    args: commandLine(pod, claims),
    env: environment(pod),
    resources: spec.worker.resources,
    ...(step === 'process'
      ? { ports: [{ name: progressPortName, containerPort: settings.progressPort, protocol: 'TCP' }] }
      : {}),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: volumeMounts(pod, claims),
  };
}

/** Marks that keep consolidation away from a pod. */
const avoidDisruption = {
  'karpenter.sh/do-not-disrupt': 'true',
  'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
} as const;

function spreadConstraints({ owner, spec }: WorkerPod): readonly Manifest[] {
  const wanted = spec.worker.topologySpreadConstraints ?? [
    { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
  ];
  return wanted.map((constraint) => ({
    ...constraint,
    labelSelector: { matchLabels: { [jobLabel]: owner.name } },
  }));
}

/** A group that may write to volumes; not where that would hand originals to another group. */
function groupOfVolumes(claims: readonly Claim[]): Manifest {
  return claims.some(({ holdsSource, readOnly }) => holdsSource && !readOnly)
    ? {}
    : { fsGroup: userId, fsGroupChangePolicy: 'OnRootMismatch' };
}

/** The pod template of a step. */
export function workerPodTemplate(pod: WorkerPod): Manifest {
  const { owner, spec, settings, step, attempt } = pod;
  const { worker } = spec;
  const claims = claimsOf(spec);
  const { nodeSelector, tolerations, affinity, priorityClassName, runtimeClassName } = worker;
  const overlay = { nodeSelector, tolerations, affinity, priorityClassName, runtimeClassName };
  return {
    metadata: {
      labels: childLabels(owner, step, attempt),
      ...(worker.disruption === 'Avoid' ? { annotations: avoidDisruption } : {}),
    },
    spec: {
      restartPolicy: 'Never',
      serviceAccountName: worker.serviceAccountName ?? settings.workerServiceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: worker.terminationGracePeriodSeconds,
      ...(settings.imagePullSecrets.length === 0
        ? {}
        : { imagePullSecrets: settings.imagePullSecrets.map((name) => ({ name })) }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: userId,
        runAsGroup: userId,
        ...groupOfVolumes(claims),
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...Object.fromEntries(Object.entries(overlay).filter(([, value]) => value !== undefined)),
      topologySpreadConstraints: spreadConstraints(pod),
      volumes: volumes(pod, claims),
      containers: [container(pod, claims)],
    },
  };
}
