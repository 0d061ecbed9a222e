/**
 * The engine on objects full of labelled values, judged from outside: nothing that must go is left, and of all checks at
 * least 99.9 % are right. `npm run judge` runs many more and prints the tables (docs/acceptance.md).
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeProfile } from './judge.ts';
import { tableOf } from './score.ts';

const size = { seed: 41, rounds: 1, every: 9 } as const;
const leastShare = 0.999;
const leaks = new Set([
  'text_removed',
  'bytes_removed',
  'date_shifted',
  'uid_consistent',
  'patid_consistent',
  'passes_verification',
]);

describe('labelled objects', () => {
  for (const profile of ['basic', 'research'] as const) {
    it(`under ${profile}`, async () => {
      const checks = await judgeProfile(profile, size);
      const failed = checks.filter(({ passed }) => !passed);
      const places = (some: typeof failed) =>
        some.map(({ name, category, place }) => `${name} ${category} ${place}`);
      assert.ok(checks.length > 20_000, String(checks.length));
      assert.deepEqual(places(failed.filter(({ name }) => leaks.has(name))), []);
      assert.ok(
        failed.length <= checks.length * (1 - leastShare),
        `${tableOf(checks)}\n${places(failed).join('\n')}`,
      );
    });
  }
});
