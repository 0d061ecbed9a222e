/** The data files of the engine and of the second reader are what their generators make of the published tables. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const standards = join(import.meta.dirname, '../../shared/data/standards');

for (const { generator, committed, files } of [
  { generator: 'standards/generate.ts', committed: '../worker/standards/data', files: 5 },
  { generator: 'verify-tables/generate.ts', committed: '../worker/verify/data', files: 2 },
]) {
  test(`${generator} writes the data files anew as they are`, async (context) => {
    if (!existsSync(standards)) {
      assert.ok(!process.env.CI, 'the reference data folder is missing');
      context.skip('the reference data folder is missing');
      return;
    }
    const target = mkdtempSync(join(tmpdir(), 'deid-standards-'));
    try {
      const program = join(import.meta.dirname, generator);
      await promisify(execFile)(process.execPath, [program, '--standards', standards, '--target', target]);
      const names = readdirSync(target);
      assert.ok(names.length >= files);
      for (const name of names) {
        const before = readFileSync(join(import.meta.dirname, committed, name), 'utf8');
        assert.ok(readFileSync(join(target, name), 'utf8') === before, `${name} differs; run the generator`);
      }
    } finally {
      rmSync(target, { recursive: true, force: true });
    }
  });
}
