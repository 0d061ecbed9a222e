import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkReferenceData, faultsOf, whatIsMissing } from './reference-data.ts';

const missing = await whatIsMissing();

test('the jobs over the reference data are accepted from outside', {
  skip: missing !== undefined && !process.env.CI ? missing : false,
  timeout: 600_000,
}, async () => {
  assert.equal(missing, undefined);
  const faults = (await checkReferenceData()).flatMap(faultsOf);
  assert.deepEqual(faults, []);
});
