import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type AreaPlace, overlaps } from './area.ts';

const volume = (claimName: string, path: string): AreaPlace => ({ volume: { claimName, path } });
const s3 = (bucket: string, prefix: string, endpoint?: string): AreaPlace => ({
  s3: { bucket, prefix, ...(endpoint === undefined ? {} : { endpoint }) },
});

describe('two areas overlap', () => {
  const cases: readonly (readonly [string, AreaPlace, AreaPlace, boolean])[] = [
    ['where they are the same', volume('a', 'x'), volume('a', 'x/'), true],
    ['where one is the whole claim', volume('a', ''), volume('a', 'x'), true],
    ['where one lies within the other', volume('a', 'x/y/z'), volume('a', 'x/y'), true],
    ['not side by side', volume('a', 'x/y'), volume('a', 'x/z'), false],
    ['not where names merely start alike', volume('a', 'x'), volume('a', 'xy'), false],
    ['not in two claims', volume('a', ''), volume('b', ''), false],
    ['where a prefix starts with the other', s3('a', 'x/y'), s3('a', 'x'), true],
    ['where one is the whole bucket', s3('a', ''), s3('a', 'x'), true],
    ['not in two buckets', s3('a', 'x'), s3('b', 'x'), false],
    ['not where prefixes merely start alike', s3('a', 'x'), s3('a', 'xy'), false],
    ['in one store that is not AWS', s3('a', 'x', 'http://s'), s3('a', 'x', 'http://s'), true],
    ['not in buckets of one name in two stores', s3('a', 'x'), s3('a', 'x', 'http://s'), false],
    ['not in a claim and a bucket of one name', volume('abc', 'x'), s3('abc', 'x'), false],
  ];
  for (const [title, first, second, expected] of cases) {
    it(title, () => assert.equal(overlaps(first, second), expected));
  }

  it('whichever is named first', () => {
    const step = fc.constantFrom('a', 'b', 'ab');
    const folder = fc.array(step, { maxLength: 3 }).map((steps) => steps.join('/'));
    const name = fc.constantFrom('c', 'd');
    const place = fc.oneof(
      fc.tuple(name, folder).map(([claim, path]) => volume(claim, path)),
      fc
        .tuple(name, folder, fc.constantFrom('http://s', undefined))
        .map(([bucket, prefix, endpoint]) => s3(bucket, prefix, endpoint)),
    );
    fc.assert(
      fc.property(place, place, (first, second) => {
        assert.equal(overlaps(first, second), overlaps(second, first));
        assert.ok(overlaps(first, first));
      }),
      { seed: 1 },
    );
  });
});
