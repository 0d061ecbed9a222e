import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { validateCounters } from '../../crds/records/counters.ts';
import { silentLog } from '../log/log.ts';
import { countersOf } from './counters.ts';
import { type ProgressServer, serveProgress } from './progress-server.ts';
import { emptyTally } from './tally.ts';

const counters = countersOf(
  { count: 1, done: 0 },
  { objects: 12, bytes: 3400 },
  { ...emptyTally, bytesIn: 7 },
);

describe('the server of counters', () => {
  let server: ProgressServer;
  before(async () => {
    server = await serveProgress(0, () => counters, silentLog);
  });
  after(() => server.close());

  const ask = (path: string, method = 'GET', body?: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          port: server.port,
          path,
          method,
          agent: false,
          headers: body === undefined ? {} : { 'content-length': body.length },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('close', () => resolve({ status: response.statusCode ?? 0, text }));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });

  /** What comes back for bytes that are no request, until the server ends the connection. */
  const shout = (bytes: string): Promise<string> =>
    new Promise((resolve) => {
      let heard = '';
      const socket = connect(server.port ?? 0, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => {
        heard += chunk;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(heard));
    });

  it('gives them as JSON', async () => {
    const { status, text } = await ask('/progress');
    assert.equal(status, 200);
    const validated = validateCounters(JSON.parse(text));
    assert.ok(validated.ok);
    assert.deepEqual(validated.document, counters);
  });

  it('has nothing else', async () => {
    for (const path of ['/', '/metrics', '/progress/', '/progress/..', '//progress', '/%70rogress']) {
      assert.deepEqual(await ask(path), { status: 404, text: '' }, path);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
      assert.equal((await ask('/progress', method)).status, 405, method);
    }
    assert.equal((await ask('/progress', 'GET', 'a body')).status, 413);
  });

  it('is not harmed by what is no request, and answers the next one', async () => {
    assert.equal(await shout('\r\n\r\n\0\xff junk \r\n\r\n'), '');
    assert.equal(
      await shout(`GET /progress HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`),
      '',
    );
    assert.match(
      await shout('POST /progress HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\nx'),
      / 405 /,
    );
    assert.equal((await ask('/progress')).status, 200);
  });

  it('does not wait for a request that never ends, nor for a hundred of them', async () => {
    const slow = Array.from({ length: 100 }, () => shout('GET /progress HTTP/1.1\r\nHost: a\r\n'));
    await Promise.all(slow);
    assert.equal((await ask('/progress')).status, 200);
  });

  it('is done without where its port is taken', async () => {
    const other = await serveProgress(server.port ?? 0, () => counters, silentLog);
    assert.equal(other.port, undefined);
    await other.close();
  });

  it('ends at once, also under open connections', async () => {
    const ending = await serveProgress(0, () => counters, silentLog);
    const open = new Promise<void>((resolve) => {
      const socket = connect(ending.port ?? 0, '127.0.0.1', () => resolve());
      socket.on('error', () => {});
    });
    await open;
    await ending.close();
    await assert.rejects(
      new Promise((resolve, reject) => {
        connect(ending.port ?? 0, '127.0.0.1', () => resolve(undefined)).on('error', reject);
      }),
    );
  });
});
