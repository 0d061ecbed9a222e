/**
 * The span of a step in a pod: it joins the trace that the operator names, and goes by OTLP over HTTP to the collector that the
 * pod's environment names. A trace never fails a step, and without a collector no library for it is loaded.
 */
import { exitCodeName } from '../../crds/records/exit-codes.ts';

/** A step that has ended. */
export interface EndedStep {
  /** The command's words, of which only the step and numbers are told. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exitCode: number;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly version: string;
}

const steps: ReadonlySet<string> = new Set(['plan', 'process', 'finish', 'cleanup']);
/** Options whose values are numbers of ours. */
const told = ['attempt', 'index'] as const;
/** Milliseconds that sending may take: a pod that is stopped has little time. */
const sendTimeoutMs = 2000;

/** Trace and parent span of a `traceparent` (W3C Trace Context, version 00); undefined where it is none. */
export function parentOf(text: string): { readonly traceId: string; readonly spanId: string } | undefined {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(text) ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}

function attributesOf({ argv, exitCode }: EndedStep): Record<string, string | number> {
  const numbers = told.flatMap((name) => {
    const [, value] = argv.map((word) => new RegExp(`^--${name}=(\\d{1,9})$`).exec(word)).find(Boolean) ?? [];
    return value === undefined ? [] : [[name, Number(value)] as const];
  });
  return { ...Object.fromEntries(numbers), exit: exitCodeName(exitCode) ?? 'Unknown' };
}

/**
 * Resolves when the span is sent, or cannot be, after {@link sendTimeoutMs} at the latest. A collector that does not end its
 * answer still holds a connection then: end the process.
 */
export async function traceStep(step: EndedStep): Promise<void> {
  const { env, argv, exitCode, startMs, endMs, version } = step;
  const [name = ''] = argv;
  const parent = parentOf(env.TRACEPARENT ?? '');
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT ?? '';
  if (parent === undefined || endpoint === '' || !steps.has(name)) return;
  const { ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags } = await import('@opentelemetry/api');
  const { SimpleSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: sendTimeoutMs });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'deid-worker', 'service.version': version }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const context = trace.setSpanContext(ROOT_CONTEXT, {
    ...parent,
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
  const span = provider
    .getTracer('deid-worker', version)
    .startSpan(`deid ${name}`, { startTime: startMs, attributes: attributesOf(step) }, context);
  if (exitCode !== 0) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(endMs);
  // The exporter's own limit does not hold for an answer that begins and never ends.
  await withinMs(sendTimeoutMs, provider.shutdown());
}

/** Resolves when the work has ended, well or not, or its time is over. */
async function withinMs(ms: number, work: Promise<unknown>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  await Promise.race([work.catch(() => {}), over.promise]);
  clearTimeout(timer);
}
