/**
 * Runs the Jobs of a fake API server: makes their pods, lets each end as the test says, and keeps the Jobs' status, as the Job
 * controller and kubelets of a cluster do. Known differences: a pod that is deleted while it runs is replaced and not counted as
 * failed, and back-off between a pod and the next takes no time.
 */
import { type Clock, systemClock } from '../../operator/kube/clock.ts';
import { type KubeObject, objectKey } from '../../operator/kube/object.ts';
import type { FakeApiServer } from './fake-api-server.ts';
import { isFinished, type JobRules, JobTally, jobRules, type Verdict } from './job-tally.ts';
import { jobs, pods } from './kinds.ts';
import { type Fields, fields } from './merge-patch.ts';
import { timestamp } from './objects.ts';
import { list } from './pod-failure.ts';

/** How a pod ends. */
export interface PodOutcome {
  readonly exitCode: number;
  /** The termination message. */
  readonly message?: string;
  /** Milliseconds that it runs. */
  readonly afterMs?: number;
  /** Whether it ends by a disruption: a drained node, a preemption. */
  readonly disrupted?: boolean;
}

/** A pod that has just begun. */
export interface PodRun {
  readonly job: KubeObject;
  readonly pod: KubeObject;
  /** Undefined where the Job is not indexed. */
  readonly index: number | undefined;
  /** How often this index has failed before. */
  readonly failures: number;
}

/** What comes of a pod; undefined for one that runs until {@link JobController.endPod}. */
export type PodScript = (run: PodRun) => PodOutcome | undefined;

export interface JobController {
  endPod(pod: KubeObject, outcome: PodOutcome): void;
  stop(): void;
}

const indexAnnotation = 'batch.kubernetes.io/job-completion-index';

export function startJobController(
  server: FakeApiServer,
  script: PodScript,
  clock: Clock = systemClock,
): JobController {
  const { storage, objects } = server;
  const tallies = new Map<string, JobTally>();
  const timers = new Set<() => void>();
  const due = new Set<string>();
  let scheduled: NodeJS.Immediate | undefined;

  function later(delayMs: number, act: () => void): void {
    const cancel = clock.after(delayMs, () => {
      timers.delete(cancel);
      act();
    });
    timers.add(cancel);
  }

  function wake(key: string): void {
    due.add(key);
    scheduled ??= setImmediate(() => {
      scheduled = undefined;
      const keys = [...due];
      due.clear();
      for (const one of keys) reconcile(one);
    });
  }

  function podsOf(job: KubeObject): readonly KubeObject[] {
    return storage
      .all(pods)
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid));
  }

  function reconcile(key: string): void {
    const job = storage.get(jobs, key);
    if (job === undefined || job.metadata.deletionTimestamp !== undefined || isFinished(job)) return;
    const rules = jobRules(job);
    const tally = tallies.get(job.metadata.uid) ?? new JobTally();
    tallies.set(job.metadata.uid, tally);
    const own = podsOf(job);
    for (const pod of own) tally.count(pod, indexOf(pod), rules);
    const active = own.filter(
      ({ status }) => !['Succeeded', 'Failed'].includes(String(fields(status).phase)),
    );
    const verdict = tally.verdict(rules) ?? overdue(job, rules);
    const startTime = fields(job.status).startTime ?? timestamp(clock.now());
    if (rules.suspend && verdict === undefined) {
      for (const pod of active) remove(pod);
      writeStatus(job, { ...tally.status(rules), active: 0, startTime: null }, suspended(job, true));
      return;
    }
    if (verdict !== undefined) {
      for (const pod of active) remove(pod);
      writeStatus(
        job,
        { ...tally.status(rules), active: 0, startTime, ...completion(verdict) },
        ended(job, verdict),
      );
      if (rules.ttlSecondsAfterFinished !== undefined)
        later(rules.ttlSecondsAfterFinished * 1000, () => removeFinished(key, job.metadata.uid));
      return;
    }
    for (const pod of active.slice(rules.parallelism)) remove(pod);
    const taken = new Set(active.map(indexOf));
    const missing = tally.open(rules).filter((index) => !taken.has(index));
    const begun = missing.slice(0, Math.max(0, rules.parallelism - active.length));
    const isFirst = fields(job.status).startTime === undefined;
    const count = Math.min(active.length, rules.parallelism) + begun.length;
    writeStatus(
      job,
      { ...tally.status(rules), active: count, ready: count, startTime },
      suspended(job, false),
    );
    if (isFirst && rules.activeDeadlineSeconds !== undefined)
      later(rules.activeDeadlineSeconds * 1000, () => wake(key));
    for (const index of begun) begin(job, rules, index, tally.failuresOf(index));
  }

  function begin(job: KubeObject, rules: JobRules, index: number, failures: number): void {
    const { metadata, spec } = fields(fields(job.spec).template);
    const { name, namespace, uid } = job.metadata;
    const labels = { 'batch.kubernetes.io/job-name': name, 'batch.kubernetes.io/controller-uid': uid };
    const indexed = rules.isIndexed ? { [indexAnnotation]: String(index) } : {};
    const created = objects.create(
      pods,
      namespace,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          generateName: rules.isIndexed ? `${name}-${index}-` : `${name}-`,
          labels: { ...fields(fields(metadata).labels), ...labels, ...indexed },
          annotations: { ...fields(fields(metadata).annotations), [indexAnnotation]: String(index) },
          ownerReferences: [
            { apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true, blockOwnerDeletion: true },
          ],
        },
        spec,
      },
      { manager: 'job-controller' },
    );
    const running = { running: { startedAt: timestamp(clock.now()) } };
    const pod = writePod(created, {
      phase: 'Running',
      podIP: '127.0.0.1',
      containerStatuses: containers(created, running),
    });
    const outcome = script({ job, pod, index: rules.isIndexed ? index : undefined, failures });
    if (outcome !== undefined) later(outcome.afterMs ?? 0, () => endPod(pod, outcome));
  }

  function endPod(pod: KubeObject, { exitCode, message, disrupted }: PodOutcome): void {
    const present = storage.get(pods, objectKey(pod));
    if (present?.metadata.uid !== pod.metadata.uid || 'terminated' in firstState(present)) return;
    const finishedAt = timestamp(clock.now());
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    const terminated = {
      terminated: { exitCode, reason, finishedAt, ...(message === undefined ? {} : { message }) },
    };
    const condition = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' };
    writePod(present, {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: containers(present, terminated),
      ...(disrupted ? { conditions: [condition] } : {}),
    });
  }

  function writePod(pod: KubeObject, status: Fields): KubeObject {
    return objects.mergePatch(target(pods, pod, 'status'), { status }, { manager: 'kubelet' });
  }

  function writeStatus(job: KubeObject, status: Fields, conditions: readonly Fields[]): void {
    objects.mergePatch(
      target(jobs, job, 'status'),
      { status: { ...status, conditions } },
      { manager: 'job-controller' },
    );
  }

  function remove(pod: KubeObject): void {
    objects.delete(target(pods, pod), {});
  }

  function removeFinished(key: string, uid: string): void {
    const job = storage.get(jobs, key);
    if (job?.metadata.uid === uid) objects.delete(target(jobs, job), { propagationPolicy: 'Background' });
  }

  function overdue(job: KubeObject, { activeDeadlineSeconds }: JobRules): Verdict | undefined {
    const { startTime } = fields(job.status);
    if (activeDeadlineSeconds === undefined || typeof startTime !== 'string') return undefined;
    const isOver = clock.now().getTime() >= Date.parse(startTime) + activeDeadlineSeconds * 1000;
    return isOver ? { type: 'Failed', reason: 'DeadlineExceeded' } : undefined;
  }

  function completion({ type }: Verdict): Fields {
    return type === 'Complete' ? { completionTime: timestamp(clock.now()) } : {};
  }

  function condition(type: string, holds: boolean, reason: string): Fields {
    return { type, status: holds ? 'True' : 'False', reason, lastTransitionTime: timestamp(clock.now()) };
  }

  /** The conditions of a Job that is, or is no longer, suspended; none is made for one that never was. */
  function suspended(job: KubeObject, holds: boolean): readonly Fields[] {
    const present = list(fields(job.status).conditions);
    const before = present.find(({ type }) => type === 'Suspended');
    if (before === undefined ? !holds : (before.status === 'True') === holds) return present;
    const others = present.filter(({ type }) => type !== 'Suspended');
    return [...others, condition('Suspended', holds, holds ? 'JobSuspended' : 'JobResumed')];
  }

  function ended(job: KubeObject, { type, reason }: Verdict): readonly Fields[] {
    const first = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
    return [
      ...list(fields(job.status).conditions),
      condition(first, true, reason),
      condition(type, true, reason),
    ];
  }

  const stopListening = storage.listen(({ kind, object }) => {
    if (kind === jobs) wake(objectKey(object));
    if (kind !== pods) return;
    const owner = object.metadata.ownerReferences?.find((reference) => reference.kind === 'Job');
    const { namespace = '' } = object.metadata;
    if (owner !== undefined) wake(`${namespace}/${owner.name}`);
  });

  return {
    endPod,
    stop: () => {
      stopListening();
      clearImmediate(scheduled);
      for (const cancel of timers) cancel();
    },
  };
}

function indexOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[indexAnnotation] ?? 0);
}

function containers({ spec }: KubeObject, state: Fields): readonly Fields[] {
  return list(fields(spec).containers).map(({ name }) => ({ name, state, restartCount: 0 }));
}

function firstState({ status }: KubeObject): Fields {
  return fields(list(fields(status).containerStatuses)[0]?.state);
}

function target(kind: typeof jobs, { metadata }: KubeObject, subresource?: 'status') {
  return { kind, namespace: metadata.namespace, name: metadata.name, subresource };
}
