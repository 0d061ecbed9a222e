import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from './api-error.ts';
import {
  defaultDurations,
  type LeaderElectionOptions,
  type LeadershipState,
  leadWhenElected,
} from './leader-election.ts';
import { manualClock } from './manual-clock.ts';
import type { CallOptions, Transport } from './transport.ts';

interface Lease {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

const refusal = (code: number, reason: string) => new ApiError({ call: 'test', code, reason });

/** One Lease, as the API server keeps it; `meet` may throw before a call is carried out, or after. */
function leaseServer(meet: (method: string, when: 'before' | 'after') => void = () => {}) {
  let lease: Lease | undefined;
  let version = 0;
  const writes: string[] = [];
  const write = (spec: unknown): Lease => {
    version += 1;
    lease = {
      metadata: { name: 'l', uid: 'u', resourceVersion: String(version) },
      spec: spec as Lease['spec'],
    };
    writes.push(String(lease.spec.holderIdentity));
    return lease;
  };
  const transport: Transport = {
    call: async (_path, { method = 'GET', body }: CallOptions = {}) => {
      const { metadata, spec } = (body ?? {}) as Partial<Lease>;
      meet(method, 'before');
      if (method === 'POST' && lease !== undefined) throw refusal(409, 'AlreadyExists');
      if (method !== 'POST' && lease === undefined) throw refusal(404, 'NotFound');
      if (method === 'PUT' && metadata?.resourceVersion !== lease?.metadata.resourceVersion)
        throw refusal(409, 'Conflict');
      const answer = method === 'GET' ? lease : write(spec);
      meet(method, 'after');
      return answer;
    },
    watch: () => assert.fail('nobody watches'),
    close: async () => {},
  };
  return { transport, writes, write, lease: () => lease };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

interface Leader {
  readonly states: LeadershipState[];
  readonly errors: ApiError[];
  readonly end: Promise<unknown>;
  readonly working: () => boolean;
  overruns: number;
  /** Lets the work end by itself. */
  finish(error?: Error): void;
  stop(): void;
}

function leader(
  transport: Transport,
  options: Partial<LeaderElectionOptions> & { readonly stubborn?: boolean } = {},
): Leader & { readonly pass: (ms: number) => Promise<void> } {
  const clock = options.clock ?? manualClock();
  const states: LeadershipState[] = [];
  const errors: ApiError[] = [];
  const stopping = new AbortController();
  let finish: (error?: Error) => void = () => {};
  let working = false;
  const result = {
    states,
    errors,
    overruns: 0,
    working: () => working,
    finish: (error?: Error) => finish(error),
    stop: () => stopping.abort(),
    pass: async (ms: number) => {
      for (let leftMs = ms; leftMs > 0; leftMs -= 500) {
        if ('advance' in clock && typeof clock.advance === 'function') clock.advance(Math.min(500, leftMs));
        await settle();
      }
    },
  };
  const end = leadWhenElected(
    {
      transport,
      clock,
      random: () => 0,
      namespace: 'n',
      name: 'l',
      identity: 'me',
      onState: (state) => states.push(state),
      onFailedTry: (error) => errors.push(error),
      onOverrun: () => {
        result.overruns += 1;
      },
      ...options,
    },
    async (signal) => {
      working = true;
      try {
        await new Promise<void>((resolve, reject) => {
          finish = (error) => (error === undefined ? resolve() : reject(error));
          if (!options.stubborn) signal.addEventListener('abort', () => resolve());
        });
      } finally {
        working = false;
      }
    },
    stopping.signal,
  );
  end.catch(() => {});
  return Object.assign(result, { end });
}

test('a free lease is taken at once, renewed every two seconds, and freed at the end', async () => {
  const { transport, writes, lease } = leaseServer();
  const me = leader(transport);
  await settle();
  assert.ok(me.working());
  await me.pass(6000);
  assert.deepEqual(writes, ['me', 'me', 'me', 'me']);
  me.stop();
  assert.equal(await me.end, 'released');
  assert.deepEqual(lease()?.spec, { ...lease()?.spec, holderIdentity: '', leaseDurationSeconds: 1 });
  assert.deepEqual(me.states, ['standby', 'leading', 'stopping', 'standby']);
});

test('a lease of another is taken when it has not changed before our eyes for its duration, whatever it says of time', async () => {
  const { transport, write } = leaseServer();
  const spec = {
    holderIdentity: 'other',
    leaseDurationSeconds: 20,
    renewTime: '1999-01-01T00:00:00.000000Z',
  };
  write(spec);
  const me = leader(transport);
  await me.pass(10_000);
  write(spec);
  await me.pass(20_000);
  assert.ok(!me.working());
  await me.pass(4000);
  assert.ok(me.working());
  me.stop();
  await me.end;
});

test('a lease that its holder has freed is taken at the next look', async () => {
  const { transport, write, lease } = leaseServer();
  write({ holderIdentity: 'other', leaseDurationSeconds: 15, leaseTransitions: 3 });
  const me = leader(transport);
  await me.pass(4000);
  write({ holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 3 });
  await me.pass(2000);
  assert.ok(me.working());
  assert.equal(lease()?.spec.leaseTransitions, 4);
  me.stop();
  await me.end;
});

test('who cannot renew stops its work before others may take the lease, and does not touch it any more', async () => {
  let isDown = false;
  const { transport, writes } = leaseServer(() => {
    if (isDown) throw refusal(503, 'ServiceUnavailable');
  });
  const me = leader(transport);
  await settle();
  isDown = true;
  await me.pass(defaultDurations.renewDeadlineMs - 1000);
  assert.ok(me.working());
  await me.pass(1000);
  assert.ok(!me.working());
  assert.equal(await me.end, 'lost');
  assert.deepEqual(writes, ['me']);
  assert.equal(me.overruns, 0);
});

test('who cannot renew for a while only goes on', async () => {
  let failing = 0;
  const { transport } = leaseServer(() => {
    failing -= 1;
    if (failing >= 0) throw refusal(500, 'InternalError');
  });
  const me = leader(transport);
  await settle();
  failing = 3;
  await me.pass(60_000);
  assert.ok(me.working());
  assert.equal(me.errors.length, 3);
  me.stop();
  assert.equal(await me.end, 'released');
});

test('a renewal whose answer was lost is no loss', async () => {
  let loses = false;
  const { transport } = leaseServer((method, when) => {
    if (loses && method === 'PUT' && when === 'after') {
      loses = false;
      throw refusal(0, 'NoAnswer');
    }
  });
  const me = leader(transport);
  await settle();
  for (let round = 0; round < 5; round += 1) {
    loses = true;
    await me.pass(6000);
    assert.ok(me.working());
  }
  me.stop();
  assert.equal(await me.end, 'released');
});

test('who sees that another holds the lease stops at once', async () => {
  const { transport, write } = leaseServer();
  const me = leader(transport);
  await settle();
  write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
  await me.pass(4000);
  assert.equal(await me.end, 'lost');
  assert.ok(!me.working());
});

test('work that does not end is told of when others may lead', async () => {
  let isDown = false;
  const { transport } = leaseServer(() => {
    if (isDown) throw refusal(503, 'ServiceUnavailable');
  });
  const me = leader(transport, { stubborn: true });
  await settle();
  isDown = true;
  await me.pass(defaultDurations.leaseMs - 500);
  assert.deepEqual([me.working(), me.overruns], [true, 0]);
  await me.pass(500);
  assert.deepEqual([me.working(), me.overruns], [true, 1]);
  me.finish();
  assert.equal(await me.end, 'lost');
});

test('while the work takes its time to end, the lease is renewed', async () => {
  const { transport, lease } = leaseServer();
  const me = leader(transport, { stubborn: true });
  await settle();
  me.stop();
  const before = Number(lease()?.metadata.resourceVersion);
  await me.pass(60_000);
  assert.equal(Number(lease()?.metadata.resourceVersion), before + 30);
  assert.equal(me.overruns, 0);
  me.finish();
  assert.equal(await me.end, 'released');
  assert.equal(lease()?.spec.holderIdentity, '');
});

test('what the work rejects with comes out, the lease being free', async () => {
  const { transport, lease } = leaseServer();
  const me = leader(transport);
  await settle();
  me.finish(new Error('broken'));
  await assert.rejects(me.end, /broken/);
  assert.equal(lease()?.spec.holderIdentity, '');
});

test('a process that stood still while it was elected does not begin to lead', async () => {
  const clock = manualClock();
  let stands = true;
  const { transport, writes } = leaseServer((method, when) => {
    if (!stands || method !== 'POST' || when !== 'after') return;
    stands = false;
    clock.advance(20_000);
  });
  const me = leader(transport, { clock });
  await settle();
  assert.deepEqual(writes, ['me']);
  assert.ok(!me.working());
  me.stop();
  assert.equal(await me.end, 'released');
});

test('who stops as a standby leaves the lease alone', async () => {
  const { transport, write, writes } = leaseServer();
  write({ holderIdentity: 'other', leaseDurationSeconds: 15 });
  const me = leader(transport);
  await settle();
  me.stop();
  assert.equal(await me.end, 'released');
  assert.deepEqual(writes, ['other']);
});
