/**
 * The benchmark: `npm run bench [-- SCENARIO…] [--rounds N] [--at FOLDER]`. Makes its own data in a folder that it
 * removes again, runs the contenders of each scenario in turn, and prints medians. It passes no judgement but words:
 * a slow machine is no error.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileCacheFolder } from '../../worker/compile-cache.mjs';
import type { DataSet } from './data-sets.ts';
import { machine } from './machine.ts';
import { type Cost, measure } from './measure.ts';
import { contenderTable, goalLines } from './report.ts';
import { type Scenario, scenarios } from './scenarios.ts';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function runRounds(scenario: Scenario, rounds: number, folder: string): Promise<Map<string, Cost[]>> {
  const measured = new Map<string, Cost[]>(scenario.contenders.map(({ name }) => [name, []]));
  const target = join(folder, 'target');
  for (let round = 0; round < rounds; round++) {
    for (const contender of scenario.contenders) {
      if (contender.goesOn !== true) {
        rmSync(target, { recursive: true, force: true });
        mkdirSync(target);
      }
      const cost = await measure(contender.command(join(folder, 'data', contender.data), target));
      measured.get(contender.name)?.push(cost);
    }
  }
  return measured;
}

async function runScenario(scenario: Scenario, rounds: number, at: string): Promise<void> {
  const folder = mkdtempSync(join(at, 'deid-bench-'));
  let stop: (() => Promise<void>) | undefined;
  try {
    mkdirSync(join(folder, 'data'));
    const data = new Map<string, DataSet>(
      Object.entries(scenario.data).map(([name, write]) => [name, write(join(folder, 'data', name))]),
    );
    stop = await scenario.prepare?.(join(folder, 'data'));
    const measured = await runRounds(scenario, rounds, folder);
    say(`\n## ${scenario.name}: ${scenario.title}\n`);
    say(`Medians of ${rounds} interleaved ${rounds === 1 ? 'round' : 'rounds'}.\n`);
    say(contenderTable(scenario, data, measured));
    say(`\n${goalLines(scenario, data, measured)}`);
  } finally {
    await stop?.();
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' }, at: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => scenarios.every((scenario) => scenario.name !== name));
if (unknown.length > 0) {
  say(`unknown scenario: ${unknown.join(', ')}; there are ${scenarios.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
// Contenders start alike: their modules come out of the cache that the product keeps for its own.
process.env.NODE_COMPILE_CACHE = compileCacheFolder;
const at = values.at ?? tmpdir();
say(machine(at));
for (const scenario of scenarios) {
  if (positionals.length > 0 && !positionals.includes(scenario.name)) continue;
  await runScenario(scenario, Number(values.rounds ?? scenario.rounds), at);
}
