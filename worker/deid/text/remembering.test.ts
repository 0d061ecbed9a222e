import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { remembering } from './remembering.ts';

function counting(size?: number) {
  const asked: string[] = [];
  const length = (text: string) => {
    asked.push(text);
    return { length: text.length };
  };
  return { asked, length: remembering(length, size) };
}

describe('a function that remembers', () => {
  it('gives what it would give anew, in any order and however little it remembers', () => {
    const texts = ['a', 'bb', 'ccc', 'x'.repeat(300)];
    for (const size of [1, 2, 100]) {
      const { length } = counting(size);
      for (const text of [...texts, ...texts.toReversed(), ...texts]) {
        assert.deepEqual(length(text), { length: text.length });
      }
    }
  });

  it('computes once while it remembers, and again when the text has been let go', () => {
    const { asked, length } = counting(2);
    for (const text of ['a', 'a', 'b', 'a', 'c', 'a']) length(text);
    assert.deepEqual(asked, ['a', 'b', 'c', 'a']);
  });

  it('remembers no long text', () => {
    const { asked, length } = counting();
    const long = 'x'.repeat(300);
    length(long);
    length(long);
    assert.equal(asked.length, 2);
  });
});
