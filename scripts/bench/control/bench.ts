/**
 * The benchmark of the control plane: `npm run bench:control [-- --jobs N] [--shards N] [--profiles FOLDER]`. The operator
 * works against a real API server and Job controller whose pods only pretend to run. Like the other benchmark it passes no
 * judgement but words. 0 leaves a scenario out.
 */
import { mkdirSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from '../machine.ts';
import { outcomeTable } from './report.ts';
import { runScenario, type ScenarioOptions } from './scenario.ts';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function load(): string {
  return `load ${loadavg()[0]?.toFixed(1)}`;
}

async function measure(title: string, isBurst: boolean, options: ScenarioOptions): Promise<void> {
  const before = load();
  const outcome = await runScenario(options);
  say(`\n## ${title}\n\n${before} before, ${load()} after\n\n${outcomeTable(outcome, isBurst)}`);
}

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '1000' },
    shards: { type: 'string', default: '2000' },
    profiles: { type: 'string' },
  },
});
const [jobs, shards] = [Number(values.jobs), Number(values.shards)];
if (!Number.isInteger(jobs) || !Number.isInteger(shards)) {
  say('--jobs and --shards take whole numbers');
  process.exit(2);
}
const profiles = values.profiles === undefined ? undefined : resolve(values.profiles);
if (profiles !== undefined) mkdirSync(profiles, { recursive: true });
const common = { stillSeconds: 60, profiles, runTimes: { plan: 500, process: 2000, finish: 500 } };
say(machine(tmpdir()));
if (jobs > 0) {
  const title = `\`burst\`: ${jobs} jobs of 4 shards at once`;
  await measure(title, true, { ...common, jobs, laterJobs: Math.ceil(jobs / 10), shards: 4 });
}
if (shards > 0) {
  await measure(`\`wide\`: one job of ${shards} shards`, false, { ...common, jobs: 1, laterJobs: 0, shards });
}
