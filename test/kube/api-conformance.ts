/** What controllers rely on of an API server, and what the transport makes of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../../operator/kube/api-error.ts';
import { tokenAccess } from '../../operator/kube/cluster-access.ts';
import type { KubeObject } from '../../operator/kube/object.ts';
import { resourcePath } from '../../operator/kube/resource.ts';
import type { Transport } from '../../operator/kube/transport.ts';
import {
  type ApiServerUnderTest,
  configMap,
  configMaps,
  configMapsOf,
  eventually,
  makeNamespace,
  testTransport,
  things,
} from './api-server-under-test.ts';

interface Event {
  readonly type: string;
  readonly object: KubeObject;
}

export async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => assert.fail('it went well'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ApiError);
  return error;
}

function thing(name: string, more: object = {}): Readonly<Record<string, unknown>> {
  return { apiVersion: 'conformance.example/v1', kind: 'Thing', metadata: { name }, ...more };
}

export function apiConformance(server: () => ApiServerUnderTest, transport: () => Transport): void {
  const call = (...args: Parameters<Transport['call']>) => transport().call(...args);
  const object = async (...args: Parameters<Transport['call']>) => (await call(...args)) as KubeObject;

  describe('objects', () => {
    it('are created once, with uid, version and time', async () => {
      const namespace = await makeNamespace(transport(), 'created');
      const path = resourcePath(configMaps, { namespace });
      const made = await object(path, { method: 'POST', body: configMap('a', { data: { b: 'c' } }) });
      assert.match(made.metadata.uid, /^[0-9a-f-]{36}$/);
      assert.match(made.metadata.resourceVersion, /^\d+$/);
      assert.match(made.metadata.creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.deepEqual((await object(`${path}/a`)).metadata.uid, made.metadata.uid);
      assert.ok((await failure(call(path, { method: 'POST', body: configMap('a') }))).isAlreadyExists);
      assert.ok((await failure(call(`${path}/b`))).isNotFound);
      const elsewhere = resourcePath(configMaps, { namespace: 'nowhere' });
      assert.ok((await failure(call(elsewhere, { method: 'POST', body: configMap('a') }))).isNotFound);
    });

    it('that are invalid are refused by field, and values are not told', async () => {
      const namespace = await makeNamespace(transport(), 'invalid');
      const body = configMap('GRUENSPECHT^MAELINA');
      const error = await failure(call(resourcePath(configMaps, { namespace }), { method: 'POST', body }));
      assert.equal(error.code, 422);
      assert.deepEqual(error.causes, [{ field: 'metadata.name', reason: 'FieldValueInvalid' }]);
      assert.ok(!error.message.includes('GRUENSPECHT'));
    });

    it('are updated by those who know the last version', async () => {
      const namespace = await makeNamespace(transport(), 'updated');
      const path = resourcePath(configMaps, { namespace, name: 'a' });
      const first = await object(resourcePath(configMaps, { namespace }), {
        method: 'POST',
        body: configMap('a'),
      });
      const second = await object(path, { method: 'PUT', body: { ...first, data: { a: '1' } } });
      assert.notEqual(second.metadata.resourceVersion, first.metadata.resourceVersion);
      assert.ok(
        (await failure(call(path, { method: 'PUT', body: { ...first, data: { a: '2' } } }))).isConflict,
      );
      const { resourceVersion } = first.metadata;
      const patch = { metadata: { resourceVersion }, data: { a: '2' } };
      assert.ok((await failure(call(path, { method: 'PATCH', body: patch }))).isConflict);
    });

    it('are not written where nothing changes', async () => {
      const namespace = await makeNamespace(transport(), 'unchanged');
      const body = configMap('a', { data: { a: '1' } });
      const path = resourcePath(configMaps, { namespace, name: 'a' });
      const first = await object(resourcePath(configMaps, { namespace }), { method: 'POST', body });
      const again = await object(path, { method: 'PUT', body: first });
      const patched = await object(path, { method: 'PATCH', body: { data: { a: '1' } } });
      assert.equal(again.metadata.resourceVersion, first.metadata.resourceVersion);
      assert.equal(patched.metadata.resourceVersion, first.metadata.resourceVersion);
    });

    it('lose by a merge patch what is null, and keep what is not named', async () => {
      const namespace = await makeNamespace(transport(), 'merged');
      const { create, patch } = configMapsOf(transport(), namespace);
      await create('a', { data: { a: '1', b: '2' } });
      const patched = (await patch('a', { data: { a: null, c: '3' } })) as KubeObject;
      assert.deepEqual(patched.data, { b: '2', c: '3' });
    });

    it('are deleted by uid, and once', async () => {
      const namespace = await makeNamespace(transport(), 'deleted');
      const { create, path } = configMapsOf(transport(), namespace);
      await create('a');
      const body = { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } };
      assert.ok((await failure(call(path('a'), { method: 'DELETE', body }))).isConflict);
      await call(path('a'), { method: 'DELETE' });
      assert.ok((await failure(call(path('a'), { method: 'DELETE' }))).isNotFound);
    });

    it('with finalizers stay until those are gone', async () => {
      const namespace = await makeNamespace(transport(), 'finalized');
      const { create, path, patch } = configMapsOf(transport(), namespace);
      await create('a', { metadata: { finalizers: ['conformance.example/hold'] } });
      await call(path('a'), { method: 'DELETE' });
      assert.notEqual((await object(path('a'))).metadata.deletionTimestamp, undefined);
      await patch('a', { metadata: { finalizers: [] } });
      assert.ok((await failure(call(path('a')))).isNotFound);
    });

    it('go with their owner', async () => {
      const namespace = await makeNamespace(transport(), 'owned');
      const { create, path } = configMapsOf(transport(), namespace);
      const { metadata } = (await create('owner')) as KubeObject;
      const { name, uid } = metadata;
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }];
      await create('child', { metadata: { ownerReferences } });
      await call(path('owner'), { method: 'DELETE' });
      const isGone = async () =>
        call(path('child')).then(
          () => false,
          (error: unknown) => error instanceof ApiError && error.isNotFound,
        );
      await eventually('the child is gone', isGone, 60_000);
    });
  });

  describe('status', () => {
    it('is written by its subresource alone, and makes no new generation', async () => {
      const namespace = await makeNamespace(transport(), 'status');
      const path = resourcePath(things, { namespace, name: 'a' });
      const body = thing('a', { spec: { a: 1 }, status: { b: 1 } });
      const made = await object(resourcePath(things, { namespace }), { method: 'POST', body });
      assert.equal(made.status, undefined);
      assert.equal(made.metadata.generation, 1);
      const patch = { spec: { a: 2 }, status: { b: 2, fieldOfTomorrow: { c: [] } } };
      const withStatus = await object(`${path}/status`, { method: 'PATCH', body: patch });
      assert.deepEqual(
        [withStatus.spec, withStatus.status],
        [{ a: 1 }, { b: 2, fieldOfTomorrow: { c: [] } }],
      );
      assert.equal(withStatus.metadata.generation, 1);
      const withSpec = await object(path, { method: 'PATCH', body: { spec: { a: 3 }, status: { b: 3 } } });
      assert.deepEqual([withSpec.spec, withSpec.status], [{ a: 3 }, withStatus.status]);
      assert.equal(withSpec.metadata.generation, 2);
    });
  });

  describe('server-side apply', () => {
    const apply = (path: string, fieldManager: string, body: object, force = false) =>
      object(path, {
        method: 'PATCH',
        contentType: 'application/apply-patch+yaml',
        query: { fieldManager, ...(force ? { force } : {}) },
        body,
      });

    it('makes what is missing, owns what it sets, and gives up what it sets no more', async () => {
      const namespace = await makeNamespace(transport(), 'applied');
      const path = resourcePath(things, { namespace, name: 'a' });
      const first = await apply(path, 'one', thing('a', { spec: { a: 1, b: 1 } }));
      assert.equal(first.metadata.generation, 1);
      const other = await apply(path, 'two', thing('a', { spec: { c: 1 } }));
      assert.deepEqual(other.spec, { a: 1, b: 1, c: 1 });
      const same = await apply(path, 'two', thing('a', { spec: { c: 1 } }));
      assert.equal(same.metadata.resourceVersion, other.metadata.resourceVersion);
      const less = await apply(path, 'one', thing('a', { spec: { a: 1 } }));
      assert.deepEqual(less.spec, { a: 1, c: 1 });
    });

    it('is in conflict with other owners, unless it is forced', async () => {
      const namespace = await makeNamespace(transport(), 'forced');
      const path = resourcePath(things, { namespace, name: 'a' });
      await apply(path, 'one', thing('a', { spec: { a: 1 } }));
      assert.ok((await failure(apply(path, 'two', thing('a', { spec: { a: 2 } })))).isConflict);
      assert.deepEqual((await apply(path, 'two', thing('a', { spec: { a: 2 } }), true)).spec, { a: 2 });
    });
  });

  describe('lists', () => {
    const page = async (path: string, query: Readonly<Record<string, string | number>>) =>
      (await call(path, { query })) as {
        readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
        readonly items: readonly KubeObject[];
      };

    it('come in pages of one version, chosen by labels', async () => {
      const namespace = await makeNamespace(transport(), 'paged');
      const { create, path } = configMapsOf(transport(), namespace);
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        await create(name, { metadata: { labels: { vowel: String('aeiou'.includes(name)), letter: name } } });
      const query = { limit: 2, labelSelector: 'letter in (a,b,c,e),letter' };
      const pages = [await page(path(), query)];
      for (let next = pages[0]?.metadata.continue; next !== undefined; next = pages.at(-1)?.metadata.continue)
        pages.push(await page(path(), { ...query, continue: next }));
      const names = pages.flatMap(({ items }) => items.map(({ metadata }) => metadata.name));
      assert.deepEqual(names, ['a', 'b', 'c', 'e']);
      assert.equal(new Set(pages.map(({ metadata }) => metadata.resourceVersion)).size, 1);
      const vowels = await page(path(), { labelSelector: 'vowel=true,letter!=a' });
      assert.deepEqual(
        vowels.items.map(({ metadata }) => metadata.name),
        ['e'],
      );
    });

    it('cannot be gone on with once their version is forgotten', async () => {
      const namespace = await makeNamespace(transport(), 'expired');
      const { create, path } = configMapsOf(transport(), namespace);
      for (const name of ['a', 'b']) await create(name);
      const { metadata } = await page(path(), { limit: 1 });
      const token = JSON.parse(Buffer.from(metadata.continue ?? '', 'base64url').toString('utf8'));
      const old = Buffer.from(JSON.stringify({ ...token, rv: 1 })).toString('base64url');
      await server().forget();
      assert.ok((await failure(page(path(), { limit: 1, continue: old }))).isGone);
    });
  });

  describe('watches', () => {
    /** Events of a watch until `until` holds or the server ends it. */
    async function events(
      path: string,
      query: object,
      until: (seen: readonly Event[]) => boolean,
    ): Promise<Event[]> {
      const seen: Event[] = [];
      const watch = { watch: true, timeoutSeconds: 30, ...query };
      for await (const event of await transport().watch(path, { query: watch })) {
        seen.push(event as Event);
        if (until(seen)) break;
      }
      return seen;
    }

    it('tell what has changed since a version, as those see it who chose by labels', async () => {
      const namespace = await makeNamespace(transport(), 'watched');
      const { create, path, patch, delete: remove } = configMapsOf(transport(), namespace);
      const first = (await create('a', { metadata: { labels: { on: 'no' } } })) as KubeObject;
      const { resourceVersion } = first.metadata;
      await patch('a', { metadata: { labels: { on: 'yes' } } });
      await patch('a', { data: { b: 'c' } });
      await patch('a', { metadata: { labels: { on: 'no' } } });
      await patch('a', { metadata: { labels: { on: 'yes' } } });
      await remove('a');
      const seen = await events(
        path(),
        { resourceVersion, labelSelector: 'on=yes' },
        ({ length }) => length === 5,
      );
      assert.deepEqual(
        seen.map(({ type }) => type),
        ['ADDED', 'MODIFIED', 'DELETED', 'ADDED', 'DELETED'],
      );
      const versions = seen.map(({ object: { metadata } }) => BigInt(metadata.resourceVersion));
      assert.deepEqual(
        versions,
        [...versions].sort((a, b) => (a < b ? -1 : 1)),
      );
    });

    it('end when their time is over', async () => {
      const namespace = await makeNamespace(transport(), 'ended');
      const { create, path } = configMapsOf(transport(), namespace);
      const { resourceVersion } = ((await create('a')) as KubeObject).metadata;
      const query = { resourceVersion, labelSelector: 'nowhere', timeoutSeconds: 1 };
      assert.deepEqual(await events(path(), query, () => false), []);
    });

    // A real server sends one a minute.
    it('send bookmarks to those who ask for them', async () => {
      const namespace = await makeNamespace(transport(), 'bookmarked');
      const { create, path } = configMapsOf(transport(), namespace);
      const { resourceVersion } = ((await create('a')) as KubeObject).metadata;
      const query = {
        resourceVersion,
        labelSelector: 'nowhere',
        allowWatchBookmarks: true,
        timeoutSeconds: 90,
      };
      const [event] = await events(path(), query, () => true);
      assert.equal(event?.type, 'BOOKMARK');
      assert.match(event?.object.metadata.resourceVersion, /^\d+$/);
    });

    it('cannot go on from a version that is forgotten', async () => {
      const namespace = await makeNamespace(transport(), 'forgotten');
      await server().forget();
      const path = resourcePath(configMaps, { namespace });
      const [event] = await events(path, { resourceVersion: '1' }, () => true);
      assert.equal(event?.type, 'ERROR');
      assert.equal(event?.object.code, 410);
    });
  });

  describe('callers', () => {
    it('are turned away without a token that is known', async () => {
      const { server: address, trust } = server().access;
      const stranger = testTransport(tokenAccess(address, 'unknown', trust));
      assert.equal((await failure(stranger.call('/api/v1/namespaces'))).code, 401);
      await stranger.close();
    });

    it('do not take a path that is not served for an object that is not there', async () => {
      const error = await failure(call('/apis/nowhere.example/v1/nothing/a', { maxTries: 1 }));
      assert.equal(error.code, 404);
      assert.ok(!error.isNotFound);
    });
  });
}
