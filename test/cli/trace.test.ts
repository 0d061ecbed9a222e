/** The span of a step in a pod. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { it } from 'node:test';
import { exitCodes } from '../../crds/records/exit-codes.ts';
import { type EndedStep, parentOf, traceStep } from '../../worker/cli/step-trace.ts';

const traceId = '0123456789abcdef0123456789abcdef';
const spanId = '0123456789abcdef';

function step(endpoint: string, more: Partial<EndedStep> = {}): EndedStep {
  return {
    argv: ['process', '--run-spec=/secret/GRUENSPECHT', '--attempt=1', '--index=7', '--key-file=/k'],
    env: { TRACEPARENT: `00-${traceId}-${spanId}-01`, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    exitCode: exitCodes.ObjectsFailed.code,
    startMs: 1000,
    endMs: 2000,
    version: '0.0.0',
    ...more,
  };
}

it('joins the trace of the job and tells the step, its numbers and how it ended, and nothing else', async () => {
  const bodies: string[] = [];
  const collector = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  await traceStep(step(endpoint));
  await traceStep(step(endpoint, { argv: ['verify'] }));
  collector.closeAllConnections();
  collector.close();
  assert.equal(bodies.length, 1);
  const [span] = JSON.parse(bodies[0] ?? '').resourceSpans[0].scopeSpans[0].spans;
  assert.deepEqual([span.traceId, span.parentSpanId, span.name], [traceId, spanId, 'deid process']);
  assert.deepEqual(span.attributes, [
    { key: 'attempt', value: { intValue: 1 } },
    { key: 'index', value: { intValue: 7 } },
    { key: 'exit', value: { stringValue: 'ObjectsFailed' } },
  ]);
  assert.ok(!bodies[0]?.includes('GRUENSPECHT') && !bodies[0]?.includes('key-file'));
});

it('is lost where no collector answers, and the step ends all the same', async () => {
  await traceStep(step('http://127.0.0.1:9'));
});

/** What a collector may do with a connection instead of answering. */
const silences: Readonly<Record<string, (socket: Socket) => void>> = {
  'accepts and never answers': () => {},
  'begins an answer and never ends it': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    const trickle = setInterval(() => socket.write('1\r\n \r\n'), 100);
    socket.on('close', () => clearInterval(trickle));
  },
};
for (const [what, act] of Object.entries(silences)) {
  it(`is lost where the collector ${what}, and the pod ends in time with the code of its step`, async () => {
    const sockets: Socket[] = [];
    const collector = createTcpServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      act(socket);
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    const { env } = step(`http://127.0.0.1:${port}`);
    const program = new URL('../../worker/cli/main.ts', import.meta.url).pathname;
    const pod = spawn(process.execPath, [program, 'plan', '--bad'], { env: { ...process.env, ...env } });
    const [code] = await once(pod, 'exit', { signal: AbortSignal.timeout(30_000) });
    assert.equal(code, exitCodes.Usage.code);
    assert.equal(sockets.length, 1);
    for (const socket of sockets) socket.destroy();
    collector.close();
  });
}

it('is none without a trace, or with one that is not well formed', async () => {
  assert.deepEqual(parentOf(`00-${traceId}-${spanId}-01`), { traceId, spanId });
  assert.equal(parentOf(`01-${traceId}-${spanId}-01`), undefined);
  await traceStep(step('http://127.0.0.1:9', { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } }));
});
