/** Sends spans of jobs by OTLP over HTTP. The libraries for it are loaded only where a collector is named. */
import type { JobSpan } from './job-spans.ts';

export interface SpanSink {
  /** Has the span sent some time; never fails. */
  send(span: JobSpan): void;
  /** Sends what waits, for {@link stopMs} at the longest. A collector may hold a connection even then: end the process. */
  stop(): Promise<void>;
}

/** Milliseconds that the sending of what waits may hold the end of the process up. */
const stopMs = 3000;

export const noSpans: SpanSink = Object.freeze({ send: () => {}, stop: async () => {} });

/** Sends to the collector at the address, such as `http://collector:4318`; to none where it is undefined. */
export async function openSpanSink(endpoint: string | undefined, version: string): Promise<SpanSink> {
  if (endpoint === undefined || endpoint === '') return noSpans;
  const { ROOT_CONTEXT, SpanStatusCode, trace: traces, TraceFlags } = await import('@opentelemetry/api');
  const { BatchSpanProcessor, RandomIdGenerator, TracerProvider } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const random = new RandomIdGenerator();
  /** The ids of the root span that is being made, which follow from the job. */
  let root: JobSpan['trace'] | undefined;
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'deid-operator', 'service.version': version }),
    idGenerator: {
      generateTraceId: () => root?.traceId ?? random.generateTraceId(),
      generateSpanId: () => root?.spanId ?? random.generateSpanId(),
    },
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('deid-operator', version);
  return {
    send: ({ name, trace, isRoot, startMs, endMs, hasFailed, attributes }) => {
      root = isRoot ? trace : undefined;
      const parent = traces.setSpanContext(ROOT_CONTEXT, {
        ...trace,
        traceFlags: TraceFlags.SAMPLED,
        isRemote: true,
      });
      const context = isRoot ? ROOT_CONTEXT : parent;
      const span = tracer.startSpan(name, { startTime: startMs, attributes }, context);
      root = undefined;
      if (hasFailed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(endMs);
    },
    stop: async () => {
      const over = Promise.withResolvers<void>();
      const timer = setTimeout(over.resolve, stopMs);
      await Promise.race([provider.shutdown().catch(() => {}), over.promise]);
      clearTimeout(timer);
    },
  };
}
