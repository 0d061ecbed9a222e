/** The vectors of docs/identity.md, and agreement of both implementations on random identifiers. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayOffset } from '../deid/identity/date-offset.ts';
import { resolvePatientIdentity } from '../deid/identity/patient-identity.ts';
import { parseProjectKey } from '../deid/identity/project-key.ts';
import { patientPseudonym } from '../deid/identity/pseudonym.ts';
import { createUidMap } from '../deid/identity/uid-map.ts';
import { keyedIdentity, keyMaterial, patientOf } from './identity.ts';

const file = Buffer.from('deid-key-v1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n');
const key = keyMaterial(file);
const theirs = parseProjectKey(file);

/** Rows of the page's tables that have as many cells as asked for, `∅` and `␠` read as what they stand for. */
const vectors = (cells: number): readonly string[][] =>
  readFileSync(new URL('../../docs/identity.md', import.meta.url), 'utf8')
    .split('## Vectors')[1]
    ?.split('\n')
    .map((line) => line.split('|').slice(1, -1))
    .map((row) => row.map((cell) => cell.trim().replace(/^`|`$/g, '').replaceAll('␠', ' ').replace('∅', '')))
    .filter(
      (row) => row.length === cells && !/^-+$|^UID$|^Patient ID$|^use$|^ordinal$|^Study/.test(row[0] ?? ''),
    ) ?? [];

test('gives the documented UIDs', () => {
  const rows = vectors(3).filter(([, root]) => root?.includes('.') && !root.includes('/'));
  assert.ok(rows.length >= 5);
  for (const [uid = '', root = '', expected] of rows)
    assert.equal(keyedIdentity(key, root).uid(uid), expected);
});

test('gives the documented pseudonyms and days', () => {
  const rows = vectors(8);
  assert.equal(rows.length, 7);
  for (const [
    id = '',
    issuer = '',
    defaultIssuer = '',
    prefix = '',
    length,
    pseudonym,
    maxDays,
    days,
  ] of rows) {
    const patient = patientOf({ id, issuer, defaultIssuer, study: '', instance: '' });
    assert.ok(patient !== undefined);
    const identity = keyedIdentity(key, '2.25');
    assert.equal(identity.pseudonym(patient, { prefix, length: Number(length) }), pseudonym);
    assert.equal(identity.days(patient, Number(maxDays)), Number(days));
  }
});

test('agrees with the engine on any identifier', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(
      text,
      text,
      text,
      text,
      fc.constantFrom('2.25', '1.2.826.0.1.3680043.8'),
      (id, issuer, defaultIssuer, uid, root) => {
        const identity = keyedIdentity(key, root);
        assert.equal(identity.uid(uid), createUidMap(theirs, root)(uid));
        const patient = patientOf({ id, issuer, defaultIssuer, study: uid, instance: '1.2' });
        const own = resolvePatientIdentity({
          patientId: id,
          issuer,
          studyInstanceUid: uid,
          sopInstanceUid: '1.2',
          defaultIssuer,
          missing: 'perStudy',
        });
        assert.ok(patient !== undefined && own.kind !== 'rejected');
        const form = { prefix: 'P-', length: 20 };
        assert.equal(identity.pseudonym(patient, form), patientPseudonym(theirs, own, form));
        assert.equal(identity.days(patient, 3650), dayOffset(theirs, own, 3650));
      },
    ),
  );
});
