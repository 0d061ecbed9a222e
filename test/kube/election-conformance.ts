/** That at no time two candidates lead, and that somebody leads again after a while. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ApiError } from '../../operator/kube/api-error.ts';
import { systemClock } from '../../operator/kube/clock.ts';
import {
  type LeadershipEnd,
  type LeadershipState,
  type LeaseDurations,
  leadWhenElected,
} from '../../operator/kube/leader-election.ts';
import type { KubeObject } from '../../operator/kube/object.ts';
import { resourcePath } from '../../operator/kube/resource.ts';
import type { Transport } from '../../operator/kube/transport.ts';
import { seededRandom } from '../fake-api-server/faults.ts';
import { fields } from '../fake-api-server/merge-patch.ts';
import { eventually, makeNamespace } from './api-server-under-test.ts';

const leases = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };
const short: LeaseDurations = { leaseMs: 2000, renewDeadlineMs: 1300, retryPeriodMs: 250 };
/** A lease that no test waits for. */
const long: LeaseDurations = { leaseMs: 600_000, renewDeadlineMs: 400_000, retryPeriodMs: 250 };

/** Who leads now, and who ever did. */
class Leaders {
  readonly now = new Set<string>();
  readonly ever: string[] = [];
  most = 0;

  async lead(name: string, signal: AbortSignal): Promise<void> {
    this.now.add(name);
    this.ever.push(name);
    this.most = Math.max(this.most, this.now.size);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
    });
    this.now.delete(name);
  }
}

interface Candidate {
  readonly end: Promise<LeadershipEnd>;
  readonly states: LeadershipState[];
  stop(): void;
}

/** A candidate that stops with its test, however that ends. */
function candidate(
  test: TestContext,
  name: string,
  namespace: string,
  transport: Transport,
  leaders: Leaders,
  durations: LeaseDurations = short,
): Candidate {
  const stopping = new AbortController();
  const states: LeadershipState[] = [];
  test.after(() => stopping.abort());
  const end = leadWhenElected(
    {
      transport,
      clock: systemClock,
      random: Math.random,
      namespace,
      name: 'leader',
      identity: name,
      durations,
      onState: (state) => states.push(state),
      onOverrun: () => assert.fail('the work had time to end'),
    },
    (signal) => leaders.lead(name, signal),
    stopping.signal,
  );
  return { end, states, stop: () => stopping.abort() };
}

/** A part of all calls fails with 503, half of those after they were carried out. */
function unreliable(transport: Transport, share: number, seed: number): Transport {
  const random = seededRandom(seed);
  return {
    ...transport,
    call: async (path, options) => {
      const chance = random();
      const error = new ApiError({ call: 'test', code: 503, reason: 'ServiceUnavailable' });
      if (chance < share / 2) throw error;
      const answer = await transport.call(path, options);
      if (chance < share) throw error;
      return answer;
    },
  };
}

/** Calls hang until their time is over once `cut` holds. */
function severed(transport: Transport, isCut: () => boolean): Transport {
  return {
    ...transport,
    call: async (path, options = {}) => {
      if (!isCut()) return transport.call(path, options);
      await new Promise((resolve) => setTimeout(resolve, Math.min(options.timeoutMs ?? 1000, 5000)));
      throw new ApiError({ call: 'test', code: 0, reason: 'Timeout' });
    },
  };
}

export function electionConformance(transport: () => Transport): void {
  describe('of two candidates', () => {
    it('one leads until it stops, and then the other does at once', async (test) => {
      const namespace = await makeNamespace(transport(), 'released');
      const leaders = new Leaders();
      const first = candidate(test, 'first', namespace, transport(), leaders, long);
      await eventually('the first leads', () => leaders.now.has('first'));
      const second = candidate(test, 'second', namespace, transport(), leaders, long);
      const path = resourcePath(leases, { namespace, name: 'leader' });
      const spec = async () => fields(((await transport().call(path)) as KubeObject).spec);
      const held = await spec();
      assert.equal(held.holderIdentity, 'first');
      assert.equal(held.leaseDurationSeconds, 600);
      assert.match(String(held.renewTime), /\.\d{6}Z$/);
      await eventually('the lease is renewed', async () => (await spec()).renewTime !== held.renewTime);
      assert.deepEqual([...leaders.now], ['first']);
      first.stop();
      assert.equal(await first.end, 'released');
      assert.deepEqual(first.states, ['standby', 'leading', 'stopping', 'standby']);
      await eventually('the second leads', () => leaders.now.has('second'));
      second.stop();
      assert.equal(await second.end, 'released');
      const freed = await spec();
      assert.equal(freed.holderIdentity, '');
      assert.equal(freed.leaseTransitions, 1);
      assert.equal(leaders.most, 1);
    });
  });

  describe('of three candidates', () => {
    it('another leads when the leader is cut off, and never two', async (test) => {
      const namespace = await makeNamespace(transport(), 'severed');
      const leaders = new Leaders();
      let isCut = false;
      const first = candidate(
        test,
        'first',
        namespace,
        severed(transport(), () => isCut),
        leaders,
      );
      await eventually('the first leads', () => leaders.now.has('first'));
      const others = ['second', 'third'].map((name) =>
        candidate(test, name, namespace, transport(), leaders),
      );
      isCut = true;
      assert.equal(await first.end, 'lost');
      await eventually('another leads', () => leaders.now.size > 0);
      assert.equal(leaders.most, 1);
      for (const { stop } of others) stop();
      await Promise.all(others.map(({ end }) => end));
      assert.equal(leaders.most, 1);
    });

    it('one leads though 30 % of all calls fail, and never two', async (test) => {
      const namespace = await makeNamespace(transport(), 'unreliable');
      const leaders = new Leaders();
      const names = ['first', 'second', 'third'];
      let running: Candidate[] = [];
      const start = () => {
        running = names.map((name, index) =>
          candidate(
            test,
            `${name}-${leaders.ever.length}`,
            namespace,
            unreliable(transport(), 0.3, index + 1),
            leaders,
          ),
        );
      };
      for (let round = 0; round < 3; round += 1) {
        start();
        await eventually('somebody leads', () => leaders.now.size > 0, 30_000);
        await new Promise((resolve) => setTimeout(resolve, 1500));
        for (const { stop } of running) stop();
        await Promise.all(running.map(({ end }) => end));
      }
      assert.ok(leaders.ever.length >= 3);
      assert.equal(leaders.most, 1);
    });
  });
}
