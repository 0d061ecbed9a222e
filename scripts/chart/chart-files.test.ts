/** The files of the chart that have a source elsewhere are what the generator writes. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { chartFiles } from './chart-files.ts';

const files = chartFiles();

for (const [path, text] of files) {
  test(`${path} is what npm run generate writes`, async () => {
    const file = join(import.meta.dirname, '..', '..', path);
    assert.equal(await readFile(file, 'utf8'), text, 'run npm run generate');
  });
}

function generated(name: string): string {
  const text = files.get(`charts/deid-operator/${name}`);
  assert.ok(text !== undefined);
  return text;
}

const fits = new Ajv({ strictTypes: false }).compile(JSON.parse(generated('values.schema.json')));

test('the default values fit their schema', () => {
  assert.ok(fits(parse(generated('values.yaml'))), JSON.stringify(fits.errors));
});

test('the schema refuses an unknown value at every depth where names are fixed', () => {
  const values: Record<string, unknown> = parse(generated('values.yaml'));
  const fixed = [[], ['image'], ['operator', 'serviceAccount'], ['networkPolicy', 'worker', 'storage']];
  for (const path of fixed) {
    const copy = structuredClone(values);
    let at = copy;
    for (const step of path) at = at[step] as Record<string, unknown>;
    at.typo = true;
    assert.ok(!fits(copy), path.join('.'));
  }
});

test('no line of the default values is too long to read', () => {
  for (const line of generated('values.yaml').split('\n')) assert.ok(line.length <= 112, line);
});
