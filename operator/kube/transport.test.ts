import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, test } from 'node:test';
import { ApiError } from './api-error.ts';
import { systemClock } from './clock.ts';
import { type ClusterAccess, tokenAccess } from './cluster-access.ts';
import { manualClock } from './manual-clock.ts';
import { createTransport, type FinishedTry, type Transport, type TransportOptions } from './transport.ts';

type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => void;

const json =
  (code: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    void response
      .writeHead(code, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));
const refused = (code: number, reason: string, headers?: Readonly<Record<string, string>>) =>
  json(code, { kind: 'Status', code, reason }, headers);
const reset: Answer = (response) => void response.socket?.destroy();
const silent: Answer = () => {};

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

interface Setting {
  readonly transport: Transport;
  readonly seen: {
    readonly line: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
  readonly tries: FinishedTry[];
  readonly connections: () => number;
}

/** A server that gives these answers in order, the last one for ever, and a transport to it. */
async function setting(
  answers: readonly Answer[],
  options: Partial<TransportOptions> & {
    readonly path?: string;
    readonly wrap?: (a: ClusterAccess) => ClusterAccess;
  } = {},
): Promise<Setting> {
  const seen: Setting['seen'] = [];
  const tries: FinishedTry[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString();
    const answer = answers[Math.min(seen.length, answers.length - 1)] ?? reset;
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    answer(response, request, body);
  }).listen(0, '127.0.0.1');
  server.on('connection', () => {
    connections += 1;
  });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const access = tokenAccess(`http://127.0.0.1:${port}${options.path ?? ''}`, 'secret');
  const transport = createTransport({
    access: options.wrap?.(access) ?? access,
    clock: systemClock,
    random: () => 0,
    userAgent: 'tester/1',
    onTry: (finished) => tries.push(finished),
    backoff: { baseMs: 1, maximumMs: 2, jitter: 0 },
    ...options,
  });
  ends.push(async () => {
    await transport.close();
    server.closeAllConnections();
    server.close();
  });
  return { transport, seen, tries, connections: () => connections };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => assert.fail('it went well'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ApiError);
  return error;
}

test('a call sends who it is and what it wants, and gives back the JSON as it is', async () => {
  const { transport, seen, tries } = await setting([json(201, { a: 1, fieldOfTomorrow: {} })], {
    path: '/base/',
  });
  const result = await transport.call('/apis/batch/v1/namespaces/a/jobs', {
    method: 'POST',
    query: { fieldManager: 'me & you', dryRun: undefined },
    body: { b: 'ü' },
  });
  assert.deepEqual(result, { a: 1, fieldOfTomorrow: {} });
  const [request] = seen;
  assert.equal(request?.line, 'POST /base/apis/batch/v1/namespaces/a/jobs?fieldManager=me+%26+you');
  assert.equal(request?.headers.authorization, 'Bearer secret');
  assert.equal(request?.headers['user-agent'], 'tester/1');
  assert.equal(request?.headers['content-type'], 'application/json');
  assert.deepEqual(JSON.parse(request?.body ?? ''), { b: 'ü' });
  assert.deepEqual(
    tries.map(({ verb, resource, code }) => [verb, resource, code]),
    [['create', 'jobs', 201]],
  );
});

test('a patch is a merge patch unless it says otherwise', async () => {
  const { transport, seen } = await setting([json(200, {})]);
  await transport.call('/api/v1/pods/a', { method: 'PATCH', body: {} });
  await transport.call('/api/v1/pods/a', {
    method: 'PATCH',
    body: {},
    contentType: 'application/apply-patch+yaml',
  });
  assert.deepEqual(
    seen.map(({ headers }) => headers['content-type']),
    ['application/merge-patch+json', 'application/apply-patch+yaml'],
  );
});

test('calls share connections', async () => {
  const { transport, connections } = await setting([json(200, {})]);
  for (let count = 0; count < 20; count += 1) await transport.call('/version');
  assert.ok(connections() < 5);
});

test('what may help is tried again, as often as is said', async () => {
  const { transport, seen, tries } = await setting([
    reset,
    refused(503, 'ServiceUnavailable'),
    (response) => void response.writeHead(502).end('<html>'),
    json(200, { ok: true }),
  ]);
  assert.deepEqual(await transport.call('/version'), { ok: true });
  assert.equal(seen.length, 4);
  assert.deepEqual(
    tries.map(({ code }) => code),
    [0, 503, 502, 200],
  );
});

test('the last error comes out when tries are used up', async () => {
  const { transport, seen } = await setting([refused(503, 'ServiceUnavailable')]);
  assert.equal((await failure(transport.call('/version', { maxTries: 2 }))).code, 503);
  assert.equal(seen.length, 2);
});

test('a creation whose answer was lost is not sent again', async () => {
  const { transport, seen } = await setting([reset]);
  const error = await failure(transport.call('/api/v1/pods', { method: 'POST', body: {} }));
  assert.equal(error.reason, 'NoAnswer');
  assert.equal(seen.length, 1);
});

test('a creation that was turned away is sent again, after the rest that the server asks for', async () => {
  const slept: number[] = [];
  const clock = {
    ...systemClock,
    after: (delayMs: number, act: () => void) => {
      slept.push(delayMs);
      return systemClock.after(delayMs < 30_000 ? 0 : delayMs, act);
    },
  };
  const answers = [refused(429, 'TooManyRequests', { 'retry-after': '2' }), json(201, {})];
  const { transport, seen } = await setting(answers, { clock });
  await transport.call('/api/v1/pods', { method: 'POST', body: {} });
  assert.equal(seen.length, 2);
  assert.deepEqual(slept, [30_000, 2000, 30_000]);
});

test('a server that nobody listens for is unreachable', async () => {
  const { transport } = await setting([reset], {
    wrap: (access) => ({ ...access, server: 'http://127.0.0.1:1' }),
  });
  assert.equal((await failure(transport.call('/version', { maxTries: 1 }))).reason, 'Unreachable');
});

test('many calls that fail spend the budget, and are then tried once', async () => {
  const { transport, seen } = await setting([refused(500, 'InternalError')]);
  for (let count = 0; count < 30; count += 1) await failure(transport.call('/version'));
  assert.equal(seen.length, 30 + 50);
});

test('an answer that does not come in time is a timeout, and so is one that does not end', async () => {
  const beginning: Answer = (response) => void response.writeHead(200).write('{"a"');
  for (const answer of [silent, beginning]) {
    const clock = manualClock();
    const { transport, seen } = await setting([answer], { clock });
    const call = failure(transport.call('/version', { timeoutMs: 5000, maxTries: 1 }));
    await until(() => seen.length === 1);
    clock.advance(5000);
    const error = await call;
    assert.equal(error.reason, 'Timeout');
    assert.ok(error.isRetryable);
  }
});

test('an aborted call ends at once, also while it rests', async () => {
  const { transport, seen } = await setting([silent]);
  const gone = AbortSignal.abort();
  assert.ok((await failure(transport.call('/version', { signal: gone }))).isAborted);
  assert.equal(seen.length, 0);
  const controller = new AbortController();
  const resting = await setting([refused(503, 'ServiceUnavailable', { 'retry-after': '20' })]);
  const call = failure(resting.transport.call('/version', { signal: controller.signal }));
  await until(() => resting.tries.length === 1);
  controller.abort();
  assert.ok((await call).isAborted);
  assert.equal(resting.seen.length, 1);
});

test('a token that is refused is asked for once more, whatever the call', async () => {
  let token = 'old';
  let asked = 0;
  const wrap = (access: ClusterAccess): ClusterAccess => ({
    ...access,
    headers: async () => ({ authorization: `Bearer ${token}` }),
    refused: () => {
      asked += 1;
      token = 'new';
    },
  });
  const answers = [refused(401, 'Unauthorized'), json(201, {}), refused(401, 'Unauthorized')];
  const { transport, seen } = await setting(answers, { wrap });
  await transport.call('/api/v1/pods', { method: 'POST', body: {} });
  assert.equal(asked, 1);
  assert.deepEqual(
    seen.map(({ headers }) => headers.authorization),
    ['Bearer old', 'Bearer new'],
  );
  assert.equal((await failure(transport.call('/version'))).code, 401);
  assert.equal(seen.length, 4);
});

test('a page of a proxy is an error of few words, whatever its code and length', async () => {
  const page =
    (code: number): Answer =>
    (response) =>
      void response
        .writeHead(code, { 'content-type': 'text/html' })
        .end(`<html>GRUENSPECHT${'x'.repeat(200_000)}`);
  for (const code of [200, 302, 404, 503]) {
    const { transport } = await setting([page(code)]);
    const error = await failure(transport.call('/api/v1/pods/a', { maxTries: 1 }));
    assert.equal(error.message, `get pods: ${code} NotAnApiServer`);
    assert.ok(!error.isNotFound);
  }
});

test('an answer without a body is nothing', async () => {
  const { transport } = await setting([(response) => void response.writeHead(200).end()]);
  assert.equal(await transport.call('/readyz'), undefined);
});

test('a watch gives values as they come, and ends with the stream', async () => {
  const { transport, seen, tries } = await setting([
    (response) => {
      response.writeHead(200).write('{"type":"ADDED"}\n{"ty');
      setTimeout(() => response.end('pe":"BOOKMARK"}\n'), 20);
    },
  ]);
  const types: unknown[] = [];
  for await (const event of await transport.watch('/api/v1/pods', { query: { watch: true } }))
    types.push(event);
  assert.deepEqual(types, [{ type: 'ADDED' }, { type: 'BOOKMARK' }]);
  assert.equal(seen[0]?.line, 'GET /api/v1/pods?watch=true');
  assert.deepEqual([tries[0]?.verb, tries[0]?.code], ['watch', 200]);
});

test('a watch outlives the time that its beginning may take', async () => {
  const clock = manualClock();
  let end = () => {};
  const { transport } = await setting(
    [
      (response) => {
        response.writeHead(200).write('1\n');
        end = () => response.end('2\n');
      },
    ],
    { clock },
  );
  const values: unknown[] = [];
  for await (const value of await transport.watch('/api/v1/pods', { timeoutMs: 5000 })) {
    values.push(value);
    if (values.length > 1) continue;
    clock.advance(60_000);
    end();
  }
  assert.deepEqual(values, [1, 2]);
});

test('a watch that breaks, is aborted or sends no JSON ends in an error; one that is refused never begins', async () => {
  const watching = async (transport: Transport, signal?: AbortSignal, onValue = () => {}) => {
    for await (const _ of await transport.watch('/api/v1/pods', signal === undefined ? {} : { signal }))
      onValue();
  };
  const line: Answer = (response) => void response.writeHead(200).write('1\n');
  const broken = await setting([
    (response) => {
      response.writeHead(200).write('1\n');
      setTimeout(() => response.socket?.destroy(), 10);
    },
  ]);
  assert.equal((await failure(watching(broken.transport))).reason, 'NoAnswer');
  const controller = new AbortController();
  const open = await setting([line]);
  const aborting = watching(open.transport, controller.signal, () => setTimeout(() => controller.abort(), 5));
  assert.ok((await failure(aborting)).isAborted);
  const page = await setting([(response) => void response.writeHead(200).end('<html>\n')]);
  assert.equal((await failure(watching(page.transport))).reason, 'NotAnApiServer');
  const gone = await setting([refused(410, 'Expired')]);
  assert.ok((await failure(watching(gone.transport))).isGone);
});

test('many watches leave room for calls', async () => {
  const { transport } = await setting([
    (response, { url }) => {
      if (url === '/version') response.writeHead(200).end('{}');
      else response.writeHead(200).write('1\n');
    },
  ]);
  const watches = Array.from({ length: 80 }, async () => {
    for await (const _ of await transport.watch('/api/v1/pods')) return;
  });
  const held = await Promise.all(Array.from({ length: 80 }, () => transport.watch('/api/v1/pods')));
  await transport.call('/version', { maxTries: 1 });
  await Promise.all(watches);
  for (const watch of held) for await (const _ of watch) break;
});

test('leaving the loop of a watch closes its connection', async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const { transport } = await setting([
    (response) => {
      closed = once(response, 'close');
      response.writeHead(200).write('1\n2\n');
    },
  ]);
  for await (const _ of await transport.watch('/api/v1/pods')) break;
  await closed;
});
