import assert from 'node:assert/strict';
import { it } from 'node:test';
import { codeStringVocabulary, vocabulary } from './vocabulary.ts';

it('knows terms of the trade in any case and in the plural', () => {
  for (const word of ['Chest', 'MPRAGE', 'Aneurysms', 'without', 'Schädel', '造影']) {
    assert.ok(vocabulary.has(word), word);
  }
});

it('knows no common name', () => {
  for (const word of [
    'Smith',
    'Brown',
    'Miller',
    'Kowalczyk',
    'Mary',
    'Wang',
    'Garcia',
    'Williams',
    'Robinson',
  ]) {
    assert.ok(!vocabulary.has(word), word);
  }
});

it('knows Defined Terms in Code Strings only', () => {
  assert.ok(codeStringVocabulary.has('MFSPLIT') && !vocabulary.has('MFSPLIT'));
});

it('tells short words by their diacritics', () => {
  assert.ok(vocabulary.has('für') && vocabulary.has('Pé'));
  assert.ok(!vocabulary.has('Àî') && !vocabulary.has('Åí'));
});
