import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isOlderVersion, type KubeObject, objectKey } from './object.ts';
import { type Change, ObjectStore } from './object-store.ts';

function object(
  name: string,
  version: number,
  uid = 'u',
  labels: Readonly<Record<string, string>> = {},
): KubeObject {
  return { metadata: { name, namespace: 'n', uid, resourceVersion: String(version), labels } };
}

function told(changes: readonly Change[]): string[] {
  return changes.map(({ kind, object: { metadata } }) =>
    [kind, metadata.name, metadata.uid, metadata.resourceVersion].join(' '),
  );
}

test('news of an object is an addition, then modifications, then a deletion', () => {
  const store = new ObjectStore();
  assert.deepEqual(told(store.put(object('a', 1))), ['added a u 1']);
  assert.deepEqual(told(store.put(object('a', 2))), ['modified a u 2']);
  assert.deepEqual(told(store.remove(object('a', 3))), ['deleted a u 3']);
  assert.equal(store.size, 0);
});

test('news that is known already, or late, changes nothing', () => {
  const store = new ObjectStore();
  store.put(object('a', 10));
  assert.deepEqual(store.put(object('a', 10)), []);
  assert.deepEqual(store.put(object('a', 9)), []);
  assert.deepEqual(store.remove(object('b', 11)), []);
  assert.equal(store.get('n/a')?.metadata.resourceVersion, '10');
});

test('another object of the same name is a deletion and an addition, and late news of the first changes nothing', () => {
  const store = new ObjectStore();
  store.put(object('a', 1, 'first'));
  assert.deepEqual(told(store.put(object('a', 5, 'second'))), ['deleted a first 1', 'added a second 5']);
  assert.deepEqual(store.remove(object('a', 4, 'first')), []);
  assert.equal(store.size, 1);
});

test('a list says what is gone, what is new and what is other, also where its versions are older', () => {
  const store = new ObjectStore();
  for (const name of ['a', 'b', 'c']) store.put(object(name, 5));
  const changes = store.replace([object('b', 5), object('c', 3), object('d', 4)]);
  assert.deepEqual(told(changes), ['deleted a u 5', 'modified c u 3', 'added d u 4']);
});

test('objects are found by the index as they are now', () => {
  const store = new ObjectStore(({ metadata }) => Object.values(metadata.labels ?? {}));
  const found = (value: string) => store.byIndex(value).map(objectKey);
  store.put(object('a', 1, 'u', { owner: 'x' }));
  store.put(object('b', 2, 'u', { owner: 'x', other: 'y' }));
  assert.deepEqual(found('x'), ['n/a', 'n/b']);
  store.put(object('a', 3, 'u', { owner: 'y' }));
  assert.deepEqual(found('x'), ['n/b']);
  assert.deepEqual(found('y').sort(), ['n/a', 'n/b']);
  store.remove(object('b', 4));
  assert.deepEqual(found('x'), []);
});

test('versions are compared as numbers of any length', () => {
  assert.ok(isOlderVersion('9', '10'));
  assert.ok(isOlderVersion('99999999999999999998', '99999999999999999999'));
  assert.ok(!isOlderVersion('10', '10'));
  assert.ok(!isOlderVersion('a', 'b'));
});

test('property: who follows the changes has what the store has, by key and by index', () => {
  const news = fc.record({
    act: fc.constantFrom('put', 'remove', 'replace'),
    name: fc.constantFrom('a', 'b', 'c'),
    uid: fc.constantFrom('u', 'v'),
    version: fc.integer({ min: 1, max: 9 }),
    label: fc.constantFrom('x', 'y'),
  });
  fc.assert(
    fc.property(fc.array(news, { maxLength: 40 }), (steps) => {
      const store = new ObjectStore(({ metadata }) => Object.values(metadata.labels ?? {}));
      const followed = new Map<string, KubeObject>();
      for (const { act, name, uid, version, label } of steps) {
        const one = object(name, version, uid, { label });
        const changes =
          act === 'put' ? store.put(one) : act === 'remove' ? store.remove(one) : store.replace([one]);
        for (const { kind, object: changed } of changes) {
          assert.equal(followed.has(objectKey(changed)), kind !== 'added');
          if (kind === 'deleted') followed.delete(objectKey(changed));
          else followed.set(objectKey(changed), changed);
        }
      }
      const byKey = (objects: Iterable<KubeObject>) =>
        [...objects].sort((a, b) => objectKey(a).localeCompare(objectKey(b)));
      assert.deepEqual(byKey(store.all()), byKey(followed.values()));
      for (const label of ['x', 'y']) {
        const expected = [...followed.values()].filter(({ metadata }) => metadata.labels?.label === label);
        assert.deepEqual(byKey(store.byIndex(label)), byKey(expected));
      }
    }),
  );
});
