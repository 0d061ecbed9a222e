import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withDefaults } from './defaults.ts';
import { defaulted, integer, list, object, optional, required, text } from './schema.ts';

const inner = object('Inner.', { size: defaulted(integer('Size.', 0), 3), name: optional(text('Name.')) });
const { node } = object('Outer.', {
  inner: defaulted(inner, {}),
  maybe: optional(inner),
  items: required(list('Items.', inner, { maxItems: 9 })),
});

describe('defaults', () => {
  it('are filled in at every depth, below defaults and in items, and optional fields stay away', () => {
    assert.deepEqual(withDefaults(node, { items: [{}, { size: 1 }] }), {
      inner: { size: 3 },
      items: [{ size: 3 }, { size: 1 }],
    });
  });

  it('take the place of null, as in the API server', () => {
    assert.deepEqual(withDefaults(node, { inner: null, items: [] }), { inner: { size: 3 }, items: [] });
  });

  it('leave alone what does not fit and what nobody knows', () => {
    assert.deepEqual(withDefaults(node, { inner: 'x', items: 4, other: [1] }), {
      inner: 'x',
      items: 4,
      other: [1],
    });
    assert.equal(withDefaults(node, null), null);
  });

  it('change nothing in the value given', () => {
    const given = Object.freeze({ items: Object.freeze([Object.freeze({})]) });
    withDefaults(node, given);
    assert.deepEqual(given, { items: [{}] });
  });

  it('filled in twice are filled in once', () => {
    const once = withDefaults(node, { items: [{}], maybe: {} });
    assert.deepEqual(withDefaults(node, once), once);
  });
});
