import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { mergePatch } from './merge-patch.ts';

/** What the API server does with a merge patch (RFC 7386, section 2). */
function patched(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = patched(result[name], value);
  }
  return result;
}

const leaf = fc.oneof(
  fc.integer({ min: 0, max: 2 }),
  fc.constantFrom('a', 'b'),
  fc.array(fc.integer({ max: 2 }), { maxLength: 2 }),
);
const name = fc.constantFrom('x', 'y', 'z');
const value = fc.dictionary(
  name,
  fc.oneof(leaf, fc.dictionary(name, leaf, { maxKeys: 3, noNullPrototype: true })),
  {
    maxKeys: 3,
    noNullPrototype: true,
  },
);

it('a merge patch makes the one of the other, and there is none between equals', () => {
  fc.assert(
    fc.property(value, value, (before, after) => {
      const patch = mergePatch(before, after);
      assert.deepEqual(patched({ ...before }, patch ?? {}), { ...after });
      assert.equal(mergePatch(before, structuredClone(before)), undefined);
    }),
  );
});

it('names what changes and nothing else', () => {
  assert.deepEqual(mergePatch({ a: 1, b: { c: 1, d: [1] } }, { a: 1, b: { c: 2, d: [1, 2] } }), {
    b: { c: 2, d: [1, 2] },
  });
  assert.deepEqual(mergePatch({ a: 1 }, {}), { a: null });
});
