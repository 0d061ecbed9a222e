import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayOffset } from './date-offset.ts';
import { normalisePatientId, type PatientIdentityFacts, resolvePatientIdentity } from './patient-identity.ts';
import { parseProjectKey } from './project-key.ts';
import { patientPseudonym, pseudonymAlphabet } from './pseudonym.ts';

const key = parseProjectKey(Uint8Array.from({ length: 32 }, (_, index) => index));

function facts(some: Partial<PatientIdentityFacts>): PatientIdentityFacts {
  return {
    patientId: undefined,
    issuer: undefined,
    studyInstanceUid: undefined,
    sopInstanceUid: undefined,
    missing: 'reject',
    ...some,
  };
}

test('spellings of one ID are one patient', () => {
  for (const patientId of [
    'ab 12',
    ' AB 12 ',
    'ab\u00a0 12\0',
    'AB\t12',
    'ＡＢ　１２',
    'a\u200bb 12',
    '\ufeffab 12',
  ]) {
    assert.deepEqual(resolvePatientIdentity(facts({ patientId })), {
      kind: 'patient',
      issuer: '',
      patientId: 'AB 12',
    });
  }
});

test('the issuer is the object’s own, else the profile’s', () => {
  const of = (some: Partial<PatientIdentityFacts>) =>
    resolvePatientIdentity(facts({ patientId: '1', ...some }));
  assert.deepEqual(of({ issuer: 'x', defaultIssuer: 'y' }), { kind: 'patient', issuer: 'X', patientId: '1' });
  assert.deepEqual(of({ issuer: ' \0', defaultIssuer: 'y' }), {
    kind: 'patient',
    issuer: 'Y',
    patientId: '1',
  });
});

test('an ID of white space, NUL or punctuation is missing', () => {
  for (const patientId of [undefined, '', '   ', '\0\0', '---', '^', '. ?', '\u3000']) {
    assert.deepEqual(resolvePatientIdentity(facts({ patientId, studyInstanceUid: '1.2' })), {
      kind: 'rejected',
      reason: 'MissingPatientIdentity',
    });
    assert.deepEqual(
      resolvePatientIdentity(facts({ patientId, studyInstanceUid: '1.2\0', missing: 'perStudy' })),
      {
        kind: 'study',
        studyInstanceUid: '1.2',
      },
    );
  }
  assert.equal(resolvePatientIdentity(facts({ patientId: '患者' })).kind, 'patient');
});

test('without a study an object stands for itself, and without any identity it is rejected', () => {
  const missing = 'perStudy';
  assert.deepEqual(
    resolvePatientIdentity(facts({ missing, studyInstanceUid: '\0', sopInstanceUid: '1.9' })),
    {
      kind: 'study',
      studyInstanceUid: '1.9',
    },
  );
  assert.equal(resolvePatientIdentity(facts({ missing })).kind, 'rejected');
});

test('normalising twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const once = normalisePatientId(text);
      assert.equal(normalisePatientId(once), once);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test('issuer and ID do not flow into each other, nor a patient into a study', () => {
  const form = { prefix: '', length: 12 };
  const pseudonyms = [
    patientPseudonym(key, { kind: 'patient', issuer: 'A', patientId: 'B1' }, form),
    patientPseudonym(key, { kind: 'patient', issuer: 'AB', patientId: '1' }, form),
    patientPseudonym(key, { kind: 'patient', issuer: '', patientId: 'AB1' }, form),
    patientPseudonym(key, { kind: 'patient', issuer: '', patientId: '1.2' }, form),
    patientPseudonym(key, { kind: 'study', studyInstanceUid: '1.2' }, form),
  ];
  assert.equal(new Set(pseudonyms).size, pseudonyms.length);
});

test('a pseudonym has its prefix, its length and the characters of the alphabet', () => {
  assert.match(pseudonymAlphabet, /^[346789BCDFGHJKMNPQRTVWXY]{24}$/);
  for (const length of [8, 12, 32]) {
    const pseudonym = patientPseudonym(
      key,
      { kind: 'patient', issuer: '', patientId: '7' },
      { prefix: 'S-', length },
    );
    assert.match(pseudonym, new RegExp(`^S-[${pseudonymAlphabet}]{${length}}$`));
  }
});

test('every day from 1 to the largest comes up about as often', () => {
  const counts = new Map<number, number>();
  for (let index = 0; index < 7000; index++) {
    const days = dayOffset(key, { kind: 'patient', issuer: '', patientId: String(index) }, 7);
    counts.set(days, (counts.get(days) ?? 0) + 1);
  }
  assert.deepEqual([...counts.keys()].sort(), [1, 2, 3, 4, 5, 6, 7]);
  for (const count of counts.values()) assert.ok(count > 850 && count < 1150);
});
