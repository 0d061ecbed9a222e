import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keySelector } from './glob.ts';

function selects(glob: string, key: string): boolean {
  return keySelector({ include: [glob], exclude: [] })(key);
}

describe('a glob', () => {
  it('takes * for what stands within a folder', () => {
    assert.equal(selects('ct/*.dcm', 'ct/1.dcm'), true);
    assert.equal(selects('ct/*.dcm', 'ct/a/1.dcm'), false);
  });

  it('takes ** for folders of any depth, and for none', () => {
    for (const key of ['1.dcm', 'a/1.dcm', 'a/b/1.dcm']) assert.equal(selects('**/*.dcm', key), true);
    assert.equal(selects('ct/**', 'ct/a/b'), true);
    assert.equal(selects('ct/**', 'ct'), false);
  });

  it('takes ? for one character, also beyond the basic plane', () => {
    assert.equal(selects('?', '\u{1f9ec}'), true);
    assert.equal(selects('?', 'ab'), false);
    assert.equal(selects('a?b', 'a/b'), false);
  });

  it('takes everything else for itself', () => {
    const odd = 'a-b.c+d(e)[f]{g}|h^i$j\\k,l!m n#o\n';
    assert.equal(selects(odd, odd), true);
    assert.equal(selects('a.b', 'axb'), false);
    assert.equal(selects('[ab]', 'a'), false);
  });
});

describe('a selection', () => {
  it('of no globs is everything', () => {
    assert.equal(keySelector({ include: [], exclude: [] })('a/b'), true);
  });

  it('leaves out what is excluded, even where it is included', () => {
    const isSelected = keySelector({ include: ['ct/**'], exclude: ['**/scout*'] });
    assert.equal(isSelected('ct/1'), true);
    assert.equal(isSelected('mr/1'), false);
    assert.equal(isSelected('ct/scout-1'), false);
  });
});
