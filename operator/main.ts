/** The operator's process: wires what the other files are, and stops in the right order. */
import { readFileSync } from 'node:fs';
import { defaultAccess } from './kube/cluster-access.ts';
import { runOperator } from './run-operator.ts';
import { settingsFromEnvironment } from './settings-from-environment.ts';
import { createLog, errorFields, type Log } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { openSpanSink } from './telemetry/traces.ts';

/** Milliseconds after a signal by which the process has ended, within the pod's grace of 30 seconds. */
const forceStopMs = 25_000;

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Whatever nobody expected ends the process, and only its class and place are told. */
function endOnDefects(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error('ended by an error that nobody expected', errorFields(error));
      process.exit(1);
    });
  }
}

function stopOnSignals(log: Log): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      log.info('stopping', { reason: name });
      stopping.abort();
      setTimeout(() => {
        log.error('the stop took too long');
        process.exit(1);
      }, forceStopMs).unref();
    });
  }
  return stopping.signal;
}

async function main(): Promise<number> {
  const read = settingsFromEnvironment(process.env);
  if (!read.ok) {
    const variables = read.problems.map(({ path }) => path);
    createLog('info').error('variables of the environment are missing or wrong', { variables });
    return 2;
  }
  const settings = read.document;
  const log = createLog(settings.logLevel);
  endOnDefects(log);
  const end = await runOperator({
    settings,
    log,
    metrics: createMetrics(version()),
    access: await defaultAccess(process.env),
    spans: await openSpanSink(process.env.OTEL_EXPORTER_OTLP_ENDPOINT, version()),
    version: version(),
    signal: stopOnSignals(log),
    exit: (code) => process.exit(code),
  });
  log.info('stopped', { state: end });
  return end === 'released' ? 0 : 1;
}

// Connections that others do not let go of, such as that to a collector of traces, do not keep the process.
process.exit(await main());
