/** The vectors of docs/identity.md, which were computed by another implementation of that page. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inputMark } from '../../evidence/ledger-record.ts';
import { dayOffset } from './date-offset.ts';
import { type KnownIdentity, resolvePatientIdentity } from './patient-identity.ts';
import { createPlanCipher } from './plan-cipher.ts';
import { keyFingerprint, parseProjectKey, purposes } from './project-key.ts';
import { patientPseudonym } from './pseudonym.ts';
import { createUidMap } from './uid-map.ts';

/** The page, its tables without the blanks that align them. */
const page = readFileSync(new URL('../../../docs/identity.md', import.meta.url), 'utf8').replaceAll(
  / +\|/g,
  ' |',
);
const keyText = /`(deid-key-v1:[\w-]+)`/.exec(page.slice(page.indexOf('## Vectors')))?.[1] ?? '';
const key = parseProjectKey(Buffer.from(`${keyText}\n`));

/** The cells of the table whose header row starts with the given cells. */
function table(header: string): readonly (readonly string[])[] {
  const lines = page.slice(page.indexOf(`| ${header} |`)).split('\n');
  const rows = lines.slice(2, lines.indexOf(''));
  assert.ok(page.includes(`| ${header} |`) && rows.length > 0, `the page has a table of ${header}`);
  return rows.map((row) =>
    [...row.matchAll(/`([^`]*)`/g)].map(([, cell = '']) => (cell === '∅' ? '' : cell.replaceAll('␠', ' '))),
  );
}

function known(facts: {
  patientId?: string;
  issuer?: string;
  defaultIssuer?: string;
  study?: string;
}): KnownIdentity {
  const identity = resolvePatientIdentity({
    patientId: facts.patientId,
    issuer: facts.issuer,
    defaultIssuer: facts.defaultIssuer,
    studyInstanceUid: facts.study,
    sopInstanceUid: undefined,
    missing: 'perStudy',
  });
  assert.ok(identity.kind !== 'rejected');
  return identity;
}

test('the fingerprint of the key is that of the page', () => {
  assert.deepEqual(table('fingerprint'), [[keyFingerprint(key)]]);
});

test('UIDs map as on the page', () => {
  for (const [uid = '', root = '', mapped] of table('UID | root'))
    assert.equal(createUidMap(key, root)(uid), mapped);
});

test('pseudonyms and days of patients are those of the page', () => {
  for (const [
    patientId = '',
    issuer = '',
    defaultIssuer = '',
    prefix = '',
    length,
    pseudonym,
    maxDays,
    days,
  ] of table('Patient ID | issuer')) {
    const identity = known({ patientId, issuer, defaultIssuer });
    assert.equal(patientPseudonym(key, identity, { prefix, length: Number(length) }), pseudonym);
    assert.equal(dayOffset(key, identity, Number(maxDays)), Number(days));
  }
});

test('pseudonyms and days of studies without a patient are those of the page', () => {
  for (const [study = '', prefix = '', length, pseudonym, maxDays, days] of table(
    'Study Instance UID, no Patient ID | prefix',
  )) {
    const identity = known({ study });
    assert.equal(patientPseudonym(key, identity, { prefix, length: Number(length) }), pseudonym);
    assert.equal(dayOffset(key, identity, Number(maxDays)), Number(days));
  }
});

test('derived keys are those of the page', () => {
  for (const [use = '', bytes, derived] of table('use | bytes')) {
    assert.equal(key.deriveKey(use, Number(bytes)).toString('hex'), derived);
  }
});

test('marks of inputs are those of the page', () => {
  for (const [run = '', ordinal = '', sha256 = '', mark] of table('run | ordinal')) {
    assert.equal(inputMark(key.hmac(purposes.inputMark, run, ordinal), sha256), mark);
  }
});

test('source keys are sealed as on the page and open again', () => {
  const cipher = createPlanCipher(key);
  for (const [ordinal, text = '', sealed = ''] of table('ordinal | text')) {
    assert.equal(cipher.seal(Number(ordinal), text), sealed);
    assert.equal(cipher.open(Number(ordinal), sealed), text);
  }
});
