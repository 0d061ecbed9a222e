/** Pods for the Job controller of the fake API server: they end as a worker's pods would, over a {@link SimulatedWork} a job. */
import { exitCodes } from '../../crds/records/exit-codes.ts';
import { attemptLabel, jobUidLabel, stepLabel } from '../../operator/build/names.ts';
import { runSpecEntry } from '../../operator/build/run-spec-config-map.ts';
import type { FakeApiServer } from '../fake-api-server/fake-api-server.ts';
import type { PodOutcome, PodRun, PodScript } from '../fake-api-server/job-controller.ts';
import { builtinKinds } from '../fake-api-server/kinds.ts';
import { leftByOf, SimulatedWork } from './simulated-work.ts';

export interface ScriptedWorkerOptions {
  readonly shards: number;
  /** How the pod of a shard ends; by default well. Undefined: it runs on. */
  readonly shardEnd?: (run: PodRun, shard: number) => PodOutcome | undefined;
}

export interface ScriptedWorker {
  readonly script: PodScript;
  /** The work of the job with this uid. */
  workOf(uid: string): SimulatedWork;
  /** How often each shard was processed to its end, by uid. */
  readonly processed: ReadonlyMap<string, readonly number[]>;
}

interface PodSpec {
  readonly containers: readonly { readonly args: readonly string[] }[];
  readonly volumes: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
}

const configMaps = builtinKinds.find(({ plural }) => plural === 'configmaps');

export function scriptedWorker(server: () => FakeApiServer, options: ScriptedWorkerOptions): ScriptedWorker {
  const works = new Map<string, SimulatedWork>();
  const processed = new Map<string, number[]>();
  const workOf = (uid: string) => {
    const work = works.get(uid) ?? new SimulatedWork(options.shards);
    works.set(uid, work);
    return work;
  };

  function runSpecDigest(namespace: string, { volumes }: PodSpec): string | undefined {
    const name = volumes.find((volume) => volume.name === 'run-spec')?.configMap?.name;
    const stored =
      configMaps === undefined ? undefined : server().storage.get(configMaps, `${namespace}/${name}`);
    const data = stored?.data as Readonly<Record<string, string>> | undefined;
    const text = data?.[runSpecEntry];
    return text === undefined ? undefined : (JSON.parse(text) as { readonly digest: string }).digest;
  }

  function shard(
    run: PodRun,
    work: SimulatedWork,
    args: readonly string[],
    uid: string,
  ): PodOutcome | undefined {
    const number = work.shardsOf(leftByOf(args))?.[run.index ?? -1];
    if (number === undefined) return { exitCode: exitCodes.NoSuchRun.code };
    const outcome = options.shardEnd === undefined ? { exitCode: 0 } : options.shardEnd(run, number);
    if (outcome?.exitCode === 0 || outcome?.exitCode === exitCodes.ObjectsFailed.code) {
      work.states[number] = outcome.exitCode === 0 ? 'Done' : 'ObjectsFailed';
      const counts = processed.get(uid) ?? Array.from({ length: options.shards }, () => 0);
      counts[number] = (counts[number] ?? 0) + 1;
      processed.set(uid, counts);
    }
    return outcome;
  }

  const script: PodScript = (run) => {
    const { labels = {}, namespace = '' } = run.pod.metadata;
    const uid = labels[jobUidLabel] ?? '';
    const work = workOf(uid);
    const spec = run.pod.spec as PodSpec;
    switch (labels[stepLabel]) {
      case 'plan': {
        const digest = runSpecDigest(namespace, spec);
        return digest === undefined
          ? { exitCode: exitCodes.BadConfiguration.code }
          : { exitCode: 0, message: JSON.stringify(work.planSummary(digest)) };
      }
      case 'process':
        return shard(run, work, spec.containers[0]?.args ?? [], uid);
      case 'finish':
        return { exitCode: 0, message: JSON.stringify(work.seal(Number(labels[attemptLabel]))) };
      default:
        return { exitCode: 0 };
    }
  };
  return { script, workOf, processed };
}
