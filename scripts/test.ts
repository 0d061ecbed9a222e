/**
 * Runs the test tiers: `npm test -- all` runs all, `npm test -- unit run` those named, and `npm test` all but `cluster`, which takes
 * minutes, the whole machine, and root.
 * Prints one closing line `N passed, N failed, N skipped` and exits with 1 where a test failed or none ran.
 */
import { glob } from 'node:fs/promises';
import { run } from 'node:test';
import { report } from './test-reporter.ts';

/** The tiers in the order in which they run, and where their files lie. */
const tiers: Readonly<Record<string, readonly string[]>> = {
  unit: [
    'crds/**/*.test.ts',
    'operator/**/*.test.ts',
    'worker/**/*.test.ts',
    'scripts/**/*.test.ts',
    'test/fake-api-server/**/*.test.ts',
    'test/kube/**/*.test.ts',
  ],
  engine: [
    'test/engine/**/*.test.ts',
    'test/verify/**/*.test.ts',
    'test/leaks/**/*.test.ts',
    'test/labelled/**/*.test.ts',
  ],
  run: [
    'test/run/**/*.test.ts',
    'test/cli/**/*.test.ts',
    'test/pods/**/*.test.ts',
    'test/operator/**/*.test.ts',
  ],
  kube: ['test/cluster/*.test.ts'],
  chart: ['test/chart/**/*.test.ts', 'test/argocd/**/*.test.ts'],
  storage: ['test/storage/**/*.test.ts'],
  acceptance: ['test/acceptance/**/*.test.ts'],
  cluster: ['test/cluster/jobs/*.test.ts'],
};

async function filesOf(patterns: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob([...patterns], { exclude: ['**/node_modules/**'] })) files.push(file);
  return files.sort();
}

const wanted = process.argv.slice(2);
const all = Object.keys(tiers);
const withoutCluster = all.filter((name) => name !== 'cluster');
const names = wanted.length === 0 ? withoutCluster : wanted.includes('all') ? all : wanted;
const unknown = names.filter((name) => !(name in tiers));
if (unknown.length > 0) {
  console.error(`unknown tier: ${unknown.join(', ')}; there are ${Object.keys(tiers).join(', ')}`);
  process.exit(2);
}
let ran = 0;

/** What happens in the tiers, the tests of a real cluster after all others: their time limits reckon with the whole machine. */
async function* events() {
  const groups = [names.filter((name) => name !== 'cluster'), names.filter((name) => name === 'cluster')];
  for (const group of groups) {
    const files = (await Promise.all(group.map((name) => filesOf(tiers[name] ?? [])))).flat();
    if (files.length === 0) continue;
    const stream = run({ files, concurrency: 2 });
    stream.on('test:fail', () => {
      process.exitCode = 1;
    });
    stream.on('test:pass', () => {
      ran += 1;
    });
    yield* stream;
  }
}

for await (const text of report(events())) process.stdout.write(text);
if (ran === 0) process.exitCode = 1;
