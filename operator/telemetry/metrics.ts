/** Metrics of the operator (Prometheus). No label names a job. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import { type Watched, watched } from '../controller/caches.ts';
import { type QueueName, queueNames } from '../controller.ts';
import type { KubeObject } from '../kube/object.ts';
import type { WorkQueueState } from '../kube/work-queue.ts';

/** What is looked up when metrics are read. */
export interface MetricSources {
  readonly jobs: () => readonly KubeObject[];
  readonly queueState: (name: QueueName) => WorkQueueState | undefined;
  readonly longestPassMs: (name: QueueName) => number;
  readonly isKindSynced: (kind: Watched) => boolean;
  /** Seconds since the epoch at which a watch of the kind was last heard of. */
  readonly lastHeardSeconds: (kind: Watched) => number;
}

/** Where a job stands, as a metric counts it: the reason of its condition Complete, or that it is stalled or suspended. */
export function jobState(job: KubeObject): string {
  const { conditions = [] } = (job.status ?? {}) as DeidJobStatus;
  const holding = (type: string) => conditions.some((each) => each.type === type && each.status === 'True');
  if (holding('Complete')) return 'complete';
  if (holding('Failed')) return 'failed';
  if (holding('Stalled')) return 'stalled';
  if (holding('Suspended')) return 'suspended';
  const reason = conditions.find(({ type }) => type === 'Complete')?.reason ?? 'Accepting';
  return reason.toLowerCase();
}

export const jobStates = [
  ...['accepting', 'planning', 'processing', 'finishing', 'suspended', 'stalled', 'complete', 'failed'],
] as const;

/** Seconds. */
const passBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const latencyBuckets = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800];
const durationBuckets = [60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 259_200];

export function createMetrics(version: string) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly L[],
  ) => new Histogram({ name, help, buckets, labelNames: [...labelNames], registers });

  gauge('deid_operator_build_info', 'The version that runs.', ['version']).set({ version }, 1);
  const leader = gauge('leader_election_master_status', 'Whether this process leads.', []);
  leader.set(0);

  return {
    registry,
    leader,
    reconciles: counter('deidjob_reconcile_total', 'Passes over jobs by how they ended.', ['result']),
    reconcileSeconds: histogram(
      'deidjob_reconcile_duration_seconds',
      'Time of a pass over a job.',
      passBuckets,
      [],
    ),
    queueAdds: counter('workqueue_adds_total', 'Keys added.', ['name']),
    queueRetries: counter('workqueue_retries_total', 'Passes that are to be repeated.', ['name']),
    queueSeconds: histogram('workqueue_queue_duration_seconds', 'Time that keys waited.', passBuckets, [
      'name',
    ]),
    requests: counter('kube_api_requests_total', 'Calls to the API server.', ['verb', 'resource', 'code']),
    requestSeconds: histogram(
      'kube_api_request_duration_seconds',
      'Time of calls to the API server, of watches until they began.',
      passBuckets,
      ['verb', 'resource'],
    ),
    informerRestarts: counter('informer_restarts_total', 'Watches that were followed by another.', [
      'resource',
      'reason',
    ]),
    finished: counter('deidjob_finished_total', 'Jobs that ended.', ['namespace', 'result', 'reason']),
    durationSeconds: histogram('deidjob_duration_seconds', 'Time from acceptance to end.', durationBuckets, [
      'result',
    ]),
    startSeconds: histogram(
      'deidjob_start_latency_seconds',
      'Time from the making of a job to that of its first child.',
      latencyBuckets,
      [],
    ),
    objects: counter('deid_objects_total', 'Objects by outcome, when their attempt is sealed.', [
      'namespace',
      'result',
    ]),
    bytes: counter('deid_bytes_total', 'Bytes of source objects, when their attempt is sealed.', [
      'namespace',
      'direction',
    ]),
    eventsDropped: counter('deid_operator_events_dropped_total', 'Events that were not sent.', ['reason']),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;

/** Adds the metrics that are looked up when they are read. */
export function observeSources({ registry }: Metrics, sources: MetricSources): void {
  const registers = [registry];
  const looked = (name: string, help: string, labelNames: string[], look: (gauge: Gauge) => void) =>
    new Gauge({
      ...{ name, help, labelNames, registers },
      collect() {
        this.reset();
        look(this);
      },
    });
  looked('deidjobs', 'Jobs by where they stand.', ['state'], (gauge) => {
    for (const state of jobStates) gauge.set({ state }, 0);
    for (const job of sources.jobs()) gauge.inc({ state: jobState(job) });
  });
  looked('workqueue_depth', 'Keys that wait for a worker.', ['name'], (gauge) => {
    for (const name of queueNames) gauge.set({ name }, sources.queueState(name)?.ready ?? 0);
  });
  looked('workqueue_longest_running_processor_seconds', 'Time of the longest pass.', ['name'], (gauge) => {
    for (const name of queueNames) gauge.set({ name }, sources.longestPassMs(name) / 1000);
  });
  looked('informer_synced', 'Whether all objects were listed.', ['resource'], (gauge) => {
    for (const resource of watched) gauge.set({ resource }, sources.isKindSynced(resource) ? 1 : 0);
  });
  looked(
    'informer_last_event_timestamp_seconds',
    'When the server was last heard of.',
    ['resource'],
    (gauge) => {
      for (const resource of watched) gauge.set({ resource }, sources.lastHeardSeconds(resource));
    },
  );
}

function condition({ conditions = [] }: DeidJobStatus, type: string) {
  return conditions.find((each) => each.type === type && each.status === 'True');
}

const outcomes = ['deidentified', 'review', 'rejected', 'skipped', 'failed'] as const;

/** Counts what a change of a job's status says: its end, and what a sealed attempt came to beyond the last one. */
export function countStatus(
  metrics: Metrics,
  namespace: string,
  before: DeidJobStatus,
  after: DeidJobStatus,
): void {
  for (const [type, result] of [
    ['Complete', 'complete'],
    ['Failed', 'failed'],
  ] as const) {
    const ended = condition(after, type);
    if (ended === undefined || condition(before, type) !== undefined) continue;
    metrics.finished.inc({ namespace, result, reason: ended.reason });
    const { startTime, completionTime } = after;
    if (startTime === undefined || completionTime === undefined) continue;
    metrics.durationSeconds.observe({ result }, (Date.parse(completionTime) - Date.parse(startTime)) / 1000);
  }
  for (const result of outcomes) {
    const more = (after.objects?.[result] ?? 0) - (before.objects?.[result] ?? 0);
    if (more > 0) metrics.objects.inc({ namespace, result }, more);
  }
  const moreBytes = (after.bytes ?? 0) - (before.bytes ?? 0);
  if (moreBytes > 0) metrics.bytes.inc({ namespace, direction: 'in' }, moreBytes);
}
