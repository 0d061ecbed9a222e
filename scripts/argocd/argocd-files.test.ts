/** The settings for Argo CD are what the generator writes. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { argocdFiles } from './argocd-files.ts';

for (const [path, text] of argocdFiles()) {
  test(`${path} is what npm run generate writes`, async () => {
    const file = join(import.meta.dirname, '..', '..', path);
    assert.equal(await readFile(file, 'utf8'), text, 'run npm run generate');
  });
}

test('the settings hold health of both kinds, and the actions of jobs', () => {
  const { data } = parse([...argocdFiles().values()].join(''));
  assert.deepEqual(Object.keys(data), [
    'resource.customizations.health.deid.imaging_DeidJob',
    'resource.customizations.actions.deid.imaging_DeidJob',
    'resource.customizations.health.deid.imaging_DeidProfile',
  ]);
  const { definitions } = parse(data['resource.customizations.actions.deid.imaging_DeidJob']);
  assert.deepEqual(
    definitions.map(({ name }: { readonly name: string }) => name),
    ['resume', 'retry', 'suspend'],
  );
});
