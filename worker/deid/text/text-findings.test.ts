import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findInText, rememberingFindings } from './text-findings.ts';
import { vocabulary } from './vocabulary.ts';

const texts = [
  'seen 2019-06-30 by Dr. Grünspecht',
  'mail m.gruenspecht@example.org',
  'UID 1.2.840.113619.2.5.17.21.97.78',
  '-247.5',
  `${'long '.repeat(80)} 30.06.2019`,
];

describe('findings that are remembered', () => {
  it('are those of the text read anew, in any order and however few are kept', () => {
    for (const size of [1, 2, 100]) {
      const find = rememberingFindings(vocabulary, size);
      for (const text of [...texts, ...texts.toReversed(), ...texts]) {
        const plain = ({ dates, ...rest }: ReturnType<typeof find>) => ({
          ...rest,
          dates: dates.map(({ start, end, date }) => ({ start, end, date })),
        });
        assert.deepEqual(plain(find(text)), plain(findInText(text, vocabulary)));
      }
    }
  });

  it('are found once while they are remembered, and again when they have been let go', () => {
    const find = rememberingFindings(vocabulary, 1);
    const first = find('30.06.2019');
    assert.equal(find('30.06.2019'), first);
    find('31.07.2019');
    assert.notEqual(find('30.06.2019'), first);
  });

  it('are not remembered of long texts', () => {
    const find = rememberingFindings(vocabulary);
    const long = 'word '.repeat(80);
    assert.notEqual(find(long), find(long));
  });
});
