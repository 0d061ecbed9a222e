/**
 * Pods without a cluster: the command lines that the operator's builders give their containers, run as processes of this
 * machine. What a pod finds mounted lies in folders of a desk.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtinProfiles } from '../../../crds/profiles/builtin.ts';
import { canonicalJson } from '../../../crds/records/canonical-json.ts';
import { makeRunSpec } from '../../../crds/records/run-spec.ts';
import type { DeidJob, DeidJobInput } from '../../../crds/v1alpha1/job.ts';
import { cleanupJob, finishJob, planJob, processJob } from '../../../operator/build/child-jobs.ts';
import { mountPaths } from '../../../operator/build/worker-container.ts';
import type { ChildSettings } from '../../../operator/settings.ts';
import { keyBytes, makeJob } from '../../run/support/run-fixture.ts';

const program = fileURLToPath(new URL('../../../worker/cli/deid.mjs', import.meta.url));

const settings: ChildSettings = {
  image: 'deid-operator',
  imagePullPolicy: 'IfNotPresent',
  imagePullSecrets: [],
  workerServiceAccount: 'deid-worker',
  allowedServiceAccounts: undefined,
  allowedKeySecrets: undefined,
  childTtlSeconds: 3600,
  progressPort: 0,
  workerEnvironment: {},
};

export type PodStep = 'plan' | 'process' | 'finish' | 'cleanup';

export interface PodOrder {
  readonly step: PodStep;
  readonly attempt?: number;
  /** Of process pods. */
  readonly index?: number;
  readonly leftBy?: number;
}

export interface EndedPod {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stderr: string;
  /** The termination message, parsed; undefined where none was left. */
  readonly message: Readonly<Record<string, unknown>> | undefined;
}

export interface RunningPod {
  readonly child: ChildProcess;
  readonly ended: Promise<EndedPod>;
}

/** A job with folders for its areas, its key, and the run spec that the operator would have made of it. */
export interface PodDesk {
  readonly folder: string;
  readonly job: DeidJob;
  /** Starts a pod; `more` adds to its environment. */
  start(order: PodOrder, more?: Readonly<Record<string, string>>): RunningPod;
  run(order: PodOrder, more?: Readonly<Record<string, string>>): Promise<EndedPod>;
  put(path: string, bytes: Uint8Array | string): void;
  /** Makes the desk that user's, and lets pods run as that user from now on. Only root may. */
  giveTo(user: number): void;
  remove(): void;
}

/** The arguments that the container of a step is given, as its process sees them. */
function containerArgs(job: DeidJob, { step, attempt = 0, index, leftBy }: PodOrder): readonly string[] {
  const owner = {
    name: job.metadata.name,
    namespace: 'default',
    uid: 'b6a5a2f4-2f1c-4a53-9d58-0b1d7b1c6a11',
  };
  const input = { owner, spec: job.spec, settings, attempt, queue: {} };
  const shards = { count: 10_000, ...(leftBy === undefined ? {} : { leftBy }) };
  const manifests = {
    plan: () => planJob(input),
    process: () => processJob(input, shards),
    finish: () => finishJob(input),
    cleanup: () => cleanupJob(input),
  };
  const { spec } = manifests[step]() as {
    readonly spec: {
      readonly template: {
        readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
      };
    };
  };
  const [container] = spec.template.spec.containers;
  return (container?.args ?? []).map((arg) => arg.replace('$(JOB_COMPLETION_INDEX)', String(index ?? 0)));
}

/** Makes a desk. The key of the job is that of the fixtures of runs. */
export function makePodDesk(
  change: Partial<DeidJobInput['spec']> = {},
  profile: keyof typeof builtinProfiles = 'research',
): PodDesk {
  const folder = mkdtempSync(join(tmpdir(), 'deid-pods-'));
  const job = makeJob({ profileRef: { builtin: profile }, ...change });
  const put = (path: string, bytes: Uint8Array | string): void => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  };
  put('run-spec/run.json', canonicalJson(makeRunSpec(job, builtinProfiles[profile])));
  put('key/project.key', keyBytes);
  mkdirSync(join(folder, 'volumes/in'), { recursive: true });
  let pods = 0;
  let user: number | undefined;

  const start: PodDesk['start'] = (order, more = {}) => {
    pods += 1;
    const messageFile = join(folder, `termination-log-${pods}`);
    const mounted = (arg: string): string =>
      arg
        .replace(mountPaths.runSpec, join(folder, 'run-spec'))
        .replace(mountPaths.key, join(folder, 'key'))
        .replace(mountPaths.volumes, join(folder, 'volumes'))
        .replace('/dev/termination-log', messageFile);
    const child = spawn(process.execPath, [program, ...containerArgs(job, order).map(mounted)], {
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...more },
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const ended = once(child, 'close').then(([code]): EndedPod => {
      let text: string;
      try {
        text = readFileSync(messageFile, 'utf8');
      } catch {
        return { code, stderr, message: undefined };
      }
      return { code, stderr, message: JSON.parse(text) as Readonly<Record<string, unknown>> };
    });
    return { child, ended };
  };
  return {
    folder,
    job,
    start,
    run: (order, more) => start(order, more).ended,
    put,
    giveTo: (newUser) => {
      user = newUser;
      for (const path of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) {
        chownSync(join(folder, path), newUser, newUser);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
