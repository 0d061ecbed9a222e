import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from './api-error.ts';
import { type EventNews, EventRecorder, type EventRecorderOptions } from './event-recorder.ts';
import { manualClock } from './manual-clock.ts';
import type { KubeObject } from './object.ts';
import type { CallOptions, Transport } from './transport.ts';

type Call = CallOptions & { readonly path: string };
interface SentEvent {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly note: string;
  readonly series?: { readonly count: number };
}

function object(name: string, uid = name): KubeObject {
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name, namespace: 'n', uid, resourceVersion: '1' } };
}
function news(regarding: KubeObject, more: Partial<EventNews> = {}): EventNews {
  return { regarding, type: 'Normal', reason: 'Done', action: 'Do', note: 'It is done.', ...more };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function setting(answer: (call: Call) => void = () => {}, options: Partial<EventRecorderOptions> = {}) {
  const clock = manualClock();
  const calls: Call[] = [];
  const dropped: string[] = [];
  const transport: Transport = {
    call: async (path, call = {}) => {
      calls.push({ ...call, path });
      answer({ ...call, path });
      const { metadata } = call.body as SentEvent;
      return { metadata: { ...metadata, uid: 'u', resourceVersion: '1' } };
    },
    watch: () => assert.fail('nobody watches'),
    close: async () => {},
  };
  const recorder = new EventRecorder({
    transport,
    clock,
    controller: 'example.com/controller',
    instance: 'controller-0',
    onDropped: (why) => dropped.push(why),
    ...options,
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { recorder, clock, calls, dropped, pass };
}

const body = (call: Call | undefined) => call?.body as SentEvent;

test('an event says what happened to what, and who says so', async () => {
  const { recorder, calls, pass } = setting();
  recorder.record(news(object('a'), { type: 'Warning' }));
  await pass(0);
  assert.equal(calls[0]?.path, '/apis/events.k8s.io/v1/namespaces/n/events');
  const { metadata, ...event } = body(calls[0]);
  assert.match(metadata.name, /^a\.[0-9a-f]+$/);
  assert.deepEqual(event, {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    eventTime: '1970-01-01T00:00:00.000000Z',
    reportingController: 'example.com/controller',
    reportingInstance: 'controller-0',
    action: 'Do',
    reason: 'Done',
    type: 'Warning',
    note: 'It is done.',
    regarding: { apiVersion: 'v1', kind: 'Thing', name: 'a', namespace: 'n', uid: 'a', resourceVersion: '1' },
  });
});

test('the same reason of the same object is one event, whose series is written now and then', async () => {
  const { recorder, calls, pass } = setting();
  recorder.record(news(object('a')));
  await pass(0);
  for (let count = 0; count < 2; count += 1) recorder.record(news(object('a')));
  await pass(29_999);
  assert.equal(calls.length, 1);
  await pass(1);
  assert.equal(calls[1]?.method, 'PATCH');
  assert.equal(calls[1]?.path, `/apis/events.k8s.io/v1/namespaces/n/events/${body(calls[0]).metadata.name}`);
  assert.deepEqual(calls[1]?.body, { series: { count: 3, lastObservedTime: '1970-01-01T00:00:00.000000Z' } });
  for (let count = 0; count < 100; count += 1) {
    recorder.record(news(object('a')));
    await pass(100);
  }
  assert.equal(calls.length, 2);
  await pass(30_000);
  assert.equal(body(calls[2]).series?.count, 103);
});

test('other reasons and other objects of the name are other events, and so is a reason that comes again late', async () => {
  const { recorder, calls, pass } = setting();
  recorder.record(news(object('a', 'first')));
  recorder.record(news(object('a', 'first'), { reason: 'Undone' }));
  recorder.record(news(object('a', 'second')));
  await pass(0);
  await pass(400_000);
  recorder.record(news(object('a', 'first')));
  await pass(0);
  assert.deepEqual(
    calls.map(({ method }) => method),
    ['POST', 'POST', 'POST', 'POST'],
  );
  assert.equal(new Set(calls.map((call) => body(call).metadata.name)).size, 4);
});

test('what comes too fast is sent later, and what is too much is dropped', async () => {
  const { recorder, calls, dropped, pass } = setting();
  for (let count = 0; count < 600; count += 1) recorder.record(news(object(`a${count}`)));
  await pass(0);
  assert.equal(calls.length, 50);
  assert.equal(dropped.filter((why) => why === 'rate').length, 99);
  for (let second = 0; second < 100; second += 1) for (let part = 0; part < 5; part += 1) await pass(200);
  assert.ok(calls.length >= 500 && calls.length <= 501);
});

test('an event that is refused is counted and forgotten', async () => {
  let refuses = true;
  const { recorder, calls, dropped, pass } = setting(() => {
    if (refuses) throw new ApiError({ call: 'create events', code: 403, reason: 'Forbidden' });
  });
  recorder.record(news(object('a')));
  await pass(0);
  assert.deepEqual(dropped, ['refused']);
  refuses = false;
  recorder.record(news(object('b')));
  await pass(0);
  assert.equal(calls.length, 2);
});

test('a series whose event is gone goes on in a new one', async () => {
  let isGone = false;
  const { recorder, calls, pass } = setting(({ method }) => {
    if (isGone && method === 'PATCH')
      throw new ApiError({ call: 'patch events', code: 404, reason: 'NotFound' });
  });
  recorder.record(news(object('a')));
  await pass(0);
  isGone = true;
  recorder.record(news(object('a')));
  await pass(30_000);
  recorder.record(news(object('a')));
  await pass(30_000);
  assert.deepEqual(
    calls.map(({ method }) => method),
    ['POST', 'PATCH', 'POST'],
  );
  assert.equal(body(calls[2]).series?.count, 3);
});

test('notes are cut at whole characters', async () => {
  const { recorder, calls, pass } = setting();
  recorder.record(news(object('a'), { note: `x${'ü'.repeat(1000)}` }));
  await pass(0);
  const { note } = body(calls[0]);
  assert.ok(Buffer.byteLength(note) <= 1024);
  assert.match(note, /^xü+…$/);
});

test('stopping sends what waits, within its time, and takes nothing more', async () => {
  const { recorder, calls, pass } = setting();
  recorder.record(news(object('a')));
  await pass(0);
  recorder.record(news(object('a')));
  const stopped = recorder.stop(1000);
  await pass(0);
  await stopped;
  assert.equal(body(calls[1]).series?.count, 2);
  recorder.record(news(object('b')));
  await pass(0);
  assert.equal(calls.length, 2);
});

test('stopping does not wait for a server that does not answer', async () => {
  const never: Transport = {
    call: (_path, { signal } = {}) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () =>
          reject(new ApiError({ call: 'x', code: 0, reason: 'Aborted' })),
        );
      }),
    watch: () => assert.fail('nobody watches'),
    close: async () => {},
  };
  const { recorder, pass } = setting(() => {}, { transport: never });
  recorder.record(news(object('a')));
  const stopped = recorder.stop(1000);
  await pass(0);
  await pass(1000);
  await stopped;
});
