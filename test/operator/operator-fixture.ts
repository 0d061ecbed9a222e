/** Operators over a fake API server whose Jobs' pods end as a worker's would. */
import type { Counters } from '../../crds/records/counters.ts';
import type { DeidJobStatus } from '../../crds/v1alpha1/job-status.ts';
import type { JobEvent } from '../../operator/controller/job-events.ts';
import { jobEvents, uploadsLeft } from '../../operator/controller/job-events.ts';
import type { FinishedPass } from '../../operator/controller/work-loop.ts';
import { Controller } from '../../operator/controller.ts';
import { systemClock } from '../../operator/kube/clock.ts';
import type { KubeObject } from '../../operator/kube/object.ts';
import { createTransport, type Transport } from '../../operator/kube/transport.ts';
import { jobPermissions } from '../../operator/permissions.ts';
import { childSettings, type JobOptions, rawJob } from '../builders/operator-job.ts';
import {
  type ScriptedWorker,
  type ScriptedWorkerOptions,
  scriptedWorker,
} from '../builders/scripted-worker.ts';
import { type FakeApiServer, startFakeApiServer } from '../fake-api-server/fake-api-server.ts';
import type { SeenRequest } from '../fake-api-server/faults.ts';
import { type JobController, type PodScript, startJobController } from '../fake-api-server/job-controller.ts';
import { jobs, type Kind, namespaces, pods } from '../fake-api-server/kinds.ts';

export const deidjobs: Kind = {
  ...{ group: 'deid.imaging', version: 'v1alpha1', plural: 'deidjobs', kind: 'DeidJob' },
  ...{ namespaced: true, hasStatus: true },
};
export const deidprofiles: Kind = { ...deidjobs, plural: 'deidprofiles', kind: 'DeidProfile' };

const writer = { manager: 'test' };

/** Whether the roles of the chart allow the request. */
export function isPermitted({ verb, resource, path }: SeenRequest): boolean {
  return jobPermissions.some(
    ({ apiGroup, resources, verbs }) =>
      resources.includes(resource) &&
      verbs.includes(verb) &&
      path.startsWith(apiGroup === '' ? '/api/' : `/apis/${apiGroup}/`),
  );
}

export interface RunningOperator {
  readonly controller: Controller;
  readonly passes: readonly FinishedPass[];
  readonly events: readonly JobEvent[];
  /** Ends it as a clean stop does. */
  stop(): Promise<void>;
}

export interface OperatorOptions {
  /** Stands between the operator and its calls. */
  readonly through?: (transport: Transport) => Transport;
  readonly readCounters?: (address: string) => Promise<Counters | undefined>;
  readonly pollPeriodMs?: number;
}

export class OperatorFixture {
  readonly server: FakeApiServer;
  readonly worker: ScriptedWorker;
  readonly #jobController: JobController;
  readonly #operators: RunningOperator[] = [];

  private constructor(server: FakeApiServer, worker: ScriptedWorker, jobController: JobController) {
    this.server = server;
    this.worker = worker;
    this.#jobController = jobController;
  }

  /** Pods end by the script, where there is one, instead of the scripted worker. */
  static async start(options: ScriptedWorkerOptions, script?: PodScript): Promise<OperatorFixture> {
    const server = await startFakeApiServer({ kinds: [deidjobs, deidprofiles] });
    server.allow('operator', isPermitted);
    const worker = scriptedWorker(() => server, options);
    const jobController = startJobController(server, script ?? worker.script);
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' } };
    server.objects.create(namespaces, undefined, namespace, writer);
    return new OperatorFixture(server, worker, jobController);
  }

  get jobController(): JobController {
    return this.#jobController;
  }

  async stop(): Promise<void> {
    for (const operator of this.#operators) await operator.stop();
    this.#jobController.stop();
    await this.server.stop();
  }

  /** Starts an operator that leads. */
  lead(options: OperatorOptions = {}): RunningOperator {
    const { through = (transport: Transport) => transport } = options;
    const passes: FinishedPass[] = [];
    const events: JobEvent[] = [];
    const transport = createTransport({
      access: this.server.access('operator'),
      clock: systemClock,
      random: Math.random,
      userAgent: 'test',
      backoff: { baseMs: 10, maximumMs: 100, jitter: 0.5 },
    });
    const controller = new Controller({
      transport: through(transport),
      clock: systemClock,
      random: Math.random,
      settings: childSettings,
      namespaces: [],
      observer: {
        onPass: (_, pass) => passes.push(pass),
        onAdded: () => {},
        onTaken: () => {},
        onRestart: () => {},
        onHandlerError: (error) => {
          throw error;
        },
        onStatus: ({ before, after }) => events.push(...jobEvents(before, after)),
        onStarted: () => {},
        onUploadsLeft: () => events.push(uploadsLeft),
        onGone: () => {},
      },
      readCounters: options.readCounters ?? (async () => undefined),
      ...(options.pollPeriodMs === undefined ? {} : { pollPeriodMs: options.pollPeriodMs }),
    });
    const stopping = new AbortController();
    controller.start();
    const leading = controller.lead(stopping.signal);
    const operator: RunningOperator = {
      controller,
      passes,
      events,
      stop: async () => {
        stopping.abort();
        await leading;
        await controller.stop();
        await transport.close();
      },
    };
    this.#operators.push(operator);
    return operator;
  }

  /** What `kubectl apply` does with a new job. */
  apply(options: JobOptions = {}): KubeObject {
    const { metadata, ...rest } = rawJob(options) as unknown as KubeObject;
    const { name, labels = {} } = metadata;
    return this.server.objects.create(deidjobs, 'ns', { ...rest, metadata: { name, labels } }, writer);
  }

  create(kind: Kind, body: Readonly<Record<string, unknown>>): KubeObject {
    return this.server.objects.create(kind, 'ns', body, writer);
  }

  patch(name: string, body: Readonly<Record<string, unknown>>): void {
    this.server.objects.mergePatch(
      { kind: deidjobs, namespace: 'ns', name, subresource: undefined },
      body,
      writer,
    );
  }

  delete(name: string): void {
    this.server.objects.delete({ kind: deidjobs, namespace: 'ns', name, subresource: undefined }, {});
  }

  job(name = 'j'): KubeObject | undefined {
    return this.server.storage.get(deidjobs, `ns/${name}`);
  }

  status(name = 'j'): DeidJobStatus {
    return (this.job(name)?.status ?? {}) as DeidJobStatus;
  }

  condition(type: string, name = 'j'): string {
    const found = this.status(name).conditions?.find((each) => each.type === type);
    return found === undefined ? 'none' : `${found.status} ${found.reason}`;
  }

  children(): readonly KubeObject[] {
    return this.server.storage.all(jobs);
  }

  pods(): readonly KubeObject[] {
    return this.server.storage.all(pods);
  }

  /** The writes that operators have asked for. */
  get writes(): readonly SeenRequest[] {
    return this.server.requests.filter(
      ({ user, verb }) => user === 'operator' && !['get', 'list', 'watch'].includes(verb),
    );
  }
}

/** Resolves as soon as it holds; rejects after a while. */
export async function eventually(holds: () => boolean, what: string, timeoutMs = 20_000): Promise<void> {
  const untilMs = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > untilMs) throw new Error(`it never came to: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
