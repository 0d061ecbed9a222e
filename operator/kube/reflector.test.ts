import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ApiError, localReasons } from './api-error.ts';
import { manualClock } from './manual-clock.ts';
import type { KubeObject } from './object.ts';
import { idleTimeoutMs, Reflector, type ReflectorOptions } from './reflector.ts';
import type { Query, Transport } from './transport.ts';

const pods = { group: '', version: 'v1', plural: 'pods' };

function pod(name: string, version: number, uid = `uid of ${name}`): KubeObject {
  return { metadata: { name, namespace: 'n', uid, resourceVersion: String(version) } };
}
const list = (version: number, items: readonly KubeObject[], next?: string) => ({
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: { resourceVersion: String(version), ...(next === undefined ? {} : { continue: next }) },
  items,
});
const event = (type: string, object: unknown) => ({ type, object });
const bookmark = (version: number) => event('BOOKMARK', { metadata: { resourceVersion: String(version) } });
const refusal = (code: number, reason: string, retryAfterMs?: number) =>
  new ApiError({ call: 'test', code, reason, retryAfterMs });

/** The server's side of one watch. */
interface Watch {
  readonly query: Query;
  send(event: unknown): Promise<void>;
  end(): Promise<void>;
  break(error: ApiError): Promise<void>;
  readonly open: boolean;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A reflector before a server that answers lists from `lists` and holds each watch for the test to drive. */
function setting(lists: (unknown | ApiError)[], options: Partial<ReflectorOptions> = {}) {
  const clock = manualClock();
  const told: string[] = [];
  const restarts: string[] = [];
  const errors: unknown[] = [];
  const listed: Query[] = [];
  const watches: Watch[] = [];
  const refuse: ApiError[] = [];
  const transport: Transport = {
    call: async (_path, call = {}) => {
      listed.push(call.query ?? {});
      const answer = lists.length > 1 ? lists.shift() : lists[0];
      if (answer instanceof ApiError) throw answer;
      return answer;
    },
    watch: async (_path, { query = {}, signal } = {}) => {
      const refused = refuse.shift();
      if (refused !== undefined) throw refused;
      const waiting: (unknown | ApiError | undefined)[] = [];
      let wake = () => {};
      let open = true;
      const give = async (value: unknown) => {
        waiting.push(value);
        wake();
        await settle();
      };
      const aborted = new ApiError({ call: 'test', code: 0, reason: localReasons.aborted });
      signal?.addEventListener('abort', () => void give(aborted));
      watches.push({
        query,
        send: give,
        end: () => give(undefined),
        break: give,
        get open() {
          return open;
        },
      });
      return (async function* () {
        try {
          for (;;) {
            while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
            const next = waiting.shift();
            if (next === undefined) return;
            if (next instanceof ApiError) throw next;
            yield next;
          }
        } finally {
          open = false;
        }
      })();
    },
    close: async () => {},
  };
  const reflector = new Reflector({
    transport,
    clock,
    random: () => 0,
    resource: pods,
    onChange: ({ kind, object }, origin) =>
      told.push(`${origin} ${kind} ${object.metadata.name} ${object.metadata.resourceVersion}`),
    onRestart: (reason) => restarts.push(reason),
    onHandlerError: (error) => errors.push(error),
    ...options,
  });
  stops.push(() => reflector.stop());
  reflector.start();
  const rest = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { clock, reflector, told, restarts, errors, listed, watches, refuse, rest };
}

test('it lists in pages, is synced, and watches from the version of the list', async () => {
  const { reflector, told, listed, watches } = setting([
    list(7, [pod('a', 3)], 'page 2'),
    list(7, [pod('b', 4)]),
  ]);
  assert.equal(reflector.isSynced, false);
  await reflector.whenSynced;
  await settle();
  assert.deepEqual(told, ['list added a 3', 'list added b 4']);
  assert.deepEqual(listed, [
    { labelSelector: undefined, limit: 500 },
    { labelSelector: undefined, limit: 500, continue: 'page 2' },
  ]);
  assert.deepEqual(watches[0]?.query, {
    labelSelector: undefined,
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: '7',
    timeoutSeconds: 300,
  });
  assert.deepEqual(reflector.store.get('n/a'), { apiVersion: 'v1', kind: 'Pod', ...pod('a', 3) });
});

test('a list position that has expired begins the list anew, at once', async () => {
  const { told, listed } = setting([
    list(7, [pod('a', 3)], 'page 2'),
    refusal(410, 'Expired'),
    list(9, [pod('b', 8)]),
  ]);
  await settle();
  assert.deepEqual(told, ['list added b 8']);
  assert.equal(listed.length, 3);
});

test('events change the store and move the version on, and so do bookmarks', async () => {
  const { reflector, told, watches, restarts, rest } = setting([list(1, [])]);
  await settle();
  await watches[0]?.send(event('ADDED', pod('a', 2)));
  await watches[0]?.send(event('MODIFIED', pod('a', 3)));
  await watches[0]?.send(event('MODIFIED', pod('a', 3)));
  await watches[0]?.send(event('DELETED', pod('a', 4)));
  await watches[0]?.send(bookmark(9));
  assert.deepEqual(told, ['watch added a 2', 'watch modified a 3', 'watch deleted a 4']);
  assert.equal(reflector.store.size, 0);
  await rest(1000);
  await watches[0]?.end();
  assert.deepEqual(restarts, ['ended']);
  assert.equal(watches[1]?.query.resourceVersion, '9');
});

test('a version that is gone is followed by a new list, which tells what was missed', async () => {
  const { told, watches, restarts } = setting([
    list(1, [pod('a', 1), pod('b', 1)]),
    list(50, [pod('b', 40), pod('c', 30)]),
  ]);
  await settle();
  told.length = 0;
  await watches[0]?.send(event('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }));
  assert.deepEqual(told, ['list deleted a 1', 'list modified b 40', 'list added c 30']);
  assert.deepEqual(restarts, ['gone']);
  assert.equal(watches[1]?.query.resourceVersion, '50');
});

test('versions that are gone again and again are listed ever later', async () => {
  const { listed, refuse, rest } = setting([list(1, [])]);
  refuse.push(...Array.from({ length: 10 }, () => refusal(410, 'Expired')));
  await settle();
  assert.equal(listed.length, 2);
  await rest(1600);
  assert.equal(listed.length, 3);
  await rest(1600);
  assert.equal(listed.length, 3);
  await rest(1600);
  assert.equal(listed.length, 4);
});

test('a watch that breaks or is refused goes on later from where it was, without a list', async () => {
  const { listed, watches, refuse, restarts, rest } = setting([list(1, [])]);
  await settle();
  await watches[0]?.send(event('ADDED', pod('a', 5)));
  refuse.push(refusal(503, 'ServiceUnavailable'), refusal(429, 'TooManyRequests', 20_000));
  await watches[0]?.break(refusal(0, 'NoAnswer'));
  await rest(799);
  assert.equal(refuse.length, 2);
  await rest(1);
  assert.equal(refuse.length, 1);
  await rest(1600);
  assert.equal(refuse.length, 0);
  await rest(19_999);
  assert.equal(watches.length, 1);
  await rest(1);
  assert.equal(watches[1]?.query.resourceVersion, '5');
  assert.deepEqual(restarts, ['error', 'error', 'error']);
  assert.equal(listed.length, 1);
});

test('after many failures in a row the version is no longer trusted', async () => {
  const { listed, refuse, watches, rest } = setting([list(100, []), list(7, [])]);
  refuse.push(...Array.from({ length: 5 }, () => refusal(504, 'Timeout')));
  for (let count = 0; count < 6; count += 1) await rest(30_000);
  assert.equal(listed.length, 2);
  assert.equal(watches[0]?.query.resourceVersion, '7');
});

test('a watch that the server closes at once is not opened at once again', async () => {
  const { watches, rest } = setting([list(1, [])]);
  await settle();
  await watches[0]?.end();
  assert.equal(watches.length, 1);
  await rest(800);
  assert.equal(watches.length, 2);
});

test('a watch from which nothing comes is broken off; bookmarks keep it', async () => {
  const { reflector, clock, watches, restarts, rest } = setting([list(1, [])]);
  await settle();
  await rest(idleTimeoutMs - 1);
  await watches[0]?.send(bookmark(5));
  assert.equal(reflector.lastHeardMs, clock.monotonicMs());
  await rest(idleTimeoutMs - 1);
  assert.deepEqual(restarts, []);
  await rest(1);
  assert.deepEqual(restarts, ['idle']);
  assert.equal(watches[0]?.open, false);
  assert.equal(watches[1]?.query.resourceVersion, '5');
});

test('a server that refuses is not heard of', async () => {
  const { reflector, clock, watches, refuse, rest } = setting([list(1, [])]);
  await settle();
  const heardMs = clock.monotonicMs();
  refuse.push(refusal(503, 'ServiceUnavailable'), refusal(503, 'ServiceUnavailable'));
  await watches[0]?.break(refusal(0, 'NoAnswer'));
  await rest(1000);
  await rest(2000);
  assert.equal(reflector.lastHeardMs, heardMs);
  await rest(4000);
  assert.equal(watches.length, 2);
  assert.equal(reflector.lastHeardMs, clock.monotonicMs());
});

test('a list that is refused is tried until it succeeds', async () => {
  const { reflector, listed, rest } = setting([refusal(403, 'Forbidden'), '<html>', list(1, [])]);
  await settle();
  await rest(800);
  assert.equal(reflector.isSynced, false);
  await rest(1600);
  assert.equal(reflector.isSynced, true);
  assert.equal(listed.length, 3);
});

test('what a handler throws is told and harms nobody', async () => {
  const told: string[] = [];
  const { reflector, errors, watches } = setting([list(1, [pod('a', 1), pod('b', 1)])], {
    onChange: ({ object }) => {
      told.push(object.metadata.name);
      if (object.metadata.name !== 'b') throw new Error('bad');
    },
  });
  await settle();
  await watches[0]?.send(event('ADDED', pod('c', 2)));
  await watches[0]?.send(event('ADDED', pod('d', 3)));
  assert.deepEqual(told, ['a', 'b', 'c', 'd']);
  assert.equal(errors.length, 3);
  assert.equal(reflector.store.size, 4);
});

test('an event that is not understood breaks the watch and is not skipped', async () => {
  for (const strange of [event('NEWS', pod('a', 2)), event('ADDED', { metadata: {} }), 7]) {
    const { watches, restarts, rest } = setting([list(1, [])]);
    await settle();
    await watches[0]?.send(strange);
    assert.deepEqual(restarts, ['error']);
    await rest(800);
    assert.equal(watches[1]?.query.resourceVersion, '1');
  }
});

test('the same name with another uid is a deletion and an addition', async () => {
  const { told, watches } = setting([list(1, [pod('a', 1, 'first')])]);
  await settle();
  await watches[0]?.send(event('ADDED', pod('a', 5, 'second')));
  assert.deepEqual(told.slice(1), ['watch deleted a 1', 'watch added a 5']);
});

test('stopped while it watches or rests it leaves nothing open and says nothing', async () => {
  const watching = setting([list(1, [])]);
  await settle();
  await watching.reflector.stop();
  assert.equal(watching.watches[0]?.open, false);
  assert.deepEqual(watching.restarts, []);
  const resting = setting([refusal(503, 'ServiceUnavailable')]);
  await settle();
  await resting.reflector.stop();
  await resting.rest(60_000);
  assert.equal(resting.listed.length, 1);
});

test('stopped while it lists it opens no watch', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const { reflector, watches, told } = setting([promise]);
  await settle();
  const stopped = reflector.stop();
  resolve(list(1, [pod('a', 1)]));
  await stopped;
  assert.deepEqual(told, []);
  assert.equal(watches.filter(({ open }) => open).length, 0);
});
