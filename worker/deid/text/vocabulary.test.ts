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

it('knows plain English and the words of other languages', () => {
  for (const word of [
    'ruling',
    'Unterlappen',
    'genoux',
    'rodilla',
    'ginocchio',
    'грудной',
    '평형기',
    '纵隔窗',
  ]) {
    assert.ok(vocabulary.has(word), word);
  }
});

it('takes no name for a plural', () => {
  for (const name of ['Morales', 'Soares', 'Parks', 'Waters']) assert.ok(!vocabulary.has(name), name);
});

it('knows names in phrases that make terms of them', () => {
  assert.deepEqual(vocabulary.phrases('MRA CIRCLE OF WILLIS, Willis'), [{ start: 4, end: 20 }]);
  assert.deepEqual(vocabulary.phrases("Baker's cyst"), [{ start: 0, end: 12 }]);
  assert.deepEqual(vocabulary.phrases('mIP_Images(SW)'), [{ start: 4, end: 13 }]);
});
