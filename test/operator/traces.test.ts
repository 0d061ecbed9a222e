/** Traces: one for each job, of operator and pods alike, sent to a collector on loopback. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { it } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { jobTrace, traceParent } from '../../operator/build/trace-parent.ts';
import { JobSpans } from '../../operator/telemetry/job-spans.ts';
import { noSpans, openSpanSink } from '../../operator/telemetry/traces.ts';
import { jobUid } from '../builders/operator-job.ts';

const nowMs = Date.parse('2026-01-01T00:01:00Z');

function status(reason: string, more: object = {}) {
  const condition = {
    type: 'Complete',
    status: 'False',
    reason,
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  } as const;
  return { attempt: 0, startTime: '2026-01-01T00:00:00Z', conditions: [condition], ...more };
}

function life() {
  const spans = new JobSpans();
  const changed = (before: object, after: object, seconds: number) =>
    spans.changed({ uid: jobUid, before, after, nowMs: nowMs + seconds * 1000 });
  const ended = status('Complete', { completionTime: '2026-01-01T00:02:00Z', plan: { shards: 3 } });
  return [
    ...changed({}, status('Planning'), 0),
    ...changed(status('Planning'), status('Planning', { bytes: 1 }), 5),
    ...changed(status('Planning'), status('Processing'), 10),
    ...changed(status('Processing'), ended, 60),
  ];
}

it('phases are spans below that of the job, whose id pods know', () => {
  const told = life().map(({ name, isRoot, startMs, endMs }) => [name, isRoot, (endMs - startMs) / 1000]);
  assert.deepEqual(told, [
    ['Planning', false, 10],
    ['Processing', false, 50],
    ['DeidJob', true, 120],
  ]);
});

it('of a job that is gone nothing is remembered', () => {
  const spans = new JobSpans();
  spans.changed({ uid: jobUid, before: {}, after: status('Planning'), nowMs });
  spans.forget(jobUid);
  const change = { uid: jobUid, before: status('Planning'), after: status('Processing'), nowMs };
  assert.deepEqual(spans.changed(change), []);
});

it('spans reach the collector under ids that follow from the job', async () => {
  const bodies: string[] = [];
  const collector = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(`${request.url} ${body}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const sink = await openSpanSink(`http://127.0.0.1:${(collector.address() as AddressInfo).port}/`, '0.0.0');
  for (const span of life()) sink.send(span);
  await sink.stop();
  collector.closeAllConnections();
  collector.close();
  const [path, ...json] = (bodies[0] ?? '').split(' ');
  assert.equal(path, '/v1/traces');
  const sent = JSON.parse(json.join(' ')).resourceSpans[0].scopeSpans[0].spans as readonly Record<
    string,
    string
  >[];
  const { traceId, spanId } = jobTrace(jobUid);
  assert.ok(sent.every((span) => span.traceId === traceId));
  const root = sent.find(({ name }) => name === 'DeidJob');
  assert.equal(root?.spanId, spanId);
  assert.ok(sent.filter((span) => span !== root).every(({ parentSpanId }) => parentSpanId === spanId));
  assert.equal(traceParent(jobUid), `00-${traceId}-${spanId}-01`);
});

it('a collector that begins an answer and never ends it does not hold up the end of the operator', async () => {
  const sockets: Socket[] = [];
  const collector = createTcpServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const sink = await openSpanSink(`http://127.0.0.1:${(collector.address() as AddressInfo).port}`, '0.0.0');
  for (const span of life()) sink.send(span);
  const stopped = sink.stop().then(() => 'stopped');
  assert.equal(await Promise.race([stopped, after(8000, 'held up', { ref: false })]), 'stopped');
  for (const socket of sockets) socket.destroy();
  collector.close();
});

it('no collector, no library', async () => {
  assert.equal(await openSpanSink(undefined, '0.0.0'), noSpans);
});
