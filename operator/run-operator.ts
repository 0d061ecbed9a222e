/**
 * Runs the operator until it is told to stop or loses the lease. The order of a stop: not ready any more, no new passes, the
 * last passes end, the lease is given up, and only then connections close.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { DeidJobStatus } from '../crds/v1alpha1/job-status.ts';
import { type JobEvent, jobEvents, uploadsLeft } from './controller/job-events.ts';
import type { StatusChange } from './controller/reconcile-job.ts';
import { Controller, type Observer, queueNames } from './controller.ts';
import { systemClock } from './kube/clock.ts';
import type { ClusterAccess } from './kube/cluster-access.ts';
import { EventRecorder } from './kube/event-recorder.ts';
import { type LeadershipEnd, leadWhenElected } from './kube/leader-election.ts';
import { type KubeObject, objectKey } from './kube/object.ts';
import { createTransport } from './kube/transport.ts';
import { readCounters } from './progress/read-counters.ts';
import type { OperatorSettings } from './settings.ts';
import { illness, unreadiness, type Vitals } from './telemetry/health.ts';
import { JobSpans } from './telemetry/job-spans.ts';
import { errorFields, type Log } from './telemetry/log.ts';
import { countStatus, type Metrics, observeSources } from './telemetry/metrics.ts';
import { serveProbes } from './telemetry/server.ts';
import type { SpanSink } from './telemetry/traces.ts';

export interface OperatorRun {
  readonly settings: OperatorSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly access: ClusterAccess;
  readonly spans: SpanSink;
  readonly version: string;
  /** Aborted when the operator should stop. */
  readonly signal: AbortSignal;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  /** Is told where probes and metrics are served. */
  readonly onListening?: (port: number) => void;
}

const eventGraceMs = 2000;

function observerOf({ log, metrics }: OperatorRun, teller: Teller): Observer {
  return {
    onPass: (queue, { key, result, durationMs, error }) => {
      if (queue === 'deidjob') {
        metrics.reconciles.inc({ result });
        metrics.reconcileSeconds.observe(durationMs / 1000);
      }
      if (result !== 'success') metrics.queueRetries.inc({ name: queue });
      if (result === 'error') log.warn('a pass failed', { kind: queue, object: key, ...errorFields(error) });
      else log.debug('a pass ended', { kind: queue, object: key, state: result });
    },
    onAdded: (queue) => metrics.queueAdds.inc({ name: queue }),
    onTaken: (queue, waitedMs) => metrics.queueSeconds.observe({ name: queue }, waitedMs / 1000),
    onRestart: (resource, reason) => {
      metrics.informerRestarts.inc({ resource, reason });
      if (reason === 'error' || reason === 'idle') log.warn('a watch broke', { kind: resource, reason });
    },
    onHandlerError: (error) => log.error('news could not be taken in', errorFields(error)),
    ...teller,
    onStarted: (sinceCreationMs) => metrics.startSeconds.observe(sinceCreationMs / 1000),
  };
}

function logStatus(log: Log, { object, after }: StatusChange): void {
  const { uid } = object.metadata;
  const where = { uid, object: objectKey(object), attempt: after.attempt ?? 0 };
  log.info('the status of a job has changed', { ...where, ...standing(after) });
}

function standing({ conditions = [] }: DeidJobStatus) {
  const complete = conditions.find(({ type }) => type === 'Complete');
  const stalled = conditions.find(({ type, status }) => type === 'Stalled' && status === 'True');
  return {
    ...(complete === undefined ? {} : { state: complete.reason }),
    ...(stalled === undefined ? {} : { reason: stalled.reason }),
  };
}

type Teller = Pick<Observer, 'onStatus' | 'onUploadsLeft' | 'onGone'>;

/** Tells people and tools what has become of jobs: by events, metrics, spans and the log. */
function tellerOf({ log, metrics, spans }: OperatorRun, recorder: EventRecorder): Teller {
  const jobSpans = new JobSpans();
  const record = (regarding: KubeObject, event: JobEvent) =>
    recorder.record({ ...event, regarding, action: 'Reconcile' });
  return {
    onStatus: (change) => {
      const { object, before, after } = change;
      const { uid, namespace = '' } = object.metadata;
      countStatus(metrics, namespace, before, after);
      for (const event of jobEvents(before, after)) record(object, event);
      for (const span of jobSpans.changed({ uid, before, after, nowMs: systemClock.now().getTime() })) {
        spans.send(span);
      }
      logStatus(log, change);
    },
    onGone: (uid) => jobSpans.forget(uid),
    onUploadsLeft: (object) => {
      record(object, uploadsLeft);
      log.warn('uploads of a deleted job may be left', {
        uid: object.metadata.uid,
        object: objectKey(object),
      });
    },
  };
}

/** Resolves when all has ended: `lost` where another leads now, so that this process must not go on. */
export async function runOperator(run: OperatorRun): Promise<LeadershipEnd> {
  const { settings, log, metrics, access, spans, signal, version } = run;
  const { podName, podNamespace, leaseName, namespaces } = settings;
  const clock = systemClock;
  const random = Math.random;
  const transport = createTransport({
    ...{ access, clock, random, userAgent: `deid-operator/${version}` },
    onTry: ({ verb, resource, code, durationMs }) => {
      metrics.requests.inc({ verb, resource, code: code === 0 ? 'error' : String(code) });
      metrics.requestSeconds.observe({ verb, resource }, durationMs / 1000);
    },
  });
  const recorder = new EventRecorder({
    ...{ transport, clock, controller: 'deid.imaging/operator', instance: podName },
    onDropped: (reason) => metrics.eventsDropped.inc({ reason }),
  });
  const observer = observerOf(run, tellerOf(run, recorder));
  const controller = new Controller({
    ...{ transport, clock, random, namespaces, observer, settings: settings.children },
    readCounters: (address) => readCounters(address, settings.children.progressPort),
  });
  const vitals = (): Vitals => ({
    nowMs: clock.monotonicMs(),
    isStopping: signal.aborted,
    isSynced: controller.caches.isSynced,
    lastHeardMs: (kind) => controller.caches.lastHeardMs(kind),
    longestPassMs: Math.max(...queueNames.map((name) => controller.longestPassMs(name))),
  });
  observeSources(metrics, {
    jobs: () => controller.caches.all('deidjobs'),
    queueState: (name) => controller.queueState(name),
    longestPassMs: (name) => controller.longestPassMs(name),
    isKindSynced: (kind) => controller.caches.isKindSynced(kind),
    lastHeardSeconds: (kind) =>
      (clock.now().getTime() - clock.monotonicMs() + controller.caches.lastHeardMs(kind)) / 1000,
  });
  const server = await serveProbes(settings.port, {
    illness: () => illness(vitals()),
    unreadiness: () => unreadiness(vitals()),
    metrics: () => metrics.registry.metrics(),
  });
  run.onListening?.((server.address() as AddressInfo).port);
  log.info('started', { object: `${podNamespace}/${podName}` });
  controller.start();
  try {
    // Who has not seen everything yet leaves the lease to others.
    await Promise.race([controller.caches.whenSynced(), aborted(signal)]);
    if (signal.aborted) return 'released';
    return await leadWhenElected(
      {
        ...{ transport, clock, random, namespace: podNamespace, name: leaseName },
        identity: `${podName}_${randomUUID()}`,
        onState: (state) => {
          metrics.leader.set(state === 'leading' ? 1 : 0);
          log.info('leadership', { state });
        },
        onFailedTry: (error) => log.warn('the lease could not be taken or renewed', errorFields(error)),
        onOverrun: () => {
          log.error('the lease is lost, and work has not ended');
          run.exit(1);
        },
      },
      (leading) => controller.lead(leading),
      signal,
    );
  } finally {
    await Promise.all([recorder.stop(eventGraceMs), spans.stop()]);
    await controller.stop();
    await transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
