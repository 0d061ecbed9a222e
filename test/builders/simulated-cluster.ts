/**
 * A cluster in a variable: one DeidJob, its children, and what a Job controller and a worker would make of them. Time
 * passes only where it is told to. It carries decisions out as the API server would, and counts the writes.
 */
import assert from 'node:assert/strict';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import { attemptLabel, stepLabel } from '../../operator/build/names.ts';
import { runSpecEntry } from '../../operator/build/run-spec-config-map.ts';
import { decideJob } from '../../operator/decide/decide-job.ts';
import type { Action, Decision } from '../../operator/decide/decision.ts';
import { type FactSources, gatherJob } from '../../operator/facts/gather.ts';
import type { JobFacts, PolledProgress } from '../../operator/facts/job-facts.ts';
import { jobObject } from '../../operator/facts/job-object.ts';
import type { ChildSettings } from '../../operator/settings.ts';
import { changeOf } from '../../operator/status/changes.ts';
import { jobStatus } from '../../operator/status/job-status.ts';
import { childSettings } from './operator-job.ts';
import { leftByOf, SimulatedWork } from './simulated-work.ts';

type Raw = Readonly<Record<string, unknown>>;

/** How pods of a step end, told by the test. */
export type PodEnd = 'Success' | 'Crash' | 'ObjectsFailed' | 'StorageDenied' | 'OutOfMemory';

export interface SimulatedJob {
  manifest: Raw;
  readonly uid: string;
  resourceVersion: number;
  spec: Record<string, unknown>;
  status: Record<string, unknown>;
  pods: Raw[];
}

export class SimulatedCluster {
  job: Raw;
  status: DeidJobStatus = {};
  nowMs: number = Date.parse('2026-01-01T00:00:00Z');
  readonly jobs = new Map<string, SimulatedJob>();
  /** Manifests of all Jobs that were ever made. */
  readonly made: Raw[] = [];
  readonly configMaps = new Map<string, Raw>();
  readonly profiles = new Map<string, Raw>();
  /** What the operator is set up with. */
  settings: ChildSettings = childSettings;
  progress: PolledProgress | undefined;
  /** Writes to the API, those of progress figures left out. */
  writes = 0;
  /** True once the API server has let the job go. */
  isGone = false;
  readonly work: SimulatedWork;
  #uids = 0;

  constructor(job: Raw, shards: number) {
    this.job = job;
    this.work = new SimulatedWork(shards);
  }

  get sources(): FactSources {
    return {
      job: async (_, name) => this.#rawJob(name),
      profile: (_, name) => this.profiles.get(name),
      configMap: async (_, name) => this.configMaps.get(name),
      pods: async (_, uid) => [...this.jobs.values()].find((job) => job.uid === uid)?.pods ?? [],
    };
  }

  #rawJob(name: string): Raw | undefined {
    const job = this.jobs.get(name);
    if (job === undefined) return undefined;
    const metadata = {
      ...(job.manifest.metadata as Raw),
      uid: job.uid,
      resourceVersion: String(job.resourceVersion),
    };
    return { ...job.manifest, metadata, spec: job.spec, status: job.status };
  }

  /** The raw job with its status. */
  get raw(): Raw {
    return { ...this.job, status: this.status };
  }

  facts(): Promise<JobFacts> {
    const context = {
      sources: this.sources,
      settings: this.settings,
      nowMs: this.nowMs,
      progress: this.progress,
    };
    return gatherJob(jobObject(this.raw), context);
  }

  /** One pass of the operator; only the first `survives` writes are carried out where it is cut off. */
  async reconcile(survives: number = Number.POSITIVE_INFINITY): Promise<Decision> {
    const facts = await this.facts();
    const decision = decideJob(facts);
    if (decision.kind === 'LeaveAlone') return decision;
    for (const action of decision.actions.slice(0, survives)) this.#apply(action);
    if (decision.kind === 'Dismantle' || decision.actions.length > survives) return decision;
    if (survives === decision.actions.length) return decision;
    const status = this.statusAfter(facts, decision);
    const change = changeOf(this.status, status);
    if (change === 'Conditions') this.writes += 1;
    this.status = status;
    return decision;
  }

  statusAfter(facts: JobFacts, decision: Extract<Decision, { kind: 'Act' }>): DeidJobStatus {
    return jobStatus({
      previous: this.status,
      generation: facts.job.generation,
      nowMs: this.nowMs,
      standing: decision.standing,
      findings: decision.findings,
      runningShards: this.progress?.runningShards ?? 0,
    });
  }

  #apply(action: Action): void {
    this.writes += 1;
    switch (action.kind) {
      case 'SetFinalizers':
        this.editMetadata({ finalizers: action.finalizers });
        if (this.isDeleted && action.finalizers.length === 0) this.isGone = true;
        return;
      case 'CreateConfigMap': {
        const { name } = action.manifest.metadata as { readonly name: string };
        if (!this.configMaps.has(name)) this.configMaps.set(name, action.manifest);
        return;
      }
      case 'CreateJob':
        this.#create(action.manifest);
        return;
      case 'PatchJob': {
        const job = this.jobs.get(action.name);
        if (job === undefined || String(job.resourceVersion) !== action.resourceVersion) return;
        for (const [name, value] of Object.entries(action.changes)) {
          if (value === null) delete job.spec[name];
          else job.spec[name] = value;
        }
        if (action.annotations !== undefined) {
          const metadata = job.manifest.metadata as Raw;
          const all = Object.entries({ ...(metadata.annotations as object), ...action.annotations });
          const annotations = Object.fromEntries(all.filter(([, value]) => value !== null));
          job.manifest = { ...job.manifest, metadata: { ...metadata, annotations } };
        }
        job.resourceVersion += 1;
        if (job.spec.suspend === true)
          job.status = { ...job.status, active: 0, ready: 0, startTime: undefined };
        return;
      }
      case 'DeleteJob':
        if (this.jobs.get(action.name)?.uid === action.uid) this.jobs.delete(action.name);
        return;
      default:
        action satisfies never;
    }
  }

  #create(manifest: Raw): void {
    const { name } = manifest.metadata as { readonly name: string };
    if (this.jobs.has(name)) return;
    this.made.push(manifest);
    this.#uids += 1;
    const uid = `job-${this.#uids}`;
    const spec = { ...(manifest.spec as Raw) };
    this.jobs.set(name, { manifest, uid, resourceVersion: 1, spec, status: {}, pods: [] });
    const processing = this.jobsOf('process').filter(
      ({ spec: { suspend }, status }) => suspend !== true && status.conditions === undefined,
    );
    assert.ok(processing.length <= 1, 'two process Jobs are active');
  }

  get isDeleted(): boolean {
    return (this.job.metadata as Raw).deletionTimestamp !== undefined;
  }

  editMetadata(changes: Raw): void {
    this.job = { ...this.job, metadata: { ...(this.job.metadata as Raw), ...changes } };
  }

  /** What a person does with kubectl. */
  editSpec(changes: Raw): void {
    const generation = (this.job.metadata as { readonly generation: number }).generation + 1;
    this.job = { ...this.job, spec: { ...(this.job.spec as Raw), ...changes } };
    this.editMetadata({ generation });
  }

  delete(): void {
    const { finalizers } = this.job.metadata as { readonly finalizers?: readonly string[] };
    this.editMetadata({ deletionTimestamp: new Date(this.nowMs).toISOString() });
    this.isGone = (finalizers ?? []).length === 0;
  }

  jobsOf(step: string): SimulatedJob[] {
    return [...this.jobs.values()].filter(({ manifest }) => this.#label(manifest, stepLabel) === step);
  }

  #label(manifest: Raw, name: string): string | undefined {
    return ((manifest.metadata as Raw).labels as Readonly<Record<string, string>>)[name];
  }

  /** Jobs that have neither ended nor rest. */
  get activeJobs(): SimulatedJob[] {
    return [...this.jobs.values()].filter(
      ({ spec, status }) => spec.suspend !== true && status.conditions === undefined,
    );
  }

  /** What a queue does: it lets all Jobs go that wait. */
  admit(): void {
    for (const job of this.jobs.values()) if (job.spec.suspend === true) job.spec.suspend = false;
  }

  /** The pods of the Job's step end so; of shards, each takes the next of the ends. */
  run(job: SimulatedJob, ends: readonly PodEnd[]): void {
    const step = this.#label(job.manifest, stepLabel);
    const attempt = Number(this.#label(job.manifest, attemptLabel));
    job.resourceVersion += 1;
    if (step === 'process') this.#runShards(job, ends);
    else this.#runStep(job, step ?? '', attempt, ends[0] ?? 'Success');
  }

  /** Half of a process Job's pods are done, the others run. */
  halve(job: SimulatedJob): void {
    if (this.#label(job.manifest, stepLabel) !== 'process') return;
    const completions = Number(job.spec.completions);
    const succeeded = Math.max(Number(job.status.succeeded ?? 0), Math.floor(completions / 2));
    const running = Math.min(completions - succeeded, Number(job.spec.parallelism));
    const startTime = new Date(this.nowMs).toISOString();
    job.status = { ...job.status, succeeded, active: running, ready: running, startTime };
    job.resourceVersion += 1;
  }

  #runStep(job: SimulatedJob, step: string, attempt: number, end: PodEnd): void {
    if (end === 'Success' || end === 'ObjectsFailed') {
      const message =
        step === 'plan'
          ? this.work.planSummary(this.#runSpecDigest)
          : step === 'finish'
            ? this.work.seal(attempt)
            : undefined;
      job.pods.push(pod('Succeeded', 0, message));
      job.status = { ...job.status, succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] };
      return;
    }
    job.pods.push(failedPod(end));
    const reason = end === 'StorageDenied' ? 'PodFailurePolicy' : 'BackoffLimitExceeded';
    job.status = { ...job.status, conditions: [{ type: 'Failed', status: 'True', reason }] };
  }

  #runShards(job: SimulatedJob, ends: readonly PodEnd[]): void {
    const container = (
      (job.spec.template as Raw).spec as { containers: readonly { args: readonly string[] }[] }
    ).containers[0];
    const list = this.work.shardsOf(leftByOf(container?.args ?? []));
    assert.ok(list !== undefined, 'an attempt goes by a list that no finish has written');
    assert.equal(job.spec.completions, list.length, 'an attempt has as many indexes as shards are left');
    const failed: number[] = [];
    let isDenied = false;
    list.forEach((number, index) => {
      const end = ends[index % Math.max(1, ends.length)] ?? 'Success';
      if (isDenied) return;
      if (end === 'Success') this.work.states[number] = 'Done';
      if (end === 'ObjectsFailed') this.work.states[number] = 'ObjectsFailed';
      if (end !== 'Success') failed.push(index);
      if (end !== 'Success') job.pods.push(failedPod(end));
      isDenied ||= end === 'StorageDenied';
    });
    const conditions =
      failed.length === 0
        ? [{ type: 'Complete', status: 'True' }]
        : [{ type: 'Failed', status: 'True', reason: isDenied ? 'PodFailurePolicy' : 'FailedIndexes' }];
    const succeeded = list.length - failed.length;
    job.status = {
      ...job.status,
      active: 0,
      ready: 0,
      succeeded,
      failedIndexes: failed.join(','),
      conditions,
    };
  }

  get #runSpecDigest(): string {
    const [configMap] = this.configMaps.values();
    const data = configMap?.data as Readonly<Record<string, string>> | undefined;
    return (JSON.parse(data?.[runSpecEntry] ?? '{}') as { readonly digest: string }).digest;
  }
}

function pod(phase: string, exitCode: number, message: unknown, reason = 'Completed'): Raw {
  return {
    metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
    status: {
      phase,
      containerStatuses: [
        {
          name: 'worker',
          state: {
            terminated: { exitCode, reason, message: message === undefined ? '' : JSON.stringify(message) },
          },
        },
      ],
    },
  };
}

function failedPod(end: Exclude<PodEnd, 'Success'>): Raw {
  switch (end) {
    case 'Crash':
      return pod('Failed', 1, undefined, 'Error');
    case 'OutOfMemory':
      return pod('Failed', 137, undefined, 'OOMKilled');
    case 'ObjectsFailed':
    case 'StorageDenied': {
      const failure = { kind: 'StepFailure', version: 1, exit: end, message: 'spec.workArea: denied' };
      return pod('Failed', exitCodes[end].code, failure, 'Error');
    }
    default:
      return end satisfies never;
  }
}
