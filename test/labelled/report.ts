/**
 * Judges the engine on labelled objects and prints the tables.
 *
 * node test/labelled/report.ts [ROUNDS] [--failures]
 */
import { judgeProfile } from './judge.ts';
import { tableOf } from './score.ts';

const rounds = Number(process.argv[2] ?? 3);
for (const profile of ['basic', 'research'] as const) {
  const checks = await judgeProfile(profile, { seed: 20_260, rounds, every: 1 });
  console.log(`\n${profile}\n${tableOf(checks)}`);
  if (process.argv.includes('--failures')) {
    for (const { name, category, place, detail } of checks.filter(({ passed }) => !passed)) {
      console.log([name, category, place, detail].join('\t'));
    }
  }
}
