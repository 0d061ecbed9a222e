/** That a reflector has what the server has in the end, and has told of it in order, whatever happened between. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type KubeObject, objectKey } from '../../operator/kube/object.ts';
import type { Change } from '../../operator/kube/object-store.ts';
import { startFakeApiServer } from '../fake-api-server/fake-api-server.ts';
import { randomFaults, seededRandom } from '../fake-api-server/faults.ts';
import { builtinKinds, namespaces } from '../fake-api-server/kinds.ts';
import { configMap, eventually, testTransport } from './api-server-under-test.ts';
import { reflect } from './reflector-conformance.ts';

const kind = builtinKinds.find(({ plural }) => plural === 'configmaps') ?? assert.fail();
const writer = { manager: 'test' };

/** What somebody knows who hears of changes alone. */
class Follower {
  readonly objects = new Map<string, KubeObject>();

  take({ kind: what, object }: Change): void {
    const key = objectKey(object);
    const known = this.objects.get(key);
    assert.equal(known === undefined, what === 'added', `${what} ${key}`);
    if (what === 'modified') assert.equal(known?.metadata.uid, object.metadata.uid);
    if (what === 'deleted') this.objects.delete(key);
    else this.objects.set(key, object);
  }
}

for (const seed of [1, 2, 3, 4, 5])
  test(`a reflector in trouble comes to know all (seed ${seed})`, async (context) => {
    const random = seededRandom(seed);
    const server = await startFakeApiServer({ bookmarkIntervalMs: 20 });
    const { objects, storage } = server;
    objects.create(
      namespaces,
      undefined,
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } },
      writer,
    );
    const transport = testTransport(server.access());
    const follower = new Follower();
    const wrong: unknown[] = [];
    server.sendEventsTimes(2);
    server.decide(randomFaults(seed, 0.4));
    const { reflector, restarts } = reflect(context, transport, 'n', {
      onChange: (change) => follower.take(change),
      onHandlerError: (error) => wrong.push(error),
      backoff: { baseMs: 1, maximumMs: 20, jitter: 0.5 },
    });
    const change = (name: string) => {
      const target = { kind, namespace: 'n', name, subresource: undefined };
      const present = storage.get(kind, `n/${name}`);
      const chance = random();
      if (present === undefined) objects.create(kind, 'n', configMap(name), writer);
      else if (chance < 0.4) objects.mergePatch(target, { data: { a: String(chance) } }, writer);
      else objects.delete(target, {});
      // Gone and made again before anybody looks: another object of the name.
      if (chance > 0.8 && present !== undefined) objects.create(kind, 'n', configMap(name), writer);
    };
    for (let step = 0; step < 400; step += 1) {
      change(`c-${Math.floor(random() * 20)}`);
      if (random() < 0.05) server.breakWatches({ gap: random() < 0.5 });
      if (step % 4 === 0) await pause(2);
    }
    server.decide(() => undefined);
    const versions = (all: Iterable<KubeObject>) =>
      [...all]
        .map(({ metadata: { name, uid, resourceVersion } }) => `${name} ${uid} ${resourceVersion}`)
        .sort();
    const inServer = () => versions(storage.all(kind));
    await eventually('the store is what the server has', () => {
      const inStore = versions(reflector.store.all());
      return (
        inStore.length === inServer().length && inStore.every((line, index) => line === inServer()[index])
      );
    });
    assert.deepEqual(versions(follower.objects.values()), inServer());
    assert.deepEqual(wrong, []);
    assert.ok(restarts.includes('gone') && restarts.includes('error'));
    await reflector.stop();
    await eventually('no watch is open', () => server.openWatches === 0);
    await transport.close();
    await server.stop();
  });
