/** That a reflector's store comes to be what the server has, whatever happens between. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { systemClock } from '../../operator/kube/clock.ts';
import { objectKey } from '../../operator/kube/object.ts';
import { Reflector, type ReflectorOptions } from '../../operator/kube/reflector.ts';
import type { Transport } from '../../operator/kube/transport.ts';
import {
  type ApiServerUnderTest,
  configMaps,
  configMapsOf,
  eventually,
  makeNamespace,
} from './api-server-under-test.ts';

/** A reflector that ends with its test, however that ends. */
export function reflect(
  test: TestContext,
  transport: Transport,
  namespace: string,
  options: Partial<ReflectorOptions> = {},
) {
  const told: string[] = [];
  const restarts: string[] = [];
  const reflector = new Reflector({
    transport,
    clock: systemClock,
    random: Math.random,
    resource: configMaps,
    namespace,
    onChange: ({ kind, object }, origin) => told.push(`${origin} ${kind} ${object.metadata.name}`),
    onRestart: (reason) => restarts.push(reason),
    backoff: { baseMs: 20, maximumMs: 200, jitter: 0.5 },
    ...options,
  });
  test.after(() => reflector.stop());
  reflector.start();
  return { reflector, told, restarts };
}

export function reflectorConformance(server: () => ApiServerUnderTest, transport: () => Transport): void {
  describe('a reflector', () => {
    it('lists, follows, and tells each change once', async (test) => {
      const namespace = await makeNamespace(transport(), 'followed');
      const { create, patch, delete: remove } = configMapsOf(transport(), namespace);
      for (const name of ['kube-root-ca.crt', 'a']) await create(name).catch(() => {});
      const { reflector, told } = reflect(test, transport(), namespace);
      await reflector.whenSynced;
      await create('b');
      await patch('b', { data: { c: 'd' } });
      await remove('a');
      await eventually('the deletion is told', () => told.includes('watch deleted a'));
      const own = told.filter((line) => !line.includes('kube-root-ca'));
      assert.deepEqual(own, ['list added a', 'watch added b', 'watch modified b', 'watch deleted a']);
      assert.deepEqual(reflector.store.get(`${namespace}/b`)?.data, { c: 'd' });
      await reflector.stop();
    });

    it('tells an object of the same name as another one', async (test) => {
      const namespace = await makeNamespace(transport(), 'renamed');
      const { create, delete: remove } = configMapsOf(transport(), namespace);
      await create('a');
      const { reflector, told } = reflect(test, transport(), namespace);
      await reflector.whenSynced;
      await remove('a');
      await create('a');
      await eventually('the second is told', () => told.includes('watch added a'));
      const own = told.filter((line) => line.endsWith(' a'));
      assert.deepEqual(own, ['list added a', 'watch deleted a', 'watch added a']);
      await reflector.stop();
    });

    it('knows more objects than a page holds', async (test) => {
      const namespace = await makeNamespace(transport(), 'many');
      const { create } = configMapsOf(transport(), namespace);
      const names = Array.from({ length: 520 }, (_, index) => `c-${index}`);
      for (let start = 0; start < names.length; start += 40)
        await Promise.all(names.slice(start, start + 40).map((name) => create(name)));
      const { reflector } = reflect(test, transport(), namespace);
      await reflector.whenSynced;
      const known = new Set(reflector.store.all().map(objectKey));
      assert.ok(names.every((name) => known.has(`${namespace}/${name}`)));
      await reflector.stop();
    });

    it('lists anew when its version is gone', async (test) => {
      const namespace = await makeNamespace(transport(), 'gone');
      const { create } = configMapsOf(transport(), namespace);
      await server().forget();
      let watches = 0;
      const behind: Transport = {
        ...transport(),
        watch: (path, options = {}) => {
          watches += 1;
          const old = { ...options, query: { ...options.query, resourceVersion: '1' } };
          return transport().watch(path, watches === 1 ? old : options);
        },
      };
      const { reflector, restarts, told } = reflect(test, behind, namespace);
      await eventually('the version is gone', () => restarts.length > 0);
      assert.equal(restarts[0], 'gone');
      await create('a');
      await eventually('news is told', () => told.some((line) => line.endsWith('added a')));
      assert.notEqual(reflector.store.get(`${namespace}/a`), undefined);
    });

    it('finds what it missed while the server was away', async (test) => {
      const namespace = await makeNamespace(transport(), 'missed');
      const { create, delete: remove } = configMapsOf(transport(), namespace);
      const { reflector, restarts } = reflect(test, transport(), namespace, { labelSelector: 'watched' });
      await create('a', { metadata: { labels: { watched: '' } } });
      await eventually('a is told', () => reflector.store.size === 1);
      await server().forget();
      await create('b', { metadata: { labels: { watched: '' } } });
      await remove('a');
      const keys = () => reflector.store.all().map(objectKey).join();
      await eventually('a is gone and b is there', () => keys() === `${namespace}/b`);
      assert.ok(restarts.length > 0);
    });

    it('leaves nothing open, whenever it is stopped', async (test) => {
      const namespace = await makeNamespace(transport(), 'stopped');
      for (const delayMs of [0, 1, 5, 20, 50]) {
        const { reflector } = reflect(test, transport(), namespace);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await reflector.stop();
      }
    });
  });
}
