/** Progress that is pulled from pods: it only grows, it is bounded, and no pod can harm who asks. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Counters } from '../../crds/records/counters.ts';
import { attemptLabel, jobUidLabel, stepLabel } from '../build/names.ts';
import { systemClock } from '../kube/clock.ts';
import type { KubeObject } from '../kube/object.ts';
import { ProgressPoller } from './progress-poller.ts';
import { readCounters } from './read-counters.ts';
import { ShardCounters } from './shard-counters.ts';

function counters(deidentified: number, bytesIn = 0): Counters {
  return {
    kind: 'Counters',
    version: 1,
    shards: 1,
    shardsDone: 0,
    objects: 10,
    outcomes: { deidentified, review: 0, rejected: 0, skipped: 0, failed: 0 },
    bytes: 100,
    bytesIn,
    bytesOut: 0,
  };
}

describe('the sum over shards', () => {
  it('only grows, whatever pods say in which order; what runs is counted in shards', () => {
    const word = fc.record({ index: fc.nat(3), deidentified: fc.nat(10) });
    fc.assert(
      fc.property(fc.array(fc.array(word, { maxLength: 4 })), (rounds) => {
        const sum = new ShardCounters();
        let before = 0;
        for (const words of rounds) {
          sum.hear(words.map(({ index, deidentified }) => ({ index, counters: counters(deidentified) })));
          const { deidentified, runningShards } = sum.progress;
          assert.ok(deidentified >= before && deidentified <= 40);
          assert.ok(runningShards <= words.length);
          before = deidentified;
        }
      }),
    );
  });

  it('keeps the last word of shards whose pods are gone', () => {
    const sum = new ShardCounters();
    sum.hear([{ index: 0, counters: counters(10, 100) }]);
    sum.hear([{ index: 1, counters: counters(5, 50) }]);
    assert.deepEqual(sum.progress, {
      ...{ deidentified: 15, review: 0, rejected: 0, skipped: 0, failed: 0 },
      ...{ bytes: 150, runningShards: 0.5 },
    });
  });
});

async function asked(listener: RequestListener): Promise<Counters | undefined> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await readCounters('127.0.0.1', (server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a pod that is asked', () => {
  it('gives its counters', async () => {
    const read = await asked((request, response) => {
      response.end(request.url === '/progress' ? JSON.stringify(counters(3)) : '');
    });
    assert.equal(read?.outcomes.deidentified, 3);
  });

  const oddities: Readonly<Record<string, RequestListener>> = {
    'says nothing valid': (_, response) => response.end('{"kind":"Counters"}'),
    'says no JSON': (_, response) => response.end('<html>'),
    refuses: (_, response) => response.writeHead(404).end(JSON.stringify(counters(3))),
    'sends elsewhere': (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    'never ends': (_, response) => {
      response.on('error', () => {});
      const endless = () => response.write(' '.repeat(1024), () => setImmediate(endless));
      endless();
    },
    'hangs up': (request) => request.socket.destroy(),
    'hangs up in the midst of its answer': (_, response) => {
      response.writeHead(200, { 'content-length': '400' }).write('{"kind"', () => response.destroy());
    },
    'counts what nobody could have counted': (_, response) => response.end(JSON.stringify(counters(1e300))),
    'counts below nothing': (_, response) => response.end(JSON.stringify(counters(-1))),
    'never answers': () => {},
  };
  for (const [what, listener] of Object.entries(oddities)) {
    it(`and ${what} is not heard, within seconds`, async () => {
      const startMs = performance.now();
      assert.equal(await asked(listener), undefined);
      assert.ok(performance.now() - startMs < 10_000);
    });
  }

  it('and is not there is not heard', async () => {
    assert.equal(await readCounters('127.0.0.1', 9), undefined);
  });
});

function child(uid: string, step: string, status: object): KubeObject {
  const labels = { [jobUidLabel]: uid, [stepLabel]: step, [attemptLabel]: '0' };
  return {
    metadata: { name: uid, namespace: 'ns', uid: `job-${uid}`, resourceVersion: '1', labels },
    spec: {},
    status,
  };
}

function pod(index: number) {
  const annotations = { 'batch.kubernetes.io/job-completion-index': String(index) };
  return { metadata: { annotations }, status: { podIP: `10.0.0.${index}` } };
}

describe('a round of asking', () => {
  it('asks the pods of process Jobs that run, at the rate given, and goes on past those that fail', async () => {
    const asks: string[] = [];
    const news: string[] = [];
    const children = [
      child('a', 'process', { ready: 2 }),
      child('b', 'process', { ready: 1 }),
      child('c', 'process', { ready: 1, conditions: [{ type: 'Complete', status: 'True' }] }),
      child('d', 'plan', { ready: 1 }),
    ];
    const poller = new ProgressPoller({
      clock: systemClock,
      jobs: () => children,
      runningPods: async (_, uid) => {
        if (uid === 'job-b') throw new Error('refused');
        return [pod(0), pod(1), { status: { podIP: '10.0.0.9' } }];
      },
      readCounters: async (address) => {
        asks.push(address);
        return address.endsWith('.0') ? undefined : counters(4);
      },
      onNews: ({ metadata }) => news.push(metadata.name),
      periodMs: 1000,
      requestsPerSecond: 50,
    });
    const startMs = performance.now();
    await poller.round(new AbortController().signal);
    assert.ok(performance.now() - startMs >= 70, 'four requests at fifty a second');
    assert.deepEqual(asks, ['10.0.0.0', '10.0.0.1']);
    assert.deepEqual(news, ['a']);
    assert.equal(poller.progressOf('a', 0)?.deidentified, 4);
    assert.equal(poller.progressOf('a', 1), undefined);
    children.length = 0;
    await poller.round(new AbortController().signal);
    assert.equal(poller.progressOf('a', 0), undefined);
  });

  it('is not held up by pods that do not answer', async () => {
    const silent = Promise.withResolvers<undefined>();
    const news = Promise.withResolvers<string>();
    const poller = new ProgressPoller({
      clock: systemClock,
      jobs: () => ['a', 'b', 'c'].map((uid) => child(uid, 'process', { ready: 1 })),
      runningPods: async (_, uid) => (uid === 'job-c' ? [pod(3)] : [pod(0), pod(1)]),
      readCounters: (address) => (address.endsWith('.3') ? Promise.resolve(counters(4)) : silent.promise),
      onNews: ({ metadata }) => news.resolve(metadata.name),
      periodMs: 1000,
      requestsPerSecond: 1000,
    });
    const round = poller.round(new AbortController().signal);
    assert.equal(await news.promise, 'c');
    assert.equal(poller.progressOf('c', 0)?.deidentified, 4);
    silent.resolve(undefined);
    await round;
  });
});
