/** The rules of the definitions, evaluated as the API server does, agree with the validators. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import type { CelRule, Field, Node, ObjectNode } from './schema/schema.ts';
import { overlaps } from './v1alpha1/area.ts';
import { deidJob } from './v1alpha1/job.ts';
import { deidProfile } from './v1alpha1/profile.ts';
import { validateJob } from './validate.ts';

const environment = new Environment().registerVariable('self', 'dyn').registerVariable('oldSelf', 'dyn');

function holds({ rule }: CelRule, self: unknown, oldSelf: unknown = self): boolean {
  return environment.parse(rule)({ self, oldSelf }) === true;
}

function objectAt(node: Node, path: string): ObjectNode {
  let at = node;
  for (const name of path.split('.')) {
    assert.ok(at.kind === 'object');
    const field = at.fields[name]?.node;
    assert.ok(field !== undefined, name);
    at = field.kind === 'list' ? field.items : field;
  }
  assert.ok(at.kind === 'object');
  return at;
}

/** Messages of the rules that an object breaks. */
function broken(node: ObjectNode, self: unknown, oldSelf?: unknown): string[] {
  return node.rules.filter((rule) => !holds(rule, self, oldSelf)).map(({ message }) => message);
}

const folder = fc.constantFrom('', 'x', 'x/', 'xy', 'x/y', 'x/y/', 'y');
const area = fc.oneof(
  fc.record({ volume: fc.record({ claimName: fc.constantFrom('abc', 'b'), path: folder }) }),
  fc.record({
    s3: fc.record(
      {
        bucket: fc.constantFrom('abc', 'abd'),
        prefix: folder,
        forcePathStyle: fc.constant(false),
        endpoint: fc.constantFrom('http://s', 'http://t'),
      },
      { requiredKeys: ['bucket', 'prefix', 'forcePathStyle'] },
    ),
  }),
);
const spec = {
  profileRef: { builtin: 'basic' },
  source: { volume: { claimName: 'a', path: '1' }, select: {} },
  destination: { volume: { claimName: 'a', path: '2' } },
  quarantine: { volume: { claimName: 'a', path: '3' } },
  workArea: { volume: { claimName: 'a', path: '4' } },
  key: {},
  shards: { targetBytes: '4Gi', max: 2000 },
  failurePolicy: { maxRejected: '100%' },
  parallelism: 4,
};

describe('rules of a job', () => {
  const node = objectAt(deidJob.node, 'spec');

  it('accept a sound spec', () => assert.deepEqual(broken(node, spec), []));

  it('refuse areas exactly where the validator does', () => {
    fc.assert(
      fc.property(area, area, area, area, (source, destination, quarantine, workArea) => {
        const areas = [source, destination, quarantine, workArea];
        const expected = areas
          .flatMap((first, index) => areas.slice(index + 1).map((second) => overlaps(first, second)))
          .filter(Boolean).length;
        const self = { ...spec, source, destination, quarantine, workArea };
        assert.equal(broken(node, self).length, expected);
        const document = {
          apiVersion: 'deid.imaging/v1alpha1',
          kind: 'DeidJob',
          metadata: { name: 'j' },
          spec: { ...self, source: { ...source } },
        };
        const validated = validateJob(document);
        assert.equal(validated.ok ? 0 : validated.problems.length, expected);
      }),
      { seed: 1 },
    );
  });

  it('ask each area for exactly one place, and for encryption in S3 alone', () => {
    const volume = { claimName: 'a', path: '' };
    const s3 = { bucket: 'abc', prefix: '' };
    const encryption = { kmsKeyId: 'k' };
    const cases: readonly (readonly [object, number])[] = [
      [{}, 1],
      [{ volume }, 0],
      [{ s3 }, 0],
      [{ volume, s3 }, 1],
      [{ s3, encryption }, 0],
      [{ volume, encryption }, 1],
    ];
    for (const name of ['destination', 'quarantine', 'workArea']) {
      const node = objectAt(deidJob.node, `spec.${name}`);
      for (const [self, count] of cases) assert.equal(broken(node, self).length, count, name);
    }
    const source = objectAt(deidJob.node, 'spec.source');
    for (const [self, count] of cases.slice(0, 4)) assert.equal(broken(source, self).length, count);
  });

  it('let parallelism change and nothing else', () => {
    assert.deepEqual(broken(node, { ...spec, parallelism: 9 }, spec), []);
    for (const name of Object.keys(spec).filter((name) => name !== 'parallelism')) {
      const messages = broken(
        node,
        { ...spec, [name]: { ...Object(spec[name as keyof typeof spec]), x: 1 } },
        spec,
      );
      assert.equal(messages.length, 1, name);
      assert.match(messages[0] ?? '', new RegExp(`^spec\\.${name} cannot change`));
    }
  });

  it('ask for exactly one profile', () => {
    const ref = objectAt(deidJob.node, 'spec.profileRef');
    const cases = [{}, { name: 'a' }, { builtin: 'basic' }, { name: 'a', builtin: 'basic' }];
    assert.deepEqual(
      cases.map((self) => broken(ref, self).length),
      [1, 0, 0, 1],
    );
  });

  it('ask for a name that pods can be named after', () => {
    assert.ok(deidJob.node.kind === 'object');
    assert.equal(broken(deidJob.node, { metadata: { name: 'n'.repeat(40) } }).length, 0);
    assert.equal(broken(deidJob.node, { metadata: { name: 'n'.repeat(41) } }).length, 1);
  });
});

describe('rules of a profile', () => {
  it('refuse both date options together', () => {
    const basis = objectAt(deidProfile.node, 'spec.dicom.basis');
    const [full, modified] = ['RetainLongitudinalFullDates', 'RetainLongitudinalModifiedDates'];
    assert.deepEqual(broken(basis, { options: [full] }), []);
    assert.deepEqual(broken(basis, { options: [modified, 'RetainUIDs'] }), []);
    assert.equal(broken(basis, { options: [full, modified] }).length, 1);
  });

  it('ask a rule to say what it matches', () => {
    const match = objectAt(deidProfile.node, 'spec.dicom.rules.match');
    assert.equal(broken(match, {}).length, 1);
    for (const name of Object.keys(match.fields)) assert.deepEqual(broken(match, { [name]: 'x' }), [], name);
  });
});

/** Every field below a node with its path. */
function* fieldsBelow(node: Node, path: string): Generator<readonly [string, Field]> {
  if (node.kind === 'list') yield* fieldsBelow(node.items, `${path}[]`);
  if (node.kind !== 'object') return;
  for (const [name, field] of Object.entries(node.fields)) {
    yield [`${path}.${name}`, field];
    yield* fieldsBelow(field.node, `${path}.${name}`);
  }
}

it('the rules hold for defaults as they stand, since the API server evaluates them before it fills in what is below', () => {
  for (const root of [deidJob.node, deidProfile.node]) {
    for (const [path, { node, default: value }] of fieldsBelow(root, '')) {
      if (value !== undefined && node.kind === 'object') assert.deepEqual(broken(node, value), [], path);
    }
  }
});
