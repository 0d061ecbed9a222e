import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { ApiError } from '../../operator/kube/api-error.ts';
import { systemClock } from '../../operator/kube/clock.ts';
import { createTransport, type Transport } from '../../operator/kube/transport.ts';
import { type FakeApiServer, startFakeApiServer } from './fake-api-server.ts';
import { type Fault, randomFaults } from './faults.ts';

const path = '/api/v1/namespaces';
const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } };

let server: FakeApiServer;
let transport: Transport;
beforeEach(async () => {
  server = await startFakeApiServer({ slowMs: 20 });
  const access = server.access();
  transport = createTransport({ access, clock: systemClock, random: Math.random, userAgent: 'test/1' });
});
afterEach(async () => {
  await transport.close();
  await server.stop();
});

/** What a creation under the fault comes to, and whether it was carried out. */
async function meeting(fault: Fault): Promise<readonly [string, boolean]> {
  server.decide(() => fault);
  const result = await transport.call(path, { method: 'POST', body, maxTries: 1 }).then(
    () => 'done',
    (error: unknown) => (error instanceof ApiError ? `${error.code} ${error.reason}` : 'another error'),
  );
  return [result, server.storage.revision > 1];
}

const expected: Readonly<Record<Fault, readonly [string, boolean]>> = {
  reset: ['0 NoAnswer', false],
  lostAnswer: ['0 NoAnswer', true],
  conflict: ['409 Conflict', false],
  tooManyRequests: ['429 TooManyRequests', false],
  internalError: ['500 InternalError', false],
  unavailable: ['503 ServiceUnavailable', false],
  proxyPage: ['502 NotAnApiServer', false],
  slow: ['done', true],
};

for (const [fault, outcome] of Object.entries(expected))
  test(`${fault}: ${outcome[0]}, ${outcome[1] ? 'carried out' : 'not carried out'}`, async () => {
    assert.deepEqual(await meeting(fault as Fault), outcome);
  });

test('the same seed meets the same requests with the same faults', () => {
  const draw = (seed: number) => {
    const decide = randomFaults(seed, 0.3);
    const seen = { verb: 'get', resource: 'pods', path, namespace: undefined, name: 'a', user: 'b' } as const;
    return Array.from({ length: 1000 }, () => decide(seen));
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  const met = draw(1).filter((fault) => fault !== undefined).length;
  assert.ok(met > 250 && met < 350);
});

test('requests are seen with verb, resource, user and fault, and users may do what they are allowed', async () => {
  server.allow('worker', ({ verb }) => verb === 'list');
  const access = server.access('worker');
  const worker = createTransport({ access, clock: systemClock, random: Math.random, userAgent: 'test/1' });
  await worker.call(path);
  await assert.rejects(worker.call(path, { method: 'POST', body }), /403 Forbidden/);
  await worker.close();
  assert.deepEqual(
    server.requests.map(({ verb, resource, user, fault }) => [verb, resource, user, fault]),
    [
      ['list', 'namespaces', 'worker', undefined],
      ['create', 'namespaces', 'worker', undefined],
    ],
  );
});
