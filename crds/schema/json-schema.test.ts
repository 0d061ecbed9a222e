import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { deidJob } from '../v1alpha1/job.ts';
import { deidProfile } from '../v1alpha1/profile.ts';
import { jsonSchema } from './json-schema.ts';

for (const [name, { node }] of Object.entries({ deidJob, deidProfile })) {
  it(`the schema of ${name} is one of JSON Schema 2020-12`, () => {
    const ajv = new Ajv2020();
    ajv.addFormat('date-time', true);
    assert.equal(ajv.validateSchema(jsonSchema(node)), true, ajv.errorsText());
  });
}

it('what is no schema is told', () => {
  assert.equal(new Ajv2020().validateSchema({ type: 'texts' }), false);
});
