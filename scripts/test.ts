/**
 * Runs the test tiers: `npm test` runs all, `npm test -- unit run` those named.
 * Prints one closing line `N passed, N failed, N skipped` and exits with 1 where a test failed or none ran.
 */
import { glob } from 'node:fs/promises';
import { run } from 'node:test';
import { report } from './test-reporter.ts';

/** The tiers in the order in which they run, and where their files lie. */
const tiers: Readonly<Record<string, readonly string[]>> = {
  unit: ['crds/**/*.test.ts', 'operator/**/*.test.ts', 'worker/**/*.test.ts', 'scripts/**/*.test.ts'],
  engine: [
    'test/engine/**/*.test.ts',
    'test/verify/**/*.test.ts',
    'test/leaks/**/*.test.ts',
    'test/labelled/**/*.test.ts',
  ],
  run: ['test/run/**/*.test.ts', 'test/cli/**/*.test.ts', 'test/pods/**/*.test.ts'],
  kube: ['test/cluster/**/*.test.ts'],
  chart: ['test/chart/**/*.test.ts'],
  storage: ['test/storage/**/*.test.ts'],
  acceptance: ['test/acceptance/**/*.test.ts'],
};

async function filesOf(patterns: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob([...patterns], { exclude: ['**/node_modules/**'] })) files.push(file);
  return files.sort();
}

const wanted = process.argv.slice(2);
const names = wanted.length === 0 ? Object.keys(tiers) : wanted;
const unknown = names.filter((name) => !(name in tiers));
if (unknown.length > 0) {
  console.error(`unknown tier: ${unknown.join(', ')}; there are ${Object.keys(tiers).join(', ')}`);
  process.exit(2);
}
const files = (await Promise.all(names.map((name) => filesOf(tiers[name] ?? [])))).flat();
let ran = 0;
const stream = run({ files, concurrency: 2 });
stream.on('test:fail', () => {
  process.exitCode = 1;
});
stream.on('test:pass', () => {
  ran += 1;
});
for await (const text of report(stream)) process.stdout.write(text);
if (ran === 0) process.exitCode = 1;
