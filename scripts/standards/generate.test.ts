/** The data files of the standards' facts are what the generator writes. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const standards = join(import.meta.dirname, '../../../shared/data/standards');
const committed = join(import.meta.dirname, '../../worker/standards/data');

test('the data files are what the published tables say', async (context) => {
  if (!existsSync(standards)) {
    assert.ok(!process.env.CI, 'the reference data folder is missing');
    context.skip('the reference data folder is missing');
    return;
  }
  const target = mkdtempSync(join(tmpdir(), 'deid-standards-'));
  try {
    const generator = join(import.meta.dirname, 'generate.ts');
    await promisify(execFile)(process.execPath, [generator, '--standards', standards, '--target', target]);
    const names = readdirSync(target);
    assert.ok(names.length >= 5);
    for (const name of names) {
      const same = readFileSync(join(target, name), 'utf8') === readFileSync(join(committed, name), 'utf8');
      assert.ok(same, `${name} differs; run the generator`);
    }
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
});
