import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { overlaps, type Volume } from './area.ts';

describe('two areas overlap', () => {
  const cases: readonly (readonly [string, Volume, Volume, boolean])[] = [
    ['where they are the same', { claimName: 'a', path: 'x' }, { claimName: 'a', path: 'x/' }, true],
    ['where one is the whole claim', { claimName: 'a', path: '' }, { claimName: 'a', path: 'x' }, true],
    [
      'where one lies within the other',
      { claimName: 'a', path: 'x/y/z' },
      { claimName: 'a', path: 'x/y' },
      true,
    ],
    ['not side by side', { claimName: 'a', path: 'x/y' }, { claimName: 'a', path: 'x/z' }, false],
    [
      'not where names merely start alike',
      { claimName: 'a', path: 'x' },
      { claimName: 'a', path: 'xy' },
      false,
    ],
    ['not in two claims', { claimName: 'a', path: '' }, { claimName: 'b', path: '' }, false],
  ];
  for (const [title, first, second, expected] of cases) {
    it(title, () => assert.equal(overlaps(first, second), expected));
  }

  it('whichever is named first', () => {
    const step = fc.constantFrom('a', 'b', 'ab');
    const volume = fc.record({
      claimName: fc.constantFrom('c', 'd'),
      path: fc.array(step, { maxLength: 3 }).map((steps) => steps.join('/')),
    });
    fc.assert(
      fc.property(volume, volume, (first, second) => {
        assert.equal(overlaps(first, second), overlaps(second, first));
        assert.ok(overlaps(first, first));
      }),
      { seed: 1 },
    );
  });
});
