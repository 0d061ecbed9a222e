import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from './api-error.ts';
import type { Clock } from './clock.ts';
import {
  defaultDurations,
  type LeaderElectionOptions,
  type LeadershipState,
  leadWhenElected,
} from './leader-election.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
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
  failing = 12;
  await me.pass(60_000);
  assert.ok(me.working());
  assert.equal(me.errors.length, 12);
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

test('a call that gets no answer leaves time for others', async () => {
  const clock = manualClock();
  const server = leaseServer();
  let hangs = false;
  const transport: Transport = {
    ...server.transport,
    call: async (path, options = {}) => {
      if (!hangs) return server.transport.call(path, options);
      hangs = false;
      await new Promise<void>((resolve) => clock.after(options.timeoutMs ?? 0, resolve));
      throw refusal(0, 'Timeout');
    },
  };
  const me = leader(transport, { clock });
  await settle();
  hangs = true;
  await me.pass(60_000);
  assert.ok(me.working());
  me.stop();
  await me.end;
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

/** Numbers in [0, 1) that follow from the seed (a linear congruential generator). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A process that stands still now and then, and whose network is slow, breaks, and is cut for a while. */
class TroubledProcess {
  readonly #clock: ManualClock;
  readonly #random: () => number;
  #frozenUntilMs = 0;
  #cutUntilMs = 0;

  constructor(clock: ManualClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  get isFrozen(): boolean {
    return this.#clock.monotonicMs() < this.#frozenUntilMs;
  }

  /** Trouble comes every few minutes, and lasts from a moment to twice the duration of a lease. */
  live(): void {
    const lastsMs = () => this.#clock.monotonicMs() + this.#random() ** 2 * 2 * defaultDurations.leaseMs;
    if (this.#random() < 0.0005) this.#frozenUntilMs = lastsMs();
    if (this.#random() < 0.0005) this.#cutUntilMs = lastsMs();
  }

  readonly clock: Clock = {
    now: () => this.#clock.now(),
    monotonicMs: () => this.#clock.monotonicMs(),
    after: (delayMs, act) => {
      let cancel = () => {};
      const due = () => {
        if (!this.isFrozen) act();
        else cancel = this.#clock.after(this.#frozenUntilMs - this.#clock.monotonicMs(), due);
      };
      cancel = this.#clock.after(delayMs, due);
      return () => cancel();
    },
  };

  transport(inner: Transport): Transport {
    const pass = (ms: number) => new Promise<void>((resolve) => this.clock.after(ms, resolve));
    const late = () => refusal(0, 'Timeout');
    return {
      ...inner,
      call: async (path, options = {}) => {
        const { timeoutMs = 0 } = options;
        const startMs = this.#clock.monotonicMs();
        const travelMs = this.#random() ** 4 * 3000;
        // A request that was sent arrives though its sender gives up or stands still.
        const arrived = new Promise<void>((resolve) => this.#clock.after(travelMs, resolve));
        const chance = this.#random();
        if (chance < 0.15 || this.#clock.monotonicMs() < this.#cutUntilMs) {
          await pass(Math.min(timeoutMs, travelMs * 2));
          throw refusal(503, 'ServiceUnavailable');
        }
        const answer = arrived.then(() => inner.call(path, options));
        answer.catch(() => {});
        await pass(Math.min(timeoutMs, travelMs * 2));
        if (chance < 0.3 || this.#clock.monotonicMs() - startMs > timeoutMs || travelMs * 2 > timeoutMs)
          throw late();
        return answer;
      },
    };
  }
}

test('property: of three candidates in trouble never two lead, and one does again and again', async () => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const random = randomOf(seed);
    const clock = manualClock();
    const server = leaseServer();
    const processes = [0, 1, 2].map(() => new TroubledProcess(clock, random));
    const start = (index: number, life: number) => {
      const process = processes[index] ?? assert.fail();
      const identity = `candidate ${index}, life ${life}`;
      const candidate = leader(process.transport(server.transport), {
        clock: process.clock,
        random,
        identity,
      });
      const state = { candidate, process, ended: false };
      candidate.end.then(() => {
        state.ended = true;
      });
      return state;
    };
    const running = [0, 1, 2].map((index) => start(index, 0));
    const terms = new Set<unknown>();
    let led = 0;
    const steps = 6000;
    for (let step = 1; step <= steps; step += 1) {
      for (const process of processes) process.live();
      clock.advance(100);
      await settle();
      const leading = running.filter(({ candidate, process }) => candidate.working() && !process.isFrozen);
      assert.ok(leading.length <= 1, `seed ${seed}, step ${step}`);
      led += leading.length;
      for (const state of leading) terms.add(state);
      // Who has lost the lease ends, and comes back as somebody else.
      for (const [index, { ended }] of running.entries()) if (ended) running[index] = start(index, step);
      assert.deepEqual(
        running.map(({ candidate }) => candidate.overruns),
        [0, 0, 0],
      );
    }
    assert.ok(led > steps * 0.4, `seed ${seed}: led for ${led} of ${steps} steps`);
    assert.ok(terms.size > 3, `seed ${seed}: ${terms.size} terms`);
    for (const { candidate } of running) candidate.stop();
  }
});
