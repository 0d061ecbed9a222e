/** One pass over a job: gather, decide, carry out, write the status once, and only then tell what changed. */
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import { decideJob } from '../decide/decide-job.ts';
import type { Decision } from '../decide/decision.ts';
import { type FactSources, gatherJob } from '../facts/gather.ts';
import type { JobFacts, PolledProgress } from '../facts/job-facts.ts';
import { jobObject } from '../facts/job-object.ts';
import type { JsonObject } from '../facts/json.ts';
import { objectsOf } from '../facts/json.ts';
import { ApiError } from '../kube/api-error.ts';
import type { Clock } from '../kube/clock.ts';
import { isKubeObject, type KubeObject, objectKey } from '../kube/object.ts';
import { type Resource, resourcePath } from '../kube/resource.ts';
import type { Transport } from '../kube/transport.ts';
import type { ChildSettings } from '../settings.ts';
import { changeOf } from '../status/changes.ts';
import { jobStatus } from '../status/job-status.ts';
import { type Applied, applyActions } from './apply.ts';
import { type Caches, resources } from './caches.ts';
import type { JobMemories, JobMemory } from './job-memory.ts';
import type { PassResult } from './work-loop.ts';
import { writeStatus } from './write-status.ts';

/** Figures alone are written no more often than this. */
export const figuresPeriodMs = 5000;
/** Pods of a child that are looked at: enough to say why it failed. */
const podsLookedAt = 500;
/** Of a child that no watch tells of, as its labels were taken off, news are looked for so often. */
const unwatchedPeriodMs = 30_000;

/** What a status was before and after a write. */
export interface StatusChange {
  readonly object: KubeObject;
  readonly before: DeidJobStatus;
  readonly after: DeidJobStatus;
}

export interface JobReconcilerOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly caches: Pick<Caches, 'get'>;
  readonly memories: JobMemories;
  readonly settings: ChildSettings;
  /** What running pods have told of the job with this uid, in this attempt. */
  readonly progressOf: (uid: string, attempt: number) => PolledProgress | undefined;
  /** Is told after each write of a status. */
  readonly onStatus: (change: StatusChange) => void;
  /** Is told of each job that was let go though its uploads could not be aborted. */
  readonly onUploadsLeft: (object: KubeObject) => void;
  /** Is told of each job whose first pod has been asked for. */
  readonly onStarted: (sinceCreationMs: number) => void;
}

async function readOrNothing(
  transport: Transport,
  resource: Resource,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  try {
    const answer = await transport.call(resourcePath(resource, { namespace, name }), { signal });
    return isKubeObject(answer) ? answer : undefined;
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return undefined;
    throw error;
  }
}

function factSources(
  { transport, caches }: JobReconcilerOptions,
  memory: JobMemory,
  signal: AbortSignal,
): FactSources {
  return {
    job: async (namespace, name) => {
      const cached = caches.get('jobs', `${namespace}/${name}`);
      if (cached !== undefined) {
        memory.taken.delete(name);
        return cached;
      }
      if (!memory.taken.has(name)) return undefined;
      const live = await readOrNothing(transport, resources.jobs, namespace, name, signal);
      if (live === undefined) memory.taken.delete(name);
      return live;
    },
    profile: (namespace, name) => caches.get('deidprofiles', `${namespace}/${name}`),
    configMap: (namespace, name) => readOrNothing(transport, resources.configmaps, namespace, name, signal),
    pods: async (namespace, uid): Promise<readonly JsonObject[]> => {
      const query = { labelSelector: `batch.kubernetes.io/controller-uid=${uid}`, limit: podsLookedAt };
      const answer = await transport.call(resourcePath(resources.pods, { namespace }), { query, signal });
      return objectsOf((answer as JsonObject | undefined)?.items);
    },
  };
}

export class JobReconciler {
  readonly #options: JobReconcilerOptions;

  constructor(options: JobReconcilerOptions) {
    this.#options = options;
  }

  /** A pass over the job of that key, `namespace/name`. */
  async reconcile(key: string, signal: AbortSignal): Promise<PassResult> {
    const { caches, memories, clock, settings, progressOf } = this.#options;
    const cached = caches.get('deidjobs', key);
    if (cached === undefined) {
      memories.forget(key);
      return { kind: 'Done' };
    }
    const memory = memories.of(key, cached.metadata.uid);
    const object = memory.freshest(cached);
    const job = jobObject(object);
    const facts = await gatherJob(job, {
      sources: factSources(this.#options, memory, signal),
      settings,
      nowMs: clock.now().getTime(),
      refusal: memory.refusal,
      progress: progressOf(job.uid, job.status.attempt ?? 0),
    });
    const decision = decideJob(facts);
    if (decision.kind === 'LeaveAlone') return { kind: 'Done' };
    return this.#carryOut(object, memory, facts, decision, signal);
  }

  async #carryOut(
    object: KubeObject,
    memory: JobMemory,
    facts: JobFacts,
    decision: Exclude<Decision, { kind: 'LeaveAlone' }>,
    signal: AbortSignal,
  ): Promise<PassResult> {
    const { namespace, name, resourceVersion } = facts.job;
    const { transport } = this.#options;
    const context = { transport, namespace, name, resourceVersion, signal };
    const applied = await applyActions(context, decision.actions);
    switch (applied.kind) {
      case 'Taken':
        if (applied.job !== undefined) memory.taken.add(applied.job);
        return { kind: 'Done', wakeAfterMs: 0 };
      case 'Refused': {
        memory.refusal = applied.refusal;
        const told = decideJob({ ...facts, refusal: applied.refusal });
        if (told.kind === 'Act') await this.#tell(object, memory, facts, told, signal);
        return { kind: 'Again' };
      }
      case 'Done':
        this.#remember(memory, facts, applied);
        break;
      default:
        applied satisfies never;
    }
    const { wakeAfterMs } = decision;
    if (decision.kind === 'Dismantle') {
      if (decision.leavesUploads) this.#options.onUploadsLeft(object);
      return { kind: 'Done', wakeAfterMs };
    }
    const againMs = await this.#tell(applied.job ?? object, memory, facts, decision, signal);
    const { phase } = decision.standing;
    const isUnwatched = memory.taken.size > 0 && phase !== 'Complete' && phase !== 'Failed';
    const unwatchedMs = isUnwatched ? unwatchedPeriodMs : undefined;
    return { kind: 'Done', wakeAfterMs: earlier(earlier(wakeAfterMs, againMs), unwatchedMs) };
  }

  #remember(memory: JobMemory, facts: JobFacts, { job, made }: Extract<Applied, { kind: 'Done' }>): void {
    // Whatever was asked for in this pass was granted.
    memory.refusal = undefined;
    if (job !== undefined) this.#wrote(memory, job);
    const isFirst = made.includes('plan') && (facts.job.status.attempt ?? 0) === 0;
    if (isFirst && facts.job.createdMs !== undefined) {
      this.#options.onStarted(facts.nowMs - facts.job.createdMs);
    }
  }

  #wrote(memory: JobMemory, job: KubeObject): void {
    memory.wrote(job, this.#options.caches.get('deidjobs', objectKey(job)));
  }

  /** Writes the status where it is worth it; otherwise says when it will be. */
  async #tell(
    object: KubeObject,
    memory: JobMemory,
    { job, nowMs, progress }: JobFacts,
    { standing, findings }: Extract<Decision, { kind: 'Act' }>,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const { transport, clock, onStatus } = this.#options;
    const before = job.status;
    const after = jobStatus({
      previous: before,
      generation: job.generation,
      nowMs,
      standing,
      findings,
      runningShards: progress?.runningShards ?? 0,
    });
    const change = changeOf(before, after);
    if (change === 'None') return undefined;
    const sinceMs = clock.monotonicMs() - memory.statusWrittenMs;
    if (change === 'Figures' && sinceMs < figuresPeriodMs) return figuresPeriodMs - sinceMs;
    const written = await writeStatus(transport, resources.deidjobs, object, after, signal);
    memory.statusWrittenMs = clock.monotonicMs();
    if (written !== undefined) this.#wrote(memory, written);
    onStatus({ object, before, after });
    return undefined;
  }
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
