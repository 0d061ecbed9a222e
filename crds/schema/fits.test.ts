import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { builtinProfiles } from '../profiles/builtin.ts';
import { deidJob } from '../v1alpha1/job.ts';
import { deidProfile } from '../v1alpha1/profile.ts';
import { withDefaults } from './defaults.ts';
import { dateTime, fits } from './fits.ts';
import { jsonSchema } from './json-schema.ts';
import {
  always,
  boolean,
  choice,
  integer,
  intOrString,
  list,
  map,
  type Node,
  object,
  open,
  optional,
  required,
  text,
  union,
} from './schema.ts';

function library(node: Node): (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  ajv.addFormat('date-time', dateTime);
  return ajv.compile(jsonSchema(node));
}

const quantity = { minimum: 0, maximum: 9, maxLength: 3, pattern: '^[0-9]+Mi$', expected: 'a size' };
const member = object('An object.', {
  a: required(text('Text.', { minLength: 1, maxLength: 3 })),
  b: optional(integer('A number.', -2, 4)),
});

/** A node of each kind with values that lie on both sides of its bounds. */
const kinds: readonly { readonly node: Node; readonly values: fc.Arbitrary<unknown> }[] = [
  {
    node: text('Text.', { minLength: 1, maxLength: 2 }).node,
    values: fc.string({ unit: 'grapheme', maxLength: 3 }),
  },
  {
    node: text('Text.', { pattern: '^a*$' }).node,
    values: fc.string({ unit: fc.constantFrom('a', 'b', '\n') }),
  },
  {
    node: text('A time.', { format: 'date-time' }).node,
    values: fc.constantFrom('2026-01-31T12:00:00Z', '2026-01-31T12:00:00+01:00', '2026-01-31', ''),
  },
  { node: choice('A word.', ['x', 'y'], ['z']).node, values: fc.constantFrom('x', 'y', 'z', 1, null) },
  { node: integer('A number.', -2, 4).node, values: fc.oneof(fc.integer({ min: -4, max: 6 }), fc.double()) },
  {
    node: intOrString('A size.', quantity).node,
    values: fc.oneof(fc.integer({ min: -2, max: 11 }), fc.constantFrom('1Mi', '12Mi', 'Mi', 1.5, true)),
  },
  { node: boolean('A flag.').node, values: fc.constantFrom(true, false, 'true', 0) },
  { node: always('A flag.').node, values: fc.constantFrom(true, false, 'true', 1) },
  {
    node: list('A list.', integer('A number.', 0), { minItems: 1, maxItems: 3, listType: 'set' }).node,
    values: fc.array(fc.constantFrom(0, -0, 1, 2), { maxLength: 4 }),
  },
  {
    node: list('A list.', member, { maxItems: 3, listType: 'set' }).node,
    values: fc.array(fc.record({ a: fc.constantFrom('x', 'y') }), { maxLength: 4 }),
  },
  {
    node: map('A map.', integer('A number.', 0, 3), 2).node,
    values: fc.dictionary(fc.string({ maxLength: 2 }), fc.integer({ min: -1, max: 4 }), { maxKeys: 3 }),
  },
  {
    node: member.node,
    values: fc.record(
      { a: fc.string({ maxLength: 4 }), b: fc.integer({ min: -3, max: 5 }), c: fc.constant(1) },
      { requiredKeys: [] },
    ),
  },
  {
    node: open('An object.', { a: required(boolean('A flag.')) }).node,
    values: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), fc.boolean()),
  },
  {
    node: union('Either.', 'a word or a number', [choice('A word.', ['x']), integer('A number.', 1, 2)]).node,
    values: fc.constantFrom('x', 'y', 0, 1, 2, 3, null, [], {}),
  },
];

describe('a document that fits', () => {
  it('is one that the library accepts, whatever its kind', () => {
    for (const { node, values } of kinds) {
      const accepts = library(node);
      fc.assert(
        fc.property(fc.oneof({ weight: 4, arbitrary: values }, fc.jsonValue()), (value) => {
          assert.equal(!fits(node, value) || accepts(value), true);
        }),
        { seed: 1, numRuns: 300 },
      );
    }
  });

  it('is told without the library where it is one of ours', () => {
    for (const profile of Object.values(builtinProfiles)) assert.equal(fits(deidProfile.node, profile), true);
    const volume = { volume: { claimName: 'c' } };
    const areas = { source: volume, destination: volume, quarantine: volume, workArea: volume };
    const job = {
      apiVersion: 'deid.imaging/v1alpha1',
      kind: 'DeidJob',
      metadata: { name: 'j' },
      spec: { profileRef: { builtin: 'basic' }, ...areas },
    };
    assert.equal(fits(deidJob.node, withDefaults(deidJob.node, job)), true);
    assert.equal(fits(deidJob.node, { ...job, spec: {} }), false);
  });
});
