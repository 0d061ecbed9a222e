import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtinProfileNames } from '../v1alpha1/job.ts';
import { validateProfile } from '../validate.ts';
import { builtinProfiles } from './builtin.ts';

describe('the profiles of the product', () => {
  for (const name of builtinProfileNames) {
    it(`${name} is valid, complete and bears its name`, () => {
      const profile = builtinProfiles[name];
      assert.deepEqual(validateProfile(profile), { ok: true, document: profile });
      assert.equal(profile.metadata.name, name);
    });
  }

  it('cannot be changed', () => {
    const { dicom } = builtinProfiles.basic.spec;
    assert.ok(Object.isFrozen(dicom.patientIdentity.pseudonym) && Object.isFrozen(dicom.basis.options));
  });

  it('basic is the standard without options; research cleans and shifts; strict is an allow list', () => {
    const { basic, research, strict } = builtinProfiles;
    assert.deepEqual(basic.spec.dicom.basis.options, []);
    assert.equal(basic.spec.pixels.unchecked, 'pass');
    assert.ok(research.spec.dicom.basis.options.includes('RetainLongitudinalModifiedDates'));
    assert.ok(!research.spec.dicom.basis.options.includes('RetainUIDs'));
    assert.equal(strict.spec.dicom.unlisted, 'remove');
    assert.equal(strict.spec.dicom.patientIdentity.missing, 'reject');
    assert.equal(strict.spec.pixels.unchecked, 'review');
  });
});
