import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { profileStatus } from './profile-status.ts';

const nowMs = Date.parse('2026-01-01T00:00:00Z');

function profile(rules: readonly unknown[], more: object = {}) {
  return {
    apiVersion: 'deid.imaging/v1alpha1',
    kind: 'DeidProfile',
    metadata: { name: 'p', namespace: 'ns', generation: 3 },
    spec: { dicom: { basis: { edition: '2026c' }, rules } },
    ...more,
  };
}

describe('the status of a profile', () => {
  it('is Ready where jobs can use it', () => {
    const { observedGeneration, conditions } = profileStatus(profile([]), nowMs);
    assert.equal(observedGeneration, 3);
    assert.deepEqual(
      conditions.map(({ type, status, reason }) => [type, status, reason]),
      [['Ready', 'True', 'Valid']],
    );
  });

  it('names the path of the first problem, what to do, and how many more there are; never a value', () => {
    const rules = [
      { match: { keyword: 'PatientName', value: '/GRUENSPECHT(/' }, action: 'remove' },
      { match: {}, action: 'remove' },
    ];
    const [ready] = profileStatus(profile(rules), nowMs).conditions;
    assert.equal(ready?.reason, 'Invalid');
    assert.match(ready?.message ?? '', /^spec\.dicom\.rules\[0\]\.match\.value must be .*\(and 1 more\)\./);
    assert.ok(!ready?.message.includes('GRUENSPECHT'));
  });

  it('stays short however long the name is that is wrong', () => {
    const [ready] = profileStatus(profile([{ match: {}, ['x'.repeat(100_000)]: 'y' }]), nowMs).conditions;
    assert.equal(ready?.reason, 'Invalid');
    assert.ok((ready?.message ?? '').length < 2000);
  });

  it('is the same where nothing has changed', () => {
    const first = profileStatus(profile([]), nowMs);
    assert.deepEqual(profileStatus(profile([], { status: first }), nowMs + 1000), first);
  });
});
